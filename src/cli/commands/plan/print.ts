import { PgvtuneError } from '../../../errors.js';
import {
  describeSettings,
  describeSpec,
  describeRepresentation,
  gucs,
  indexKind,
  mostOf,
  planStretches,
  type PlanStretch,
  predictIndex,
  predictQuery,
  type QueryPrediction,
  recallKnob,
  type TableAndIndexPrediction,
  validateSpec,
} from '../../../indexes/index.js';
import { formatBytes, formatCount } from '../../../units.js';
import { candidatesOf } from '../../../workloads/index.js';
import { type IndexSpec, type SearchSettings, representationSchema, type Stored } from '../../../vocabulary.js';

export interface PlanQuestion {
  readonly rows: number;
  readonly dims: number;
  readonly type: string;
  /** Of a sparse vector. */
  readonly nonzero?: number;
  readonly method: string;
  readonly m?: number;
  readonly efConstruction?: number;
  readonly lists?: number;
  readonly efSearch?: number;
  readonly probes?: number;
  readonly k: number;
  /** maintenance_work_mem, bytes. */
  readonly memory: number;
  readonly workers: number;
}

/** PostgreSQL whose memory accounting is assumed; it differs a little from version to version. */
const PG_VERSION = 17;

export interface IndexPlan extends TableAndIndexPrediction {
  readonly rows: number;
  readonly dimensions: number;
  /** Of each vector, where they are sparse. */
  readonly nonZeros?: number;
  readonly maintenanceWorkMemBytes: number;
  readonly query: QueryPrediction;
  /** The planner's choice as the recall knob grows; empty for the exact scan. */
  readonly planStretches: readonly PlanStretch[];
}

/** @throws {PgvtuneError} `usage` for what pgvector does not allow */
export function planIndex(question: PlanQuestion): IndexPlan {
  const { rows, dims: dimensions, memory, workers, k } = question;
  const kind = indexKind(question.method);
  const start = kind.startingPoints(rows).at(-1);
  const { nonZeros, ...stored } = parseStored(question);
  const sparse = nonZeros === undefined ? {} : { nonZeros };
  const spec: IndexSpec = {
    method: kind.name,
    ...stored,
    parameters: {
      ...start?.parameters,
      ...given({ m: question.m, ef_construction: question.efConstruction, lists: question.lists }),
    },
  };
  validateSpec(spec, { dimensions, metric: 'cosine', rows, ...sparse });
  const settings = { ...start?.settings, ...given({ ef_search: question.efSearch, probes: question.probes }) };
  gucs(kind.name, settings);
  const prediction = predictIndex({
    rows,
    dimensions,
    ...sparse,
    spec,
    maintenanceWorkMemBytes: memory,
    maxParallelMaintenanceWorkers: workers,
    pgVersion: PG_VERSION,
  });
  const candidates = candidatesOf(spec, k, {}) ?? 0;
  const queryWith = (more: SearchSettings): QueryPrediction =>
    predictQuery({ rows, dimensions, spec, index: prediction, k, candidates, settings: { ...settings, ...more } });
  const knob = recallKnob(kind);
  return {
    ...prediction,
    rows,
    dimensions,
    ...sparse,
    maintenanceWorkMemBytes: memory,
    query: queryWith({}),
    planStretches: knob
      ? planStretches(
          { from: knob.min, to: mostOf(knob, prediction.spec.parameters) },
          (value) => queryWith({ [knob.name]: value }).plan?.plan ?? 'index',
        )
      : [],
  };
}

const given = (values: Readonly<Record<string, number | undefined>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter((pair): pair is [string, number] => pair[1] !== undefined));

/** `halfvec`, or `subvector(256)`; of `sparsevec`, whose column is one, how many elements are not zero. */
function parseStored({ type: text, nonzero }: PlanQuestion): Stored & { readonly nonZeros?: number } {
  if ((text === 'sparsevec') !== (nonzero !== undefined)) {
    const message =
      nonzero === undefined
        ? '--type sparsevec needs --nonzero: only the elements that are not zero take room.'
        : `--nonzero is for --type sparsevec, got --type ${text}.`;
    throw new PgvtuneError('usage', message);
  }
  if (nonzero !== undefined) return { representation: 'vector', nonZeros: nonzero };
  const [, name = '', dimensions] = /^(\w+)(?:\((\d+)\))?$/.exec(text) ?? [];
  const representation = representationSchema.safeParse(name);
  if (!representation.success) {
    const known = representationSchema.exclude(['subvector']).options.join(', ');
    throw new PgvtuneError('usage', `--type: expected ${known}, subvector(256) or sparsevec, got "${text}".`);
  }
  return {
    representation: representation.data,
    ...(dimensions === undefined ? {} : { dimensions: Number(dimensions) }),
  };
}

