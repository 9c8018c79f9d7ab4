import { canonicalJson } from '../../canonical-json.js';
import type { BuildRecord, PointRecord, PointRequest, Reason } from '../../results/index.js';
import type { TableUnderTest } from '../../measure/index.js';
import { measurePoints } from '../points/measure.js';
import { amongOthers, skipQueries, type Task } from '../points/task.js';
import { filterOf, hybridOf, taskOf } from '../points/task-of.js';
import type { Bench } from './handler.js';

/** Points of one ask are compared with each other: they are measured together, on one table, with the same queries. */
export async function measurePointsTogether(
  bench: Bench,
  requests: readonly PointRequest[],
): Promise<readonly PointRecord[]> {
  const builds: (readonly [BuildRecord, ...BuildRecord[]])[] = [];
  for (const { build, beside = [] } of requests) {
    const others: BuildRecord[] = [];
    for (const key of beside) others.push(await bench.indexes.require(key));
    builds.push([await bench.indexes.require(build), ...others]);
  }
  const [rows, ...otherRows] = new Set(builds.flat().map((build) => build.request.rows));
  if (otherRows.length > 0) throw new TypeError('Points that are measured together must be of one table.');
  const subset = await bench.subsetTable(rows);

  const tasks: Task[] = [];
  for (const [i, request] of requests.entries()) {
    const others: BuildRecord[] = [];
    for (const key of request.among ?? []) others.push(await bench.indexes.require(key));
    const task = await taskOf(bench, request, { builds: builds[i]!, table: subset });
    tasks.push(amongOthers(skipQueries(task, request.from ?? 0), others));
  }
  if (new Set(tasks.map(({ queries }) => canonicalJson(queries.order))).size > 1) {
    throw new TypeError('Points that are measured together must ask the same queries.');
  }

  const { table, watch, mismatch } = await bench.verifiedTable(
    subset,
    tasks.flatMap(({ tables }) => tables),
  );
  const mismatches: (Reason | null)[] = [];
  for (const { workload } of requests) mismatches.push(mismatch ?? (await ownMismatch(bench, table, workload)));
  const own = builds.map(([build]) => build);
  return measurePoints(bench, { requests, builds: own, tasks, mismatches, table, watch });
}

/** How a workload's own exact answers, beside those of plain queries, differ from the server's. */
async function ownMismatch(
  bench: Bench,
  table: TableUnderTest,
  workload: PointRequest['workload'],
): Promise<Reason | null> {
  switch (workload.kind) {
    case 'plain':
      return null;
    case 'filtered':
      return bench.verifiedFilter(table, filterOf(bench, workload));
    case 'hybrid':
      return bench.verifiedLegs(table, hybridOf(bench, workload));
  }
}
