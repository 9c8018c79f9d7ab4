import { indexKind, parametersOf, rowsOfIndex } from '../../indexes/index.js';
import type { CostAhead } from '../../progress.js';
import type { Search } from '../../results/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import { MOST_PROMOTED } from '../plain/promote.js';
import { predictedBytes, predictedIndex, predictedTableBytes, type Size } from '../plain/prior.js';
import { type Heard, remember } from '../common/remember.js';
import { buildPart } from '../common/time-to-build.js';
import type { Workloads } from '../tune-workloads.js';
import { agendaOf, figuresOf } from './agenda.js';

/** A graph that may take so long is worth a small one before it: machines differ by several times. */
const WORTH_A_BUILD_SECONDS = 120;
/** A run that goes on for so long can be made shorter by choosing on a subset. */
const LONG_SECONDS = 3600;
/** Share of the rows that a choice rests on: what it costs is in `benchmarks/README.md`. */
const SUBSET = 1 / 8;
/** Worth saying where it takes less than this share of the time. */
const WORTH_IT = 0.8;
/** On all rows, where a subset chose: two graphs at most, and lists beside them. */
const BUILT_AFTER_SUBSET = 3;

/** Builds a small graph where large ones will take long, so that it is known how long one takes on this machine. */
export function* seeRate(workloads: Workloads, heard: Heard): Search<void> {
  const graph = firstGraph(workloads);
  if (!graph || workloads.budgetSeconds !== null) return;
  const { spec, size } = graph;
  if (figuresOf(heard, size).build() >= WORTH_A_BUILD_SECONDS) yield* remember(buildPart(spec, size.rows), heard);
}

/**
 * What the search will cost, by what was heard so far.
 *
 * @param seconds that it is expected to take
 * @returns null where no graph is to be built
 */
export function costAhead(workloads: Workloads, heard: Heard, seconds: number): CostAhead | null {
  const graph = firstGraph(workloads);
  if (!graph) return null;
  const { spec, size } = graph;
  const { rows } = size;
  const { plain, filtered, hybrid } = workloads;
  const server = plain?.server;
  const availableBytes = server?.maintenanceWorkMemBytes ?? null;
  const { build } = predictedIndex(spec, {
    ...size,
    maintenanceWorkMemBytes: availableBytes ?? Infinity,
    pgVersion: server?.pgVersion,
  });
  const isPlain = plain !== null && filtered.length + hybrid.length === 0;
  const chooses = plain !== null && plain.rowsBudget !== null && plain.rowsBudget < rows;
  const seen = [...heard.builds.values()].find(
    ({ request, status }) => request.spec.method === 'hnsw' && status === 'ok',
  );
  return {
    rows,
    seconds,
    graph: {
      spec: { ...spec, parameters: parametersOf(indexKind(spec.method), spec) },
      seconds: figuresOf(heard, size).build(),
      bytes: predictedBytes(spec, size),
    },
    seenRows: seen ? (seen.request.rows ?? rows) : null,
    tableBytes: predictedTableBytes(size),
    indexes: chooses ? BUILT_AFTER_SUBSET : 1 + MOST_PROMOTED + (plain?.rulesOfThumb.length ?? 0),
    memory: { neededBytes: build?.neededMaintenanceWorkMemBytes ?? 0, availableBytes },
    spilledShare: build?.spillRow ? (rowsOfIndex(size) - build.spillRow) / rowsOfIndex(size) : 0,
    onSubset: isPlain && !chooses && seconds > LONG_SECONDS ? onSubset(workloads, heard, seconds) : null,
  };
}

/** A choice on a subset, where that takes a fraction of the time. */
function onSubset(workloads: Workloads, heard: Heard, allSeconds: number): CostAhead['onSubset'] {
  const { plain } = workloads;
  if (!plain) return null;
  const rows = Math.round(plain.rows * SUBSET);
  const agenda = agendaOf({ ...workloads, plain: { ...plain, rowsBudget: rows } }, heard);
  const seconds = agenda.reduce((sum, { prior }) => sum + prior(), 0);
  return seconds < WORTH_IT * allSeconds ? { rows, seconds } : null;
}

/** The first graph on all rows, and its table. */
function firstGraph({ plain, filtered, hybrid }: Workloads): { readonly spec: IndexSpec; readonly size: Size } | null {
  const space = plain ?? filtered[0] ?? hybrid[0];
  const question = filtered[0]?.cases[0]?.question ?? hybrid[0]?.questions[0];
  const specs = plain ? plain.families.map((family) => family.spec) : (filtered[0] ?? hybrid[0])?.specs;
  const spec = specs?.find(({ method }) => method === 'hnsw');
  if (!space || !spec) return null;
  if (plain) return { spec, size: plain };
  return question
    ? { spec, size: { rows: space.rows, dimensions: question.queries.dimensions, metric: question.metric } }
    : null;
}
