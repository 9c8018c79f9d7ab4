import type { PlainStep } from '../../progress.js';
import type { BuildRecord } from '../../results/index.js';
import { cellsOf } from '../filtered/index.js';
import { cellsOf as hybridCellsOf } from '../hybrid/index.js';
import { subsetShare } from '../plain/look-on-all-rows.js';
import type { Space } from '../plain/space.js';
import { splitQueries } from '../plain/split.js';
import { mostBuildSeconds } from '../shared/build-seconds.js';
import type { Heard, Looks } from '../shared/remember.js';
import { predictedTableBytes } from '../plain/prior.js';
import type { Workload } from '../../vocabulary.js';
import type { Workloads } from '../tune-workloads.js';
import type { AgendaItem } from './expect.js';

/** Before anything is built: seconds to insert a row of so many dimensions into a graph. Machines differ by several times. */
const INSERT = { seconds: 3e-4, dimensions: 200 };
/**
 * What a look does beside its queries (plans, checks, explained queries, the client's floor) takes about as long as so many
 * more queries. What else is done once is counted in queries of looks as well: they say how fast the machine is.
 */
const BESIDE_A_LOOK = 200;
/** Before anything is looked at. */
const FIRST = { lookSeconds: 0.0008, roundTripSeconds: 0.001 };
const EXACT_SECONDS = 3;
/** Builds of a search, in those of the control on as many rows, and looks. */
const SUBSET = { builds: 6, looks: 14 };
const WHOLE = { builds: 1.5, looks: 5 };
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
/** Looking for where plans change. */
const PLANNER_MAP = 500;
/** Queries of a point with cold caches, and what copying table and index takes before each of them. */
const COLD = { queries: 95, copy: 85, copyOfMegabyte: 1 };
/** Measuring writes to a graph, and to the lists that rules of thumb come to. */
const WRITES = { graph: 2700, lists: 1000 };
/** A load has a window; before it, connections and checks, more for more clients. */
const LOAD = { seconds: 0.7, queries: 800 };

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
  /** What takes as long as so many queries of a look at an index. */
  readonly work: (queries: number) => number;
  /** A point of the final comparison. */
  readonly compared: (samples: number, of: Workload['kind']) => number;
}

function figuresOf(heard: Heard, table: { readonly rows: number; readonly dimensions: number }): Figures {
  const isGraph = ({ request, status }: BuildRecord): boolean => request.spec.method === 'hnsw' && status === 'ok';
  const perQuery = ({ count, seconds, queries }: Looks): number | null =>
    count === 0 ? null : seconds / (queries + count * BESIDE_A_LOOK);
  const plain = (): number => perQuery(heard.looks.plain) ?? FIRST.lookSeconds;
  const look = (queries: number, of: Workload['kind']): number =>
    (queries + BESIDE_A_LOOK) * (perQuery(heard.looks[of]) ?? plain());
  return {
    build() {
      const spec = [...heard.builds.values()].find(isGraph)?.request.spec;
      const seen = spec && mostBuildSeconds({ spec, repeat: 0 }, heard.builds.values(), table.rows);
      return seen ?? INSERT.seconds * table.rows * (0.5 + table.dimensions / INSERT.dimensions);
    },
    built: () =>
      [...heard.builds.values()].filter(
        ({ request, index, fromRun }) =>
          index !== null && request.rows === undefined && request.placement === undefined && fromRun === undefined,
      ),
    look,
    work: (queries) => queries * plain(),
    compared(samples, of) {
      const { roundTrips, roundTripSeconds } = heard.looks[of];
      const seconds = roundTrips === 0 ? FIRST.roundTripSeconds : roundTripSeconds / roundTrips;
      return (samples + WARM_UP) * SLOWER * seconds + look(0, of);
    },
  };
}

function plainItems(space: Space, known: Figures, measuresWrites: boolean): readonly AgendaItem[] {
  const { search, validation } = splitQueries(space.queries);
  const share = subsetShare(space.rows);
  const hasOthers = space.families.length > 1;
  const look = (): number => known.look(search.count, 'plain');
  const recallLook = (): number => known.look(Math.min(validation.count, search.count * 3), 'plain');
  const graphs = (): number =>
    Math.max(hasOthers ? TESTED : 1, known.built().filter(({ request }) => request.spec.method === 'hnsw').length);
  const tested = (): number => Math.min(3, graphs());
  const priors: Readonly<Record<Exclude<PlainStep, 'finish'>, () => number>> = {
    exact: () => EXACT_SECONDS,
    control: () => known.build() + LOOKS.control * look(),
    subset: () => (hasOthers ? SUBSET.builds * share * known.build() + SUBSET.looks * look() : 0),
    whole: () => (hasOthers ? WHOLE.builds * known.build() + WHOLE.looks * look() : 0),
    recall: () => tested() * LOOKS.recall * recallLook(),
    compare: () =>
      COMPARED.plain * tested() * known.compared(Math.max(SAMPLES.plain, space.timed), 'plain') +
      (space.repeats - 1) * known.build(),
  };
  const { concurrency = [], seconds = 0 } = space.loads ?? {};
  const writes = (queries: () => number): readonly AgendaItem[] =>
    measuresWrites ? [{ name: 'plain writes', prior: () => known.work(queries()) }] : [];
  return [
    ...Object.entries(priors).map(([step, prior]) => ({ name: `plain ${step}`, prior })),
    { name: 'plain planner-map', prior: () => known.work(PLANNER_MAP) },
    { name: 'plain point', prior: () => cold(space, known, tested()) },
    ...writes(() => (tested() > 1 ? WRITES.graph : 0) + (hasOthers ? WRITES.lists : 0)),
    ...concurrency.map((clients) => ({
      name: `plain load ${clients}`,
      alike: { kind: 'load', size: seconds + 1 + clients },
      prior: () => seconds + (1 + clients) * (LOAD.seconds + known.work(LOAD.queries)),
    })),
    // The recommendation comes after its load.
    ...writes(() => WRITES.graph),
  ];
}

/** Seconds of so many points with cold caches; 0 where there are none. */
function cold(space: Space, known: Figures, points: number): number {
  const indexBytes = Math.max(0, ...known.built().map(({ index }) => index?.bytes ?? 0));
  const bytes = predictedTableBytes(space) + indexBytes;
  if (space.cache !== 'warm' || bytes > space.coldBytes) return 0;
  // What can be evicted at any size is not copied.
  const copied = Number.isFinite(space.coldBytes) ? bytes : 0;
  return points * COLD.queries * known.work(COLD.copy + (COLD.copyOfMegabyte * copied) / 1e6);
}
