import { PgvtuneError } from '../errors.js';
import { describeSpec, indexKind, predictIndex, type TableAndIndexPrediction, validateSpec } from '../indexes/index.js';
import { formatBytes, formatCount } from '../units.js';
import { type IndexSpec, storageSchema } from '../vocabulary.js';

export interface PlanQuestion {
  readonly rows: number;
  readonly dims: number;
  readonly type: string;
  readonly method: string;
  readonly m?: number;
  readonly efConstruction?: number;
  readonly lists?: number;
  /** maintenance_work_mem, bytes. */
  readonly memory: number;
  readonly workers: number;
}

/** PostgreSQL whose memory accounting is assumed; it differs a little from version to version. */
const PG_VERSION = 17;

export interface IndexPlan extends TableAndIndexPrediction {
  readonly rows: number;
  readonly dimensions: number;
  readonly maintenanceWorkMemBytes: number;
}

/** @throws {PgvtuneError} `usage` for what pgvector does not allow */
export function planIndex(question: PlanQuestion): IndexPlan {
  const { rows, dims: dimensions, memory, workers } = question;
  const storage = storageSchema.safeParse(question.type);
  if (!storage.success) {
    throw new PgvtuneError(
      'usage',
      `--type: expected one of ${storageSchema.options.join(', ')}, got "${question.type}".`,
    );
  }
  const given = { m: question.m, ef_construction: question.efConstruction, lists: question.lists };
  const parameters = Object.fromEntries(
    Object.entries(given).filter((pair): pair is [string, number] => pair[1] !== undefined),
  );
  const kind = indexKind(question.method);
  const start = kind.startingPoints(rows).at(-1)?.parameters ?? {};
  const spec: IndexSpec = { method: kind.name, storage: storage.data, parameters: { ...start, ...parameters } };
  validateSpec(spec, { dimensions, metric: 'cosine', rows });
  const prediction = predictIndex({
    rows,
    dimensions,
    spec,
    maintenanceWorkMemBytes: memory,
    maxParallelMaintenanceWorkers: workers,
    pgVersion: PG_VERSION,
  });
  return { ...prediction, rows, dimensions, maintenanceWorkMemBytes: memory };
}

/** The plan as a person reads it. */
export function planText(plan: IndexPlan): string {
  const { spec, rows, dimensions, table, build, steps } = plan;
  const lines = [
    `${describeSpec(spec)} over ${formatCount(rows)} × ${dimensions}`,
    `  table            ${formatBytes((table.heapPages + table.toastPages) * 8192)}`,
    `  index            ${formatBytes(plan.bytes)} (${formatCount(plan.pages)} pages)`,
    ...(build ? buildLines(plan) : []),
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

/** Where the size would change: an index page holds whole vectors, so it grows in steps. */
function stepLines({ steps, dimensions, bytes }: IndexPlan): readonly string[] {
  if (!steps) return [];
  const { vectorsPerPage, freeParameter, roomiestDimensions, nextDimensions } = steps;
  const times = (other: number): string => (other / bytes).toFixed(2);
  return [
    vectorsPerPage >= 1 ? `${vectorsPerPage} to a page of 8 kB.` : 'Each vector takes two pages of 8 kB.',
    ...(freeParameter
      ? [`${freeParameter.name} is free up to ${freeParameter.largest.value}: the index stays as large.`]
      : []),
    ...(roomiestDimensions.value > dimensions ? [`So are dimensions up to ${roomiestDimensions.value}.`] : []),
    ...(nextDimensions
      ? [
          `${formatCount(nextDimensions.value)} dimensions make it ${times(nextDimensions.bytes)} times as large (${formatBytes(nextDimensions.bytes)}).`,
        ]
      : []),
  ];
}
