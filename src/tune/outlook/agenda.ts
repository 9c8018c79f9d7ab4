import { PLAIN_STEPS, type PlainStep } from '../../progress.js';
import type { BuildRecord } from '../../results/index.js';
import { cellsOf } from '../filtered/index.js';
import { cellsOf as hybridCellsOf } from '../hybrid/index.js';
import { subsetShare } from '../plain/look-on-all-rows.js';
import type { Space } from '../plain/space.js';
import { splitQueries } from '../plain/split.js';
import { mostBuildSeconds } from '../shared/build-seconds.js';
import type { Heard } from '../shared/remember.js';
import type { Workloads } from '../tune-workloads.js';
import type { AgendaItem } from './expect.js';

/** Before anything is built: seconds to insert a row of so many dimensions into a graph. Machines differ by several times. */
const INSERT = { seconds: 3e-4, dimensions: 200 };
/** Before anything is measured: a query and what is done beside it. */
const FIRST_QUERY_SECONDS = 0.004;
const EXACT_SECONDS = 0.5;
/** Builds of a search, in those of the control on as many rows, and looks. */
const SUBSET = { builds: 6, looks: 14 };
const WHOLE = { builds: 2, slower: 1.4, looks: 6 };
const LOOKS = { control: 6, settle: 5, onAverage: 6 };
/** Indexes whose recall is shown, and points that are measured side by side. */
const TESTED = 3;
const COMPARED = { plain: 8, filtered: 5, hybrid: 6 };
/** A point of the final comparison warms up, and then has this many timed round trips. */
const SAMPLES = { plain: 1000, filtered: 200 };
/** Looking for where plans change, and three points with caches that are emptied before each query, in queries. */
const PLANNER_MAP = 500;
const COLD = 3 * 75 * 25;
const WRITES_SECONDS = 8;
/** A load is put on in two windows as a rule, with connections and checks before them. */
const WINDOWS = 2;
const BEFORE_LOAD_SECONDS = 3;

/** All parts of a search, in order. */
export function agendaOf({ plain, filtered, hybrid }: Workloads, heard: Heard): readonly AgendaItem[] {
  const rows = plain?.rows ?? filtered[0]?.rows ?? hybrid[0]?.rows ?? 0;
  const known = figuresOf(heard, { rows, dimensions: dimensionsOf({ plain, filtered, hybrid }) });
  const filters = filtered.flatMap((space) =>
    cellsOf(space).map(({ candidate }, i): AgendaItem => {
      const kind = `filtered ${candidate ? `${candidate.strategy.name} ${candidate.spec.method}` : 'compare'}`;
      const queries = space.cases[0]?.question.queries.size ?? 0;
      const prior = candidate
        ? () => 4 * known.look(queries)
        : () => COMPARED.filtered * known.compared(Math.max(SAMPLES.filtered, queries));
      return { name: `filtered ${i + 1}`, kind, prior };
    }),
  );
  const hybrids = hybrid.flatMap((space) =>
    hybridCellsOf(space).map((strategy): AgendaItem => {
      const prior = strategy
        ? () => 4 * known.look(space.questions[0]?.queries.size ?? 0)
        : () => COMPARED.hybrid * known.compared(SAMPLES.filtered);
      return { name: `hybrid ${strategy?.name ?? ''}`, kind: strategy ? 'hybrid' : null, prior };
    }),
  );
  const together = (plain ? 1 : 0) + filtered.reduce((sum, { cases }) => sum + cases.length, 0) + hybrid.length;
  return [
    ...(plain ? plainItems(plain, known, filtered.length + hybrid.length === 0) : []),
    ...filters,
    ...hybrids,
    ...(together > 1
      ? [{ name: 'configuration', kind: null, prior: () => 2 * together * known.compared(SAMPLES.filtered) }]
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
  /** A look at one setting with so many queries. */
  readonly look: (queries: number) => number;
  /** A point of the final comparison. */
  readonly compared: (samples: number) => number;
}

function figuresOf(heard: Heard, table: { readonly rows: number; readonly dimensions: number }): Figures {
  const isGraph = ({ request, status }: BuildRecord): boolean => request.spec.method === 'hnsw' && status === 'ok';
  // With all that is done beside a query: explained queries, checks, round trips.
  const perQuery = (): number =>
    heard.looks.queries > 0 ? heard.looks.seconds / heard.looks.queries : FIRST_QUERY_SECONDS;
  return {
    build() {
      const spec = [...heard.builds.values()].find(isGraph)?.request.spec;
      const seen = spec && mostBuildSeconds({ spec, repeat: 0 }, heard.builds.values(), table.rows);
      return seen ?? INSERT.seconds * table.rows * (0.5 + table.dimensions / INSERT.dimensions);
    },
    look: (queries) => queries * perQuery(),
    compared: (samples) => 2 * samples * perQuery(),
  };
}

function plainItems(space: Space, known: Figures, measuresWrites: boolean): readonly AgendaItem[] {
  const { search, validation } = splitQueries(space.queries);
  const share = subsetShare(space.rows);
  const look = (): number => known.look(search.count);
  const hasOthers = space.families.length > 1;
  const loads = space.loads
    ? (WINDOWS * space.loads.seconds + BEFORE_LOAD_SECONDS) * space.loads.concurrency.length
    : 0;
  const hasCold = space.cache === 'warm' && space.coldBytes > 0;
  const tested = hasOthers ? TESTED : 1;
  const priors: Readonly<Record<PlainStep, () => number>> = {
    exact: () => EXACT_SECONDS,
    control: () => known.build() + LOOKS.control * look(),
    subset: () => (hasOthers ? SUBSET.builds * share * known.build() + SUBSET.looks * look() : 0),
    whole: () => (hasOthers ? WHOLE.builds * (WHOLE.slower * known.build() + WHOLE.looks * look()) : 0),
    recall: () => (tested * LOOKS.settle + LOOKS.onAverage) * known.look(Math.min(validation.count, search.count * 3)),
    compare: () =>
      COMPARED.plain * known.compared(Math.max(SAMPLES.plain, space.timed)) +
      (space.repeats - 1) * WHOLE.slower * known.build(),
    finish: () => loads + known.look(PLANNER_MAP + (hasCold ? COLD : 0)) + (measuresWrites ? WRITES_SECONDS : 0),
  };
  return PLAIN_STEPS.map((step) => ({ name: `plain ${step}`, kind: null, prior: priors[step] }));
}