/** The plan as a person reads it. */
export function planText(plan: IndexPlan): string {
  const { spec, rows, dimensions, nonZeros, table, build, steps } = plan;
  const vectors =
    nonZeros === undefined
      ? dimensions
      : `${formatCount(dimensions)}, sparse, ${formatCount(nonZeros)} of them not zero`;
  const lines = [
    `${describeSpec(spec)} over ${formatCount(rows)} × ${vectors}`,
    `  table            ${formatBytes((table.heapPages + table.toastPages) * 8192)}`,
    `  index            ${formatBytes(plan.bytes)} (${formatCount(plan.pages)} pages)`,
    ...(build ? buildLines(plan) : []),
    ...queryLines(plan),
    ...(steps ? ['', ...stepLines(plan)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function buildLines({ build, maintenanceWorkMemBytes, parallelWorkers }: IndexPlan): readonly string[] {
  if (!build) return [];
  const given = formatBytes(maintenanceWorkMemBytes);
  const fate = build.fails
    ? `with ${given} it fails`
    : build.spillRow === null
      ? `fits into ${given}`
      : `with ${given} it goes to disk after ${formatCount(build.spillRow)} rows, several times slower from there`;
  return [
    `  build memory     ${formatBytes(build.memoryBytes)}; maintenance_work_mem of ${formatBytes(build.neededMaintenanceWorkMemBytes)} keeps it in memory; ${fate}`,
    `  workers          ${parallelWorkers} beside the leader${build.sharedMemoryBytes > 0 ? `; /dev/shm of ${formatBytes(build.sharedMemoryBytes)}` : ''}`,
  ];
}

/** What one query does, and whether the planner will have it done. */
function queryLines({
  spec,
  query: { settings, k, work, rerank, plan },
  planStretches: stretches,
}: IndexPlan): readonly string[] {
  const by = Object.keys(settings).length > 0 ? `with ${describeSettings(settings)} ` : '';
  const does = `${by}compares about ${formatCount(work.compared)} rows and touches ${formatCount(work.buffers)} pages`;
  const again = rerank
    ? [
        `  re-ranking       sorts ${formatCount(rerank.candidates)} rows anew, which touches about ${formatCount(rerank.buffers)} pages of the table`,
      ]
    : [];
  if (!plan) return [`  query, LIMIT ${k}  ${does}`];
  const ways = stretches.map(
    ({ from, to, plan: taken }) =>
      `${taken} ${from === to ? formatCount(from) : `${formatCount(from)} … ${formatCount(to)}`}`,
  );
  const knob = Object.keys(settings)[0] ?? '';
  const cost = `index ${formatCount(plan.limit.index.total)}, table ${formatCount((plan.limit.parallelSequential ?? plan.limit.sequential).total)}`;
  return [
    `  query, LIMIT ${k}  ${does}`,
    ...again,
    `  planner          takes ${plan.plan === 'index' ? 'the index' : `a ${plan.plan} scan of the table instead`} (cost: ${cost}) at PostgreSQL's default costs; by ${knob}: ${ways.join('; ')}`,
    ...(spec.representation === 'vector'
      ? []
      : [
          `  recall           unknown: what ${describeRepresentation(spec)} loses depends on the vectors; pgvtune tune measures it`,
        ]),
  ];
}

/** Where the size would change: an index page holds whole vectors, so it grows in steps. */
function stepLines({ spec, steps, dimensions, nonZeros, bytes, rows }: IndexPlan): readonly string[] {
  if (!steps) return [];
  const { vectorsPerPage, freeParameter, roomiestDimensions, nextDimensions, packings } = steps;
  const stored = nonZeros ?? spec.dimensions ?? dimensions;
  const counted = nonZeros === undefined ? 'dimensions' : 'non-zero elements';
  const times = (other: number): string => (other / bytes).toFixed(2);
  return [
    vectorsPerPage >= 1 ? `Vectors to a page of 8 kB: ${vectorsPerPage}.` : 'Each vector takes two pages of 8 kB.',
    ...(freeParameter && freeParameter.largest.value > (spec.parameters[freeParameter.name] ?? 0)
      ? [`${freeParameter.name} is free up to ${freeParameter.largest.value}: the index stays as large.`]
      : []),
    ...(roomiestDimensions.value > stored ? [`So are ${counted} up to ${formatCount(roomiestDimensions.value)}.`] : []),
    ...(nextDimensions
      ? [
          `${formatCount(nextDimensions.value)} ${counted} make it ${times(nextDimensions.bytes)} times as large (${formatBytes(nextDimensions.bytes)}).`,
        ]
      : []),
    '',
    `${(nonZeros === undefined ? 'dimensions up to' : 'non-zero, up to').padStart(16)}   to a page   index, about`,
    ...nearby(packings, stored).map(
      ({ vectorsPerPage: perPage, maxDimensions }) =>
        `${formatCount(maxDimensions).padStart(16)}${(perPage >= 1 ? String(perPage) : '½').padStart(12)}${formatBytes((rows / perPage) * 8192).padStart(15)}${
          perPage === vectorsPerPage ? '  ← here' : ''
        }`,
    ),
  ];
}

/** Lines of the step table on each side of the own one. */
const NEARBY = 4;

function nearby<Step extends { readonly maxDimensions: number }>(
  steps: readonly Step[],
  dimensions: number,
): readonly Step[] {
  const own = steps.findIndex(({ maxDimensions }) => maxDimensions >= dimensions);
  return steps.slice(Math.max(0, own - NEARBY), own + NEARBY + 1);
}
