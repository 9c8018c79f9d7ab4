import type { IndexPlan, TablePlan } from '../../../capacity/index.js';
import { describeRepresentation, describeSettings, numberOf } from '../../../indexes/index.js';
import { formatBytes, formatCount, formatPercent, formatSpan } from '../../../units.js';

/** One index in full: size, build, what fits, a query, the planner, and the steps in which the size grows. */
export const indexLines = (index: IndexPlan, plan: TablePlan): readonly string[] => [
  `  index            ${formatBytes(index.bytes)} (${formatCount(index.pages)} pages)`,
  ...buildLines(index, plan),
  ...fitLines(index, plan),
  ...adviceLines(index, plan),
  ...serviceLines(index),
  ...queryLines(index),
  ...(index.steps ? ['', ...stepLines(index, plan)] : []),
];

function buildLines(
  { build, buildSeconds, parallelWorkers, resources, spilledShare }: IndexPlan,
  { maintenanceWorkMemBytes, concurrentBuilds, maxParallelWorkers, rows }: TablePlan,
): readonly string[] {
  if (!build || !resources) return [];
  const memory = formatBytes(maintenanceWorkMemBytes);
  const fate = build.fails
    ? `with ${memory} it fails`
    : build.spillRow === null
      ? `fits into ${memory}`
      : `with ${memory} it goes to disk after ${formatCount(build.spillRow)} rows: the other ${formatCount(rows - build.spillRow)} (${formatPercent(spilledShare)}) are inserted several times slower`;
  const shared = build.sharedMemoryBytes > 0 ? `; /dev/shm of ${formatBytes(build.sharedMemoryBytes)}` : '';
  const temporary =
    resources.temporaryBytes > 0 ? ` (${formatBytes(resources.temporaryBytes)} of it temporary files)` : '';
  const together =
    concurrentBuilds > 1
      ? [`  ${concurrentBuilds} builds        hold ${formatBytes(resources.heldMemoryOfAllBytes)} of memory together`]
      : [];
  return [
    `  build memory     ${formatBytes(build.memoryBytes)}; maintenance_work_mem of ${formatBytes(build.neededMaintenanceWorkMemBytes)} keeps it in memory; ${fate}`,
    `  workers          ${parallelWorkers} beside the leader (max_parallel_workers = ${maxParallelWorkers} bounds them)${shared}`,
    ...(buildSeconds && !build.fails
      ? [
          `  build time       ${formatSpan(buildSeconds)} with these workers: machines differ by several times (pgvtune capacity measures it)`,
        ]
      : []),
    ...together,
    `  disk             CREATE INDEX takes up to ${formatBytes(resources.createPeakBytes)}${temporary}; REINDEX INDEX CONCURRENTLY ${formatBytes(resources.reindexPeakBytes)} beside the old index, ${formatBytes(resources.reindexTotalBytes)} with it; WAL ${formatBytes(resources.walBytes)}`,
  ];
}

/** The inverse question: what the given memory suffices for. */
function fitLines({ inMemory, spec }: IndexPlan, { maintenanceWorkMemBytes, rows }: TablePlan): readonly string[] {
  if (inMemory === null) return [];
  const { name, largest } = inMemory.parameter;
  const memory = formatBytes(maintenanceWorkMemBytes);
  const most =
    largest === null
      ? `no ${name} fits ${formatCount(rows)} rows`
      : `${name} up to ${formatCount(largest)} at ${formatCount(rows)} rows`;
  const others = inMemory.otherwise.map(({ type, rows: held }) => `, ${formatCount(held)} as ${type}`).join('');
  const byRows =
    inMemory.rows === null
      ? ''
      : `${formatCount(inMemory.rows)} rows at ${name}=${spec.parameters[name] ?? ''}${others}; `;
  return [`  ${memory} hold${' '.repeat(Math.max(1, 12 - memory.length))}${byRows}${most}`];
}

function adviceLines({ advice }: IndexPlan, { maxParallelWorkers }: TablePlan): readonly string[] {
  if (advice === null) return [];
  const { maintenanceWorkMemBytes, fitsMachine, spareBytes, workers } = advice;
  const memory = `maintenance_work_mem = ${formatBytes(maintenanceWorkMemBytes)}`;
  const machine =
    fitsMachine === null || spareBytes === null
      ? ''
      : fitsMachine
        ? `, of the ${formatBytes(spareBytes)} that the server can spare`
        : `: more than the ${formatBytes(spareBytes)} that the server can spare; choose a smaller representation or m, or build elsewhere`;
  const beyond =
    workers !== null && workers > maxParallelWorkers
      ? ` (raise max_parallel_workers and max_worker_processes to ${workers} or more)`
      : '';
  const parallel = workers === null ? '' : `, max_parallel_maintenance_workers = ${workers}${beyond}`;
  return [`  build with       ${memory}${parallel}${machine}`];
}

/** Whether one server is enough for the queries, and what is when it is not. */
function serviceLines({ inService, bytes }: IndexPlan): readonly string[] {
  if (inService === null) return [];
  const cache = `${formatBytes(inService.cacheBytes)} of memory available to cache data`;
  return [
    inService.servers === 1
      ? `  in service       the index takes ${formatPercent(bytes / inService.cacheBytes, 0)} of the ${cache}`
      : `  in service       the index exceeds the ${cache}: keep less of each vector, add memory, or divide the rows among ${formatCount(inService.servers)} servers of this size (partitions over postgres_fdw, Citus, PgDog); a read replica holds all rows and does not help`,
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
function stepLines({ spec, steps, bytes }: IndexPlan, { dimensions, nonZeros, rows }: TablePlan): readonly string[] {
  if (!steps) return [];
  const { vectorsPerPage, freeParameter, roomiestDimensions, nextDimensions, packings } = steps;
  const stored = nonZeros ?? spec.dimensions ?? dimensions;
  const counted = nonZeros === undefined ? 'dimensions' : 'non-zero elements';
  const times = (other: number): string => (other / bytes).toFixed(2);
  return [
    vectorsPerPage >= 1 ? `Vectors to a page of 8 kB: ${vectorsPerPage}.` : 'Each vector takes two pages of 8 kB.',
    ...(freeParameter && freeParameter.largest.value > numberOf(spec.parameters, freeParameter.name, 0)
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
