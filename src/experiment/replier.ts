import { PgvtuneError } from '../errors.js';
import type { Truth } from '../exact/index.js';
import type { TableUnderTest } from '../measure/index.js';
import type { Capabilities } from '../postgres/index.js';
import { canonicalJson } from '../canonical-json.js';
import {
  type Ask,
  type BuildRecord,
  type BuildRequest,
  builtIndexes,
  type EarlierRuns,
  type FusionsRecord,
  type FusionsRequest,
  type Journal,
  type PlannerMapRecord,
  type PlannerMapRequest,
  type PointRecord,
  type PointRequest,
  type Reply,
  type ThroughputRecord,
  type ThroughputRequest,
  type WritesRecord,
  type WritesRequest,
} from '../results/index.js';
import type { SearchSettings, TextSpec } from '../vocabulary.js';
import { buildIndex, doubtIndexes } from './build/build.js';
import { buildKey, fusionsKey, plannerMapKey, pointKey, throughputKey, writesKey } from './keys.js';
import { createFidelities, type Fidelity } from './table/subset.js';
import { type FilterRun, filteredTask } from './filtered/task.js';
import { createHybridLegs } from './hybrid/legs.js';
import type { HybridRun } from './hybrid/prepare.js';
import { hybridTask } from './hybrid/task.js';
import { describeSpec, placedTables } from '../indexes/index.js';
import { dropBuild, TABLE } from './table/load.js';
import { measureWrites } from './measurements/writes.js';
import { measurePoints, type PointsContext } from './points/measure.js';
import { plainTask } from './points/plain-task.js';
import { mapPlanner } from './measurements/planner-map.js';
import { rankFusions } from './measurements/fusions.js';
import { skipQueries, type Task } from './points/task.js';
import { createTestedTables, doubtFilter } from './table/tested-table.js';
import { measureThroughput } from './measurements/throughput.js';

export interface BenchContext extends PointsContext {
  readonly journal: Journal;
  /** What may be answered from other runs, where a search allows it. */
  readonly earlier: EarlierRuns;
  /** Exact neighbours of the run's queries, in its order. */
  readonly truth: Truth;
  /** Filters that points may ask for, made concrete; none when there are no filtered workloads. */
  readonly filters?: readonly FilterRun[];
  /** Hybrid workloads that points may ask for, made concrete; none when there are none. */
  readonly hybrids?: readonly HybridRun[];
  readonly capabilities: Capabilities;
  readonly signal: AbortSignal;
}

/**
 * Answers a search: from the journal what was finished before, from earlier runs what the search will have from there,
 * from the server everything else. A new record is in the journal before the search hears of it.
 */
