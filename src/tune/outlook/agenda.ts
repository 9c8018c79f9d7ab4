import type { PlainStep } from '../../progress.js';
import type { BuildRecord } from '../../results/index.js';
import { hnswInsertSeconds } from '../../indexes/index.js';
import { cellsOf } from '../filtered/index.js';
import { cellsOf as hybridCellsOf } from '../hybrid/index.js';
import { subsetShare } from '../plain/look-on-all-rows.js';
import type { Space } from '../plain/space.js';
import { splitQueries } from '../plain/split.js';
import { mostBuildSeconds } from '../common/build-seconds.js';
import type { Heard, Looks } from '../common/remember.js';
import { predictedTableBytes } from '../plain/prior.js';
import type { Workload } from '../../vocabulary.js';
import type { Workloads } from '../tune-workloads.js';
import type { AgendaItem } from './expect.js';

/** Before anything is looked at: what a look does beside its queries, and a query. */
const FIRST = { besideSeconds: 0.1, querySeconds: 0.001 };
const EXACT_SECONDS = 3;
/** Builds of a search, in those of the control on as many rows, and looks. */
const SUBSET = { builds: 6, looks: 14 };
const WHOLE = { builds: 1.5, looks: 5 };
/** Where a subset chooses: builds of the control on it and on half of it; and on all rows. */
const ON_SUBSET = { control: 1.5, whole: 1.1 };
const LOOKS = { control: 5, recall: 6 };
/** Indexes whose recall is shown, at least where there are several, and points that are measured side by side. */
const TESTED = 2;
/** For each index whose recall is shown: its own, the cheapest on average, and rules of thumb. Of other workloads, all. */
const COMPARED = { plain: 2.5, filtered: 5, hybrid: 6 };
/** A point of the final comparison warms up, and then has this many timed round trips. */
const SAMPLES = { plain: 1000, filtered: 200 };
const WARM_UP = 600;
/** Some of the points that are compared are slower than those that a search looks at. */
const SLOWER = 1.2;

/** What is done once: seconds on a quiet machine, and more by what looks do beside their queries, which tells how busy it is. */
interface Cost {
  readonly seconds: number;
  readonly besides: number;
}

/** Looking for where plans change. */
const PLANNER_MAP: Cost = { seconds: 0.1, besides: 2 };
/** A query with cold caches: table and index are copied before it. A point has so many. */
const COLD_QUERY: Cost = { seconds: 0.01, besides: 0.2 };
const COLD_QUERIES = 95;
/** Measuring writes to a graph, and to the lists that rules of thumb come to. */
const WRITES: Cost = { seconds: 0.5, besides: 5 };
const WRITES_TO_LISTS: Cost = { seconds: 0.3, besides: 2.5 };
/** Connections and checks of a load, for each client and once more. */
const CLIENT: Cost = { seconds: 0.85, besides: 1.2 };

/** All parts of a search, in order. */
export function agendaOf({ plain, filtered, hybrid }: Workloads, heard: Heard): readonly AgendaItem[] {
  const rows = plain?.rows ?? filtered[0]?.rows ?? hybrid[0]?.rows ?? 0;
  const known = figuresOf(heard, { rows, dimensions: dimensionsOf({ plain, filtered, hybrid }) });
  const filters = filtered.flatMap((space) =>
    cellsOf(space).map(({ candidate }, i): AgendaItem => {
      const kind = `filtered ${candidate ? `${candidate.strategy.name} ${candidate.spec.method}` : 'compare'}`;
      const queries = space.cases[0]?.question.queries.size ?? 0;
      const prior = candidate
        ? () => 4 * known.look(queries, 'filtered')
        : () => COMPARED.filtered * known.compared(Math.max(SAMPLES.filtered, queries), 'filtered');
      return { name: `filtered ${i + 1}`, alike: { kind, size: 1 }, prior };
    }),
  );
  const hybrids = hybrid.flatMap((space) =>
    hybridCellsOf(space).map((strategy): AgendaItem => {
      const prior = strategy
        ? () => 4 * known.look(space.questions[0]?.queries.size ?? 0, 'hybrid')
        : () => COMPARED.hybrid * known.compared(SAMPLES.filtered, 'hybrid');
      return {
        name: `hybrid ${strategy?.name ?? ''}`,
        ...(strategy ? { alike: { kind: 'hybrid', size: 1 } } : {}),
        prior,
      };
    }),
  );
  const together = (plain ? 1 : 0) + filtered.reduce((sum, { cases }) => sum + cases.length, 0) + hybrid.length;
  return [
    ...(plain ? plainItems(plain, known, filtered.length + hybrid.length === 0) : []),
    ...filters,
    ...hybrids,
    ...(together > 1
      ? [
          {
            name: 'configuration',
            prior: () => 2 * together * known.compared(SAMPLES.filtered, plain ? 'plain' : 'filtered'),
          },
        ]
      : []),
  ];
}

const dimensionsOf = ({ plain, filtered, hybrid }: Pick<Workloads, 'plain' | 'filtered' | 'hybrid'>): number =>
  plain?.dimensions ??
  filtered[0]?.cases[0]?.question.queries.dimensions ??
  hybrid[0]?.questions[0]?.queries.dimensions ??
  0;

