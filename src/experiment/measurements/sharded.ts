import { summariseLatency, summariseRecall, voidReason } from '../../analysis/index.js';
import { PgvtuneError } from '../../errors.js';
import { exactTruth, rowBitmap } from '../../exact/index.js';
import { gucs } from '../../indexes/index.js';
import { isRefusal, refusalOf, toConditions, VoidPoint, type Watch } from '../../measure/index.js';
import { createRandom } from '../../random.js';
import {
  type BuildRecord,
  keyOf,
  type Reason,
  type ShardedPoint,
  type ShardedRecord,
  type ShardedRequest,
} from '../../results/index.js';
import { SINGLE_TABLE } from '../../vocabulary.js';
import { buildIndex, whyIndexesDiffer } from '../build/build.js';
import { wantedScan } from '../points/arm.js';
import { judgeRows } from '../points/judge-rows.js';
import { clientWay, type ClientWay, type ShardWork } from '../sharded/client-way.js';
import { dropForeignServers, foreignWay } from '../sharded/foreign-way.js';
import { isOnShard } from '../sharded/part-of-dataset.js';
import type { Way, WayContext } from '../sharded/way.js';
import { dropBuild, TABLE } from '../table/load.js';
import { createVerifiedTables } from '../table/verified-table.js';
import type { Bench } from './handler.js';

const BLOCK_QUERIES = 50;
/** Queries whose exact neighbours are asked of each shard. */
const VERIFIED = 20;
/** Queries whose work is counted. */
const EXPLAINED = 20;

/**
 * Builds an index on every shard, one after the other, asks all of them for the k nearest in both ways, interleaved in blocks
 * of the same queries, and drops the indexes.
 */
export async function measureSharded(bench: Bench, request: ShardedRequest): Promise<ShardedRecord> {
  const { spec, k, settings } = request;
  const startedAt = bench.now().toISOString();
  const builds = await buildOnShards(bench, request);
  const shards = bench.shards.map(({ server, rows }, i): ShardedRecord['shards'][number] => ({
    server: server.label,
    rows,
    index: builds[i]?.index ?? null,
    seconds: builds[i]?.seconds ?? 0,
  }));
  const record = { type: 'sharded' as const, key: keyOf('sharded', request), request, startedAt, shards };
  try {
    const verified = await verifyShards(bench);
    const reason = builds.find((build) => build.status === 'failed')?.reason ?? verified.mismatch;
    if (reason) return { ...record, reason, points: [], work: [] };
    const context: WayContext = {
      ...bench,
      spec,
      k,
      shards: bench.shards.map((shard, i) => ({ ...shard, wanted: wantedScan(TABLE, SINGLE_TABLE, builds[i]!) })),
      queries: bench.queries.slice(0, request.queries),
    };
    const named = settings.map((one) => ({ settings: one, gucs: gucs(spec.method, one) }));
    const clients = named.map((one) => clientWay(context, one));
    const foreign: Way[] = [];
    for (const [set, one] of named.entries()) foreign.push(await foreignWay(context, one, set));
    const seen = await measureWays(
      bench,
      context,
      clients.flatMap((client, i) => [foreign[i]!, client]),
    );
    const untrusted = await whyUntrusted(bench, builds, verified.watches);
    const points = untrusted === null ? seen : seen.map((point) => lost(point, 'void', untrusted));
    return { ...record, reason: null, points: [...points], work: await workOf(clients, context) };
  } finally {
    if (!bench.signal.aborted) {
      await dropForeignServers(bench);
      for (const [i, shard] of bench.shards.entries()) await dropBuild(shard, builds[i]);
    }
  }
}

async function buildOnShards(bench: Bench, { spec }: ShardedRequest): Promise<readonly BuildRecord[]> {
  const builds: BuildRecord[] = [];
  for (const { session, workspace, pgvector } of bench.shards) {
    const context = { ...bench, session, workspace, pgvector, watcher: null };
    builds.push(await buildIndex(context, { spec, repeat: 0 }, { table: TABLE, attempt: 1 }));
  }
  return builds;
}

/** Compares the exact neighbours among the rows of each shard with its own scan. */
async function verifyShards(
  bench: Bench,
): Promise<{ readonly mismatch: Reason | null; readonly watches: readonly Watch[] }> {
  const { dataset, metric, signal, truth, shards } = bench;
  const { rows } = dataset.manifest;
  const queries = bench.queries.slice(0, VERIFIED);
  const watches: Watch[] = [];
  let mismatch: Reason | null = null;
  for (const [i, { session, workspace }] of shards.entries()) {
    const bitmaps = [rowBitmap(rows, (row) => isOnShard(row, i, shards.length))];
    const filter = { bitmaps, ofQuery: new Int32Array(queries.size) };
    const ofShard = await exactTruth(dataset, { metric, k: truth.k, queries: queries.order, filter, signal });
    const verify = createVerifiedTables({ ...bench, session, workspace, layout: SINGLE_TABLE, queries });
    const verified = await verify({ name: TABLE, truth: ofShard });
    mismatch ??= verified.mismatch;
    watches.push(verified.watch);
  }
  return { mismatch, watches };
}

