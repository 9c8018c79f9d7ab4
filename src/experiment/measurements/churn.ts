import { PgvtuneError } from '../../errors.js';
import { gucs } from '../../indexes/index.js';
import { measureLiveRecall } from '../../live/index.js';
import { latencyQuantile, nearestRank } from '../../analysis/index.js';
import type { Stage } from '../../progress.js';
import { createRandom } from '../../random.js';
import { type ChurnRecord, type ChurnRequest, type ChurnState, keyOf } from '../../results/index.js';
import { buildIndex } from '../build/build.js';
import { type Changes, planChanges } from '../churn/changes.js';
import { orderOfArrival } from '../churn/order.js';
import { queriesAsLog } from '../churn/queries.js';
import { CHURN_TABLE, fillTable } from '../churn/table.js';
import { searchUntil, writeRound } from '../churn/write-and-search.js';
import type { Bench } from './handler.js';

const FOREVER = { deadlineMs: Infinity };
/** An exact scan of the whole table, or one search: more than this is a server in trouble. */
const STATEMENT_MS = 600_000;

/**
 * Builds the index on a part of the rows, changes rows in rounds, and measures recall, pages, latency and sizes after each, on
 * one table; then vacuums it and measures, and builds the index anew and measures. The exact answers are those of a scan of
 * the table as it then is.
 *
 * @throws {PgvtuneError} `server` where the index cannot be built
 */
export async function measureChurn(context: Bench, request: ChurnRequest): Promise<ChurnRecord> {
  const { session, workspace, dataset, metric, clock, reporter, signal } = context;
  const startedAt = context.now().toISOString();
  const random = createRandom(context.seed).fork('churn');
  const order = orderOfArrival(dataset, { arrival: request.arrival, metric, random });
  const plan = planChanges(order, request, random);
  const table = workspace.quote(CHURN_TABLE);
  await fillTable(session, workspace, { rows: plan.start, dimensions: context.dimensions, metric });
  const build = await buildIndex(context, { spec: request.spec, repeat: 0 }, { table: CHURN_TABLE, attempt: 1 });
  if (build.status !== 'ok' || build.index === null) {
    throw new PgvtuneError('server', 'The server refuses to build the index on the rows at the start.', {
      hint: 'Build it with pgvtune bench: its report has the reason.',
    });
  }
  const index = workspace.quote(build.index.name);
  const settings = gucs(request.spec.method, request.settings);
  const states: ChurnState[] = [];
  const count = { changed: 0, rows: plan.start.length, deadRows: 0 };

  const look = async (after: ChurnState['after']): Promise<void> => {
    await session.query(`ANALYZE ${table}`, [], FOREVER);
    const sizes = await session.query<{ tableBytes: number; indexBytes: number }>(
      `SELECT pg_table_size($1::regclass)::float8 AS "tableBytes", pg_relation_size($2::regclass)::float8 AS "indexBytes"`,
      [table, index],
    );
    const searches = await searchesOf(context, request, settings);
    states.push({ after, ...count, ...sizes[0]!, searches });
  };

  await look({ kind: 'build', seconds: build.seconds });
  const writer = context.watcher ? await workspace.connect('write') : session;
  try {
    for (const [round, batches] of plan.rounds.entries()) {
      const task = reporter.start(
        { code: 'change-rows', data: { round: round + 1, rounds: plan.rounds.length } },
        sum(batches, ({ insert, update, delete: gone }) => insert.length + update.length + gone.length),
        'rows',
      );
      let done = 0;
      let isOver = false;
      const { changesPerSecond } = request;
      const writing = writeRound(writer, batches, {
        workspace,
        changesPerSecond,
        clock,
        signal,
        onChanges: (some) => task.update((done += some)),
      }).finally(() => (isOver = true));
      const searching =
        writer === session
          ? null
          : searchUntil(session, () => isOver, { ...context, spec: request.spec, k: request.k, settings }).catch(
              (error: unknown) => {
                isOver = true;
                throw error;
              },
            );
      const [seconds, ms] = await Promise.all([writing, searching]);
      task.finish();
      const after = {
        kind: 'changes' as const,
        inserted: sum(batches, ({ insert }) => insert.length),
        updated: sum(batches, ({ update }) => update.length),
        deleted: sum(batches, ({ delete: gone }) => gone.length),
      };
      count.rows += after.inserted - after.deleted;
      count.deadRows += after.updated + after.deleted;
      count.changed += after.inserted + after.updated + after.deleted;
      await look({ ...after, seconds, beside: besideOf(ms) });
    }
  } finally {
    if (writer !== session) await writer.close();
  }

  const timed = async (stage: Stage, statement: string): Promise<number> => {
    const task = reporter.start(stage, 1, 'share');
    const start = clock.now();
    await session.query(statement, [], FOREVER);
    task.finish();
    return (clock.now() - start) / 1000;
  };
  const vacuumSeconds = await timed({ code: 'vacuum', data: {} }, `VACUUM ${table}`);
  count.deadRows = 0;
  await look({ kind: 'vacuum', seconds: vacuumSeconds });
  // The embedded server has one session, and nobody to be concurrent with.
  const concurrently = context.watcher !== null;
  const reindexSeconds = await timed(
    { code: 'reindex', data: { concurrently } },
    `REINDEX INDEX ${concurrently ? 'CONCURRENTLY ' : ''}${index}`,
  );
  await look({ kind: 'reindex', seconds: reindexSeconds, concurrently });
  await session.query(`DROP TABLE ${table}`, [], FOREVER);
  return { type: 'churn', key: keyOf('churn', request), request, startedAt, startRows: plan.start.length, states };
}

async function searchesOf(
  { session, workspace, dataset, seed, clock, reporter }: Bench,
  { k, queries }: ChurnRequest,
  settings: Readonly<Record<string, string>>,
): Promise<ChurnState['searches']> {
  const { measured } = await measureLiveRecall({
    session,
    table: workspace.quote(CHURN_TABLE),
    k,
    queries,
    settings,
    log: queriesAsLog(dataset),
    deadlineMs: STATEMENT_MS,
    seed,
    clock,
    reporter,
  });
  if (measured === null) return null;
  const at = (p: number) => latencyQuantile({ latencyMs: measured.latencyMs.again }, p)?.estimate ?? null;
  return {
    recall: measured.recall.mean,
    completeness: measured.completeness.mean,
    buffers: measured.buffers.mean,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
  };
}

function besideOf(ms: readonly number[] | null): { queries: number; p50Ms: number; p95Ms: number } | null {
  if (ms === null || ms.length === 0) return null;
  const sorted = Float64Array.from(ms).sort();
  return { queries: ms.length, p50Ms: nearestRank(sorted, 0.5), p95Ms: nearestRank(sorted, 0.95) };
}

const sum = (batches: readonly Changes[], of: (batch: Changes) => number): number =>
  batches.reduce((total, batch) => total + of(batch), 0);