/** Seconds of what a search does again and again, by what was heard so far. */
interface Figures {
  /** The control on all rows. */
  readonly build: () => number;
  /** Indexes that are built on all rows. */
  readonly built: () => readonly BuildRecord[];
  /** A look at one setting with so many queries. */
  readonly look: (queries: number, of: Workload['kind']) => number;
  /** What is done once. */
  readonly once: (cost: Cost) => number;
  /** A point of the final comparison. */
  readonly compared: (samples: number, of: Workload['kind']) => number;
}

export function figuresOf(heard: Heard, table: { readonly rows: number; readonly dimensions: number }): Figures {
  const isGraph = ({ request, status }: BuildRecord): boolean => request.spec.method === 'hnsw' && status === 'ok';
  const heardOf = (of: Workload['kind']): Looks | null => {
    const [looks, plain] = [heard.looks[of], heard.looks.plain];
    return looks.count > 0 ? looks : plain.count > 0 ? plain : null;
  };
  const besideSeconds = (of: Workload['kind']): number => {
    const looks = heardOf(of);
    return looks ? looks.besideSeconds / looks.count : FIRST.besideSeconds;
  };
  const querySeconds = (of: Workload['kind']): number => {
    const looks = heardOf(of);
    return looks ? looks.querySeconds / looks.queries : FIRST.querySeconds;
  };
  return {
    build() {
      const spec = [...heard.builds.values()].find(isGraph)?.request.spec;
      const seen = spec && mostBuildSeconds({ spec, repeat: 0 }, heard.builds.values(), table.rows);
      return seen ?? table.rows * hnswInsertSeconds(table.dimensions);
    },
    built: () =>
      [...heard.builds.values()].filter(
        ({ request, index, fromRun }) =>
          index !== null && request.rows === undefined && request.placement === undefined && fromRun === undefined,
      ),
    look: (queries, of) => besideSeconds(of) + queries * querySeconds(of),
    once: ({ seconds, besides }) => seconds + besides * besideSeconds('plain'),
    compared: (samples, of) => besideSeconds(of) + (samples + WARM_UP) * SLOWER * querySeconds(of),
  };
}

function plainItems(space: Space, known: Figures, measuresWrites: boolean): readonly AgendaItem[] {
  const { search, validation } = splitQueries(space.queries);
  const most = space.rowsBudget !== null && space.rowsBudget < space.rows ? space.rowsBudget : null;
  const share = most === null ? subsetShare(space.rows) : most / space.rows;
  const hasOthers = space.families.length > 1;
  const look = (): number => known.look(search.count, 'plain');
  const recallLook = (): number => known.look(Math.min(validation.count, search.count * 3), 'plain');
  const graphs = (): number =>
    Math.max(hasOthers ? TESTED : 1, known.built().filter(({ request }) => request.spec.method === 'hnsw').length);
  const tested = (): number => Math.min(3, graphs());
  const priors: Readonly<Record<Exclude<PlainStep, 'finish'>, () => number>> = {
    exact: () => EXACT_SECONDS,
    control: () =>
      most === null
        ? known.build() + LOOKS.control * look()
        : ON_SUBSET.control * share * known.build() + 2 * LOOKS.control * look(),
    subset: () => (hasOthers ? SUBSET.builds * share * known.build() + SUBSET.looks * look() : 0),
    whole: () =>
      hasOthers || most !== null
        ? (most === null ? WHOLE.builds : ON_SUBSET.whole) * known.build() + WHOLE.looks * look()
        : 0,
    recall: () => tested() * LOOKS.recall * recallLook(),
    compare: () =>
      COMPARED.plain * tested() * known.compared(Math.max(SAMPLES.plain, space.timed), 'plain') +
      (space.repeats - 1) * known.build(),
  };
  const { concurrency = [], seconds = 0 } = space.loads ?? {};
  const writes = (prior: () => number): readonly AgendaItem[] =>
    measuresWrites ? [{ name: 'plain writes', prior }] : [];
  return [
    ...Object.entries(priors).map(([step, prior]) => ({ name: `plain ${step}`, prior })),
    { name: 'plain planner-map', prior: () => known.once(PLANNER_MAP) },
    { name: 'plain point', prior: () => cold(space, known, tested()) },
    ...writes(() => (tested() > 1 ? known.once(WRITES) : 0) + (hasOthers ? known.once(WRITES_TO_LISTS) : 0)),
    ...concurrency.map((clients) => ({
      name: `plain load ${clients}`,
      alike: { kind: 'load', size: seconds + 1 + clients },
      prior: () => seconds + (1 + clients) * known.once(CLIENT),
    })),
    // The recommendation comes after its load.
    ...writes(() => known.once(WRITES)),
  ];
}

/** Seconds of so many points with cold caches; 0 where there are none. */
function cold(space: Space, known: Figures, points: number): number {
  const indexBytes = Math.max(0, ...known.built().map(({ index }) => index?.bytes ?? 0));
  const bytes = predictedTableBytes(space) + indexBytes;
  if (space.cache !== 'warm' || bytes > space.coldBytes) return 0;
  return points * COLD_QUERIES * known.once(COLD_QUERY);
}