export function createBench(context: BenchContext): (ask: Ask) => Promise<Reply> {
  const { journal, earlier, session, workspace } = context;
  const learntFrom = new Set<string>();
  const fidelityOf = createFidelities(context);
  const testedTable = createTestedTables(context);
  const doubts = new Map<FilterRun, PgvtuneError | null>();
  /** Keys of builds that were given back. */
  const released = new Set<string>();
  const legsOf = createHybridLegs(context);

  /** Why the exact answers of a workload cannot be believed; those of a filter are put to the proof once. */
  async function doubtOf(table: TableUnderTest, { workload }: PointRequest): Promise<PgvtuneError | null> {
    if (workload.kind !== 'filtered') return null;
    const run = filterRun(workload);
    const before = doubts.get(run);
    if (before !== undefined) return before;
    const doubt = await doubtFilter(context, table, run);
    doubts.set(run, doubt);
    return doubt;
  }

  const recorded = <
    T extends BuildRecord | FusionsRecord | PlannerMapRecord | PointRecord | ThroughputRecord | WritesRecord,
  >(
    type: T['type'],
    key: string,
  ): T | undefined => journal.records.findLast((record): record is T => record.type === type && record.key === key);

  /** Keeps a record of another run in this one's journal: a resumed search is to hear the same again. */
  function adopt<T extends BuildRecord | PointRecord>(record: T): T {
    const { fromRun = '' } = record;
    if (!learntFrom.has(fromRun)) {
      context.reporter.note(`What run ${fromRun} measured chooses where to look (--fresh measures it anew).`);
    }
    learntFrom.add(fromRun);
    journal.append(record);
    return record;
  }

  async function build(request: BuildRequest, orEarlier: boolean): Promise<BuildRecord> {
    const key = buildKey(request);
    // The first, though it may have been built again since: a resumed search is to hear the same.
    const before = journal.records.find((record) => record.type === 'build' && record.key === key);
    if (before?.type === 'build') return before;
    const known = orEarlier ? earlier.build(key) : undefined;
    return known ? adopt(known) : buildNow(request, 1);
  }

  async function buildNow(request: BuildRequest, attempt: number): Promise<BuildRecord> {
    const fidelity = await fidelityOf(request.rows);
    const { doubt } = await testedTable(fidelity);
    // Before hours are spent on an index of rows that are not those of the exact neighbours.
    if (doubt && !isExactScan(request)) throw doubt;
    const record = await buildIndex(context, request, { table: fidelity.table, attempt });
    journal.append(record);
    return record;
  }

  /** The record of a build whose index stands on the server: one that an interruption took away is built again. */
  async function standingBuild(key: string): Promise<BuildRecord> {
    const record = recorded<BuildRecord>('build', key);
    if (!record) throw new TypeError(`A point was asked of ${key}, which was never built.`);
    if (!record.index) return record;
    // An earlier run's index went with that run.
    if (record.fromRun !== undefined) return rebuild(record, 1);
    const doubt = await doubtIndexes(session, workspace, [record]);
    if (doubt === null) return record;
    // What a workload gave back and another asks for has not been lost.
    if (released.delete(key)) return rebuild(record, record.attempt);
    context.reporter.note(`${describeSpec(record.request.spec)}: ${doubt} It is built again.`);
    return rebuild(record, record.attempt + 1);
  }

  async function rebuild(record: BuildRecord, attempt: number): Promise<BuildRecord> {
    const again = await buildNow(record.request, attempt);
    if (again.status === 'failed') {
      throw new PgvtuneError('server', `Building ${record.key} again failed: ${again.reason ?? ''}`, {
        hint: 'See the server log; the finished part of the run is kept.',
      });
    }
    return again;
  }

  async function points(requests: readonly PointRequest[], orEarlier: boolean): Promise<readonly PointRecord[]> {
    const before = requests.map((request) => recorded<PointRecord>('point', pointKey(request)));
    if (before.every((record) => record !== undefined)) return before;
    const known = requests.map((request) => (orEarlier ? earlier.point(pointKey(request)) : undefined));
    if (known.every((record) => record !== undefined)) return known.map(adopt);
    // Points of one ask are compared with each other: they are measured together or not at all.
    if (requests.length === 0) return [];
    const builds: (readonly [BuildRecord, ...BuildRecord[]])[] = [];
    for (const { build: main, beside = [] } of requests) {
      const others: BuildRecord[] = [];
      for (const key of beside) others.push(await standingBuild(key));
      builds.push([await standingBuild(main), ...others]);
    }
    const [rows, ...others] = new Set(builds.flat().map((build) => build.request.rows));
    if (others.length > 0) throw new TypeError('Points that are measured together must be of one table.');
    const fidelity = await fidelityOf(rows);
    const tasks: Task[] = [];
    for (const [i, request] of requests.entries()) {
      tasks.push(skipQueries(await taskOf(request, builds[i]!, fidelity), request.from ?? 0));
    }
    if (new Set(tasks.map(({ order }) => canonicalJson(order))).size > 1) {
      throw new TypeError('Points that are measured together must ask the same queries.');
    }
    const { table, watch, doubt } = await testedTable(
      fidelity,
      tasks.flatMap(({ tables }) => tables),
    );
    const doubted: (string | null)[] = [];
    for (const request of requests) doubted.push((doubt ?? (await doubtOf(table, request)))?.message ?? null);
    const main = builds.map(([build]) => build);
    const records = await measurePoints(context, { requests, builds: main, tasks, doubts: doubted, table, watch });
    for (const record of records) journal.append(record);
    return records;
  }

  async function taskOf(
    request: PointRequest,
    builds: readonly [BuildRecord, ...BuildRecord[]],
    fidelity: Fidelity,
  ): Promise<Task> {
    const { workload } = request;
    switch (workload.kind) {
      case 'plain':
        return plainTask(context, { request, build: builds[0], fidelity });
      case 'filtered':
        return filteredTask(context, filterRun(workload), { request: { ...request, workload }, builds });
      case 'hybrid':
        return hybridTaskOf({ ...request, workload }, builds);
    }
  }

  async function hybridTaskOf(
    request: PointRequest & { readonly workload: Extract<PointRequest['workload'], { kind: 'hybrid' }> },
    builds: readonly [BuildRecord, ...BuildRecord[]],
  ): Promise<Task> {
    const run = hybridRun(request.workload.text);
    const text = builds.find((build) => build.request.text !== undefined);
    const legs = await legsOf(run, request.settings, text?.index?.name ?? null);
    return hybridTask(context, run, { request, builds, legs });
  }

  function hybridRun(text: TextSpec): HybridRun {
    const wanted = canonicalJson(text);
    const found = context.hybrids?.find(({ question }) => canonicalJson(question.text) === wanted);
    if (!found) throw new TypeError(`A point was asked with a text search that was not prepared: ${wanted}.`);
    return found;
  }

  function filterRun({ filter, join }: Pick<FilterRun, 'filter' | 'join'>): FilterRun {
    const wanted = canonicalJson([filter, join]);
    const found = context.filters?.find((run) => canonicalJson([run.filter, run.join]) === wanted);
    if (!found) throw new TypeError(`A point was asked with a filter that was not prepared: ${wanted}.`);
    return found;
  }

  async function throughput(request: ThroughputRequest): Promise<ThroughputRecord> {
    const before = recorded<ThroughputRecord>('throughput', throughputKey(request));
    if (before) return before;
    const build = await standingBuild(request.build);
    if (request.workload.kind !== 'plain') throw new TypeError('Loads are measured of plain queries only.');
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

  async function fusions(request: FusionsRequest): Promise<FusionsRecord> {
    const before = recorded<FusionsRecord>('fusions', fusionsKey(request));
    if (before) return before;
    const build = await standingBuild(request.build);
    const run = hybridRun(request.text);
    const legsFor = (settings: SearchSettings) => legsOf(run, settings, build.index?.name ?? null);
    const record = await rankFusions(request, run, { legsFor, reporter: context.reporter, now: () => context.now() });
    journal.append(record);
    return record;
  }

  async function writes(request: WritesRequest): Promise<WritesRecord> {
    const before = recorded<WritesRecord>('writes', writesKey(request));
    if (before) return before;
    const build = await standingBuild(request.build);
    const { lookup, placement = null } = build.request;
    const tables = [...placedTables(TABLE, placement), ...(lookup ? [lookup.table] : [])];
    const { table } = await testedTable(await fidelityOf(undefined), tables);
    const record = await measureWrites(context, { request, build, table });
    journal.append(record);
    return record;
  }

  /** Sessions under load cannot hide indexes from each other: DROP INDEX in one would lock the others out. */
  function refuseRivals(build: BuildRecord, standing: readonly string[]): void {
    const built = new Set(
      journal.records.flatMap((record) =>
        record.type === 'build' ? builtIndexes(record).map(({ name }) => name) : [],
      ),
    );
    const rivals = standing.filter((name) => built.has(name) && name !== build.index?.name);
    if (rivals.length > 0) {
      throw new TypeError(`Release ${rivals.join(', ')} before the throughput of ${build.key} is asked for.`);
    }
  }

  return async (ask) => {
    switch (ask.kind) {
      case 'build':
        return { kind: 'build', build: await build(ask.build, ask.orEarlier ?? false) };
      case 'points':
        return { kind: 'points', points: await points(ask.points, ask.orEarlier ?? false) };
      case 'throughput':
        return { kind: 'throughput', throughput: await throughput(ask.throughput) };
      case 'planner-map':
        return { kind: 'planner-map', map: await plannerMap(ask.map) };
      case 'fusions':
        return { kind: 'fusions', fusions: await fusions(ask.fusions) };
      case 'writes':
        return { kind: 'writes', writes: await writes(ask.writes) };
      case 'release':
        await dropBuild(context, recorded<BuildRecord>('build', ask.build));
        released.add(ask.build);
        return { kind: 'release' };
    }
  };
}

/** Nothing is built for it. */
const isExactScan = ({ spec, lookup, text }: BuildRequest): boolean =>
  spec.method === 'none' && lookup === undefined && text === undefined;