interface Progress {
  readonly way: Way;
  readonly latencies: number[];
  readonly returned: (readonly number[])[];
  checks: number;
  loss: Pick<ShardedPoint, 'status' | 'reason'> | null;
}

async function measureWays(bench: Bench, context: WayContext, ways: readonly Way[]): Promise<readonly ShardedPoint[]> {
  const { clock, reporter, samples } = bench;
  const { size } = context.queries;
  const random = createRandom(bench.seed).fork('sharded');
  const progress = ways.map((way): Progress => ({ way, latencies: [], returned: [], checks: 0, loss: null }));
  const passes = Math.ceil(samples / size);
  const task = reporter.start(
    { code: 'measure-shards', data: { spec: context.spec, shards: context.shards.length } },
    ways.length * size * passes,
    'queries',
  );
  let done = 0;
  /** A block of one way; what goes wrong there is its loss, not the run's. */
  const inBlock = async (state: Progress, query: number, work: () => Promise<void>): Promise<void> => {
    if (state.loss) return;
    try {
      await state.way.begin();
      await state.way.ask(query);
      await state.way.prove(query);
      state.checks++;
      await work();
    } catch (error) {
      if (error instanceof VoidPoint) state.loss = { status: 'void', reason: error.reason };
      else if (isRefusal(error) || isUnreachable(error)) state.loss = { status: 'failed', reason: refusalOf(error) };
      else throw error;
    }
  };
  try {
    // The first block of each warms it up.
    for (const state of progress) {
      await inBlock(state, 0, async () => {
        for (let q = 0; q < Math.min(BLOCK_QUERIES, size); q++) await state.way.ask(q);
      });
    }
    for (let pass = 0; pass < passes; pass++) {
      for (let first = 0; first < size; first += BLOCK_QUERIES) {
        const last = Math.min(first + BLOCK_QUERIES, size);
        for (const state of random.shuffle([...progress])) {
          await inBlock(state, first, async () => {
            for (let q = first; q < last; q++) {
              const start = clock.now();
              const rows = await state.way.ask(q);
              state.latencies.push(clock.now() - start);
              if (pass === 0) state.returned.push(rows);
            }
          });
          task.update((done += last - first));
        }
      }
    }
  } finally {
    task.finish();
  }
  return progress.map((state) => toPoint(bench, state));
}

/** The server of the run cannot reach a shard, or may not log in to it; its own session works. */
const isUnreachable = (error: unknown): error is PgvtuneError =>
  error instanceof PgvtuneError && error.sqlstate === '08001';

function toPoint(bench: Bench, { way, loss, ...seen }: Progress): ShardedPoint {
  const point = { settings: way.settings, way: way.name };
  if (loss) return { ...point, ...loss, measured: null };
  const judged = seen.returned.map((rows, query) => judgeRows(bench, bench.truth, query, rows));
  const { recall, completeness } = summariseRecall({
    hits: judged.map(({ hits }) => hits),
    strictHits: judged.map(({ strictHits }) => strictHits),
    returned: judged.map(({ returned }) => returned),
    expected: bench.truth.expected.subarray(0, judged.length),
    distanceRatios: judged.map(({ distanceRatio }) => distanceRatio),
  });
  const latencyMs = summariseLatency(seen.latencies, { blockSize: BLOCK_QUERIES, queries: judged.length });
  return { ...point, status: 'ok', reason: null, measured: { recall, completeness, latencyMs, checks: seen.checks } };
}

const lost = (point: ShardedPoint, status: 'void' | 'failed', reason: Reason): ShardedPoint => ({
  ...point,
  status,
  reason,
  measured: null,
});

/** Neither rows nor indexes of a shard may be other ones than at the beginning. */
async function whyUntrusted(
  { shards }: Bench,
  builds: readonly BuildRecord[],
  watches: readonly Watch[],
): Promise<Reason | null> {
  for (const [i, { session, workspace }] of shards.entries()) {
    const observation = await watches[i]!.begin();
    const reason =
      voidReason(toConditions(await observation.end(), 1)) ??
      (await whyIndexesDiffer(session, workspace, [builds[i]!]));
    if (reason !== null) return reason;
  }
  return null;
}

/** Means over the first queries. */
async function workOf(clients: readonly ClientWay[], { queries }: WayContext): Promise<ShardedRecord['work']> {
  const work: ShardedRecord['work'] = [];
  for (const client of clients) {
    try {
      await client.begin();
      await client.ask(0);
      const counted: (readonly ShardWork[])[] = [];
      for (let q = 0; q < Math.min(EXPLAINED, queries.size); q++) counted.push(await client.work(q));
      const mean = (of: readonly number[]): number => of.reduce((sum, value) => sum + value, 0) / of.length;
      const shards = counted[0]!.map((_, shard) => ({
        buffers: mean(counted.map((one) => one[shard]!.buffers)),
        serverMs: mean(counted.map((one) => one[shard]!.serverMs)),
      }));
      work.push({ settings: client.settings, shards });
    } catch (error) {
      if (!(error instanceof VoidPoint)) throw error;
      work.push({ settings: client.settings, shards: [] });
    }
  }
  return work;
}
