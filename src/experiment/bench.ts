import type { Dataset } from '../datasets/index.js';
import { PgvtuneError } from '../errors.js';
import type { Truth } from '../exact/index.js';
import { shortHash } from '../canonical-json.js';
import { describeSettings, describeSpec, gucs } from '../indexes/index.js';
import { type Arm, measureBlocks, measureClientFloor, type Schedule } from '../measure/index.js';
import { encodeVector, listIndexes, literal, readIndex, type Settings, vectorText } from '../postgres/index.js';
import { createRandom } from '../random.js';
import type { Ask, BuildRecord, BuildRequest, Journal, PointRecord, PointRequest, Reply } from '../results/index.js';
import type { Matrix } from '../vocabulary.js';
import { plainQuery, type QueryArgument } from '../workloads/index.js';
import { type BuildContext, buildIndex } from './build.js';
import { indexName, pointKey, buildKey } from './keys.js';
import { createFidelities, type Fidelity } from './fidelity.js';
import { dropIndex } from './load.js';
import { toPointRecord } from './point.js';

export interface BenchContext extends BuildContext {
  readonly journal: Journal;
  readonly dataset: Dataset;
  /** Numbers of the dataset's queries that the run asks, in its random order. */
  readonly order: readonly number[];
  /** Exact neighbours of those queries, in that order. */
  readonly truth: Truth;
  /** Timed round trips of a `confirm` point, at least. */
  readonly samples: number;
  readonly seed: number;
  /** Added to every point's state of the caches. */
  readonly cache: string;
  readonly signal: AbortSignal;
}

const BLOCK_QUERIES = 50;
const EXPLAIN_QUERIES = 50;

/**
 * Answers a search: from the journal what was finished before, from the server everything else. A new record is in the
 * journal before the search hears of it.
 */
export function createBench(context: BenchContext): (ask: Ask) => Promise<Reply> {
  const { journal, session, workspace } = context;
  const fidelityOf = createFidelities(context);

  const recorded = <T extends BuildRecord | PointRecord>(type: T['type'], key: string): T | undefined =>
    journal.records.findLast((record): record is T => record.type === type && record.key === key);

  async function build(request: BuildRequest): Promise<BuildRecord> {
    const before = recorded<BuildRecord>('build', buildKey(request));
    if (before) return before;
    return buildNow(request, 1);
  }

  async function buildNow(request: BuildRequest, attempt: number): Promise<BuildRecord> {
    const { table } = await fidelityOf(request.rows);
    const record = await buildIndex(context, request, { table, attempt });
    journal.append(record);
    return record;
  }

  /** The record of a build whose index stands on the server: one that an interruption took away is built again. */
  async function standingBuild(key: string): Promise<BuildRecord> {
    const record = recorded<BuildRecord>('build', key);
    if (!record) throw new TypeError(`A point was asked of ${key}, which was never built.`);
    if (!record.index) return record;
    const index = await readIndex(session, workspace.schema, indexName(key));
    if (index?.valid) return record;
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
    const records = await measure(requests, builds, await fidelityOf(rows));
    for (const record of records) journal.append(record);
    return records;
  }

  async function measure(
    requests: readonly PointRequest[],
    builds: readonly BuildRecord[],
    { table: name, truth }: Fidelity,
  ): Promise<readonly PointRecord[]> {
    const startedAt = context.now();
    const [first] = requests;
    if (!first) return [];
    const queries = Math.min(first.queries, context.order.length);
    const schedule: Schedule = {
      queries,
      passes: first.purpose === 'confirm' ? Math.ceil(context.samples / queries) : 1,
      blockQueries: BLOCK_QUERIES,
      explainQueries: Math.min(EXPLAIN_QUERIES, queries),
    };
    const vectors = selectQueries(context.dataset.queries, context.order.slice(0, queries));
    const arms = requests.map((request, i) => toArm(context, request, builds[i], { name, vectors }));
    const clientFloorMs = await measureClientFloor(
      session,
      encodeVector(vectors.values.subarray(0, vectors.dimensions)),
      first.workload.k,
    );

    const total = requests.length * (schedule.explainQueries + schedule.passes * queries);
    const task = context.reporter.start(labelOf(requests, builds), total, 'queries');
    let done = 0;
    try {
      const table = {
        schema: workspace.schema,
        name,
        indexes: await listIndexes(session, workspace.quote(name)),
        quote: (name: string) => workspace.quote(name),
      };
      const outcomes = await measureBlocks(session, table, arms, schedule, {
        clock: context.clock,
        random: createRandom(context.seed).fork(requests.map(pointKey).join()),
        onQueries: (count) => task.update((done += count)),
      });
      return requests.map((request, i) =>
        toPointRecord(request, outcomes[i] ?? { status: 'failed', reason: 'It was not measured.' }, {
          ...context,
          truth,
          schedule,
          clientFloorMs,
          startedAt,
        }),
      );
    } finally {
      task.finish();
    }
  }

  return async (ask) => {
    switch (ask.kind) {
      case 'build':
        return { kind: 'build', build: await build(ask.build) };
      case 'points':
        return { kind: 'points', points: await points(ask.points) };
      case 'release':
        await dropIndex(session, workspace, indexName(ask.build));
        return { kind: 'release' };
    }
  };
}

function labelOf(requests: readonly PointRequest[], builds: readonly BuildRecord[]): string {
  const [request] = requests;
  const [build] = builds;
  if (requests.length > 1 || !request || !build) return `Measuring ${requests.length} points side by side`;
  const settings = describeSettings(request.settings);
  return `Measuring ${describeSpec(build.request.spec)}${settings === '–' ? '' : `, ${settings}`}`;
}

function toArm(
  context: BenchContext,
  request: PointRequest,
  build: BuildRecord | undefined,
  { name, vectors: queries }: { readonly name: string; readonly vectors: Matrix },
): Arm {
  if (!build) throw new TypeError('A point was asked of a build that does not exist.');
  const { spec } = build.request;
  const query = plainQuery({
    table: context.workspace.quote(name),
    spec,
    metric: context.metric,
    k: request.workload.k,
    queries,
  });
  const encoded = Array.from({ length: queries.rows }, (_, q) => query.arguments(q).map(encodeArgument));
  const settings: Settings = {
    ...gucs(spec.method, request.settings),
    // A subset is there to compare graphs; that it is small enough for a scan of the table says nothing about the whole.
    ...(build.request.rows === undefined || build.index === null ? {} : { enable_seqscan: 'off' }),
  };
  return {
    key: pointKey(request),
    statement: { name: `pgvtune_${shortHash(query.text)}`, text: query.text },
    parameters: (q) => encoded[q] ?? [],
    literals: (q) => query.arguments(q).map(argumentLiteral),
    settings,
    index: build.index?.name ?? null,
  };
}

const encodeArgument = (argument: QueryArgument) =>
  argument instanceof Float32Array ? encodeVector(argument) : argument;

const argumentLiteral = (argument: QueryArgument): string =>
  typeof argument === 'number'
    ? String(argument)
    : literal(argument instanceof Float32Array ? vectorText(argument) : argument);

/** The queries of a run in its own order, as one block. */
function selectQueries(queries: Matrix, order: readonly number[]): Matrix {
  const { dimensions } = queries;
  const values = new Float32Array(order.length * dimensions);
  for (const [i, query] of order.entries()) {
    values.set(queries.values.subarray(query * dimensions, (query + 1) * dimensions), i * dimensions);
  }
  return { rows: order.length, dimensions, values };
}
