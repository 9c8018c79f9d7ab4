import { PgvtuneError } from '../errors.js';
import type { Truth } from '../exact/index.js';
import { type Capabilities, readIndex } from '../postgres/index.js';
import type {
  Ask,
  BuildRecord,
  BuildRequest,
  Journal,
  PlannerMapRecord,
  PlannerMapRequest,
  PointRecord,
  PointRequest,
  Reply,
  ThroughputRecord,
  ThroughputRequest,
} from '../results/index.js';
import { buildIndex, doubtIndex } from './build.js';
import { buildKey, indexName, plannerMapKey, pointKey, throughputKey } from './keys.js';
import { createFidelities } from './fidelity.js';
import { dropIndex } from './load.js';
import { measurePoints, type PointsContext } from './measure-points.js';
import { mapPlanner } from './planner-map.js';
import { createTestedTables } from './tested-table.js';
import { measureThroughput } from './throughput.js';

export interface BenchContext extends PointsContext {
  readonly journal: Journal;
  /** Exact neighbours of the run's queries, in its order. */
  readonly truth: Truth;
  readonly capabilities: Capabilities;
  readonly signal: AbortSignal;
}

/**
 * Answers a search: from the journal what was finished before, from the server everything else. A new record is in the
 * journal before the search hears of it.
 */
export function createBench(context: BenchContext): (ask: Ask) => Promise<Reply> {
  const { journal, session, workspace } = context;
  const fidelityOf = createFidelities(context);
  const testedTable = createTestedTables(context);

  const recorded = <T extends BuildRecord | PlannerMapRecord | PointRecord | ThroughputRecord>(
    type: T['type'],
    key: string,
  ): T | undefined => journal.records.findLast((record): record is T => record.type === type && record.key === key);

  async function build(request: BuildRequest): Promise<BuildRecord> {
    const before = recorded<BuildRecord>('build', buildKey(request));
    if (before) return before;
    return buildNow(request, 1);
  }

  async function buildNow(request: BuildRequest, attempt: number): Promise<BuildRecord> {
    const fidelity = await fidelityOf(request.rows);
    // Before hours are spent on an index of rows that are not those of the exact neighbours.
    await testedTable(fidelity);
    const record = await buildIndex(context, request, { table: fidelity.table, attempt });
    journal.append(record);
    return record;
  }

  /** The record of a build whose index stands on the server: one that an interruption took away is built again. */
  async function standingBuild(key: string): Promise<BuildRecord> {
    const record = recorded<BuildRecord>('build', key);
    if (!record) throw new TypeError(`A point was asked of ${key}, which was never built.`);
    if (!record.index) return record;
    const doubt = doubtIndex(record, await readIndex(session, workspace.schema, indexName(key)));
    if (doubt === null) return record;
    context.reporter.note(`${doubt} It is built again.`);
    const again = await buildNow(record.request, record.attempt + 1);
    if (again.status === 'failed') {
      throw new PgvtuneError('server', `Building ${key} again failed: ${again.reason ?? ''}`, {
        hint: 'See the server log; the finished part of the run is kept.',
      });
    }
    return again;
  }

  async function points(requests: readonly PointRequest[]): Promise<readonly PointRecord[]> {
    const before = requests.map((request) => recorded<PointRecord>('point', pointKey(request)));
    if (before.every((record) => record !== undefined)) return before;
    // Points of one ask are compared with each other: they are measured together or not at all.
    const builds: BuildRecord[] = [];
    for (const request of requests) builds.push(await standingBuild(request.build));
    const [rows, ...others] = new Set(builds.map((build) => build.request.rows));
    if (others.length > 0) throw new TypeError('Points that are measured together must be of one table.');
    if (requests.length === 0) return [];
    const fidelity = await fidelityOf(rows);
    const { table, watch } = await testedTable(fidelity);
    const records = await measurePoints(context, { requests, builds, fidelity, table, watch });
    for (const record of records) journal.append(record);
    return records;
  }

  async function throughput(request: ThroughputRequest): Promise<ThroughputRecord> {
    const before = recorded<ThroughputRecord>('throughput', throughputKey(request));
    if (before) return before;
    const build = await standingBuild(request.build);
    const { table, watch } = await testedTable(await fidelityOf(build.request.rows));
    refuseRivals(build, table.indexes);
    const record = await measureThroughput(context, { request, build, table, watch });
    journal.append(record);
    return record;
  }

  async function plannerMap(request: PlannerMapRequest): Promise<PlannerMapRecord> {
    const before = recorded<PlannerMapRecord>('planner-map', plannerMapKey(request));
    if (before) return before;
    const build = await standingBuild(request.build);
    const { table } = await testedTable(await fidelityOf(build.request.rows));
    const { dimensions, values } = context.dataset.queries;
    const record = await mapPlanner(context, { request, build, table, query: values.subarray(0, dimensions) });
    journal.append(record);
    return record;
  }

  /** Sessions under load cannot hide indexes from each other: DROP INDEX in one would lock the others out. */
  function refuseRivals(build: BuildRecord, standing: readonly string[]): void {
    const built = new Set(
      journal.records.flatMap((record) => (record.type === 'build' ? [indexName(record.key)] : [])),
    );
    const rivals = standing.filter((name) => built.has(name) && name !== build.index?.name);
    if (rivals.length > 0) {
      throw new TypeError(`Release ${rivals.join(', ')} before the throughput of ${build.key} is asked for.`);
    }
  }

  return async (ask) => {
    switch (ask.kind) {
      case 'build':
        return { kind: 'build', build: await build(ask.build) };
      case 'points':
        return { kind: 'points', points: await points(ask.points) };
      case 'throughput':
        return { kind: 'throughput', throughput: await throughput(ask.throughput) };
      case 'planner-map':
        return { kind: 'planner-map', map: await plannerMap(ask.map) };
      case 'release':
        await dropIndex(session, workspace, indexName(ask.build));
        return { kind: 'release' };
    }
  };
}
