import type { PlanNode } from '../postgres/index.js';
import { explainPrepared, type Session, type Settings } from '../postgres/index.js';
import { PgvtuneError } from '../errors.js';
import type { Random } from '../random.js';
import type { Reason } from '../results/index.js';
import { type Arm, type ArmEvidence, type TableUnderTest, VoidPoint, withArm } from './arm.js';
import type { Clock } from './clock.js';
import { addCount, countStatement, type StatementCount, type StatementTimes } from './server-time.js';
import { type WarmUp, warmUp } from './warm-up.js';

/** How long and in which portions arms are measured. */
export interface Schedule {
  /** Every arm answers queries 0 … queries − 1. */
  readonly queries: number;
  /** How many of them are timed, the first ones; the others are only answered. */
  readonly timedQueries: number;
  /** How many times each of these is timed. */
  readonly passes: number;
  /** Queries an arm answers in a row before the next arm has its turn. */
  readonly blockQueries: number;
  /** Queries whose buffers are counted by EXPLAIN (ANALYZE, BUFFERS), apart from the timed round trips. */
  readonly explained: readonly number[];
}

/** Raw samples of an arm that proved what it measured, at every block. */
export interface ArmSamples {
  readonly status: 'ok';
  readonly settings: Settings;
  readonly scan: PlanNode;
  /** How many times settings and plan were looked at. */
  readonly checks: number;
  /** passes × timedQueries round trips in order of measurement. */
  readonly latenciesMs: Float64Array;
  /** Ids returned by query q in the first pass, in the order returned. */
  readonly returned: readonly (readonly number[])[];
  readonly buffersHit: readonly number[];
  readonly buffersRead: readonly number[];
  /** Plans of the queries that the buffers were counted of, as they were executed; each was proved. */
  readonly explained: readonly PlanNode[];
  /** Execution times of the same queries as EXPLAIN told them, without the round trip. */
  readonly explainMs: readonly number[];
  /** What pg_stat_statements counted of the timed queries; null where it does not count. */
  readonly statements: StatementCount | null;
  /** Null where none was asked for. */
  readonly warmUp: WarmUp | null;
}

/** What measuring in blocks needs beside the schedule. */
export interface BlockOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Called with the number of queries just finished, over all arms. */
  readonly onQueries: (count: number) => void;
  /** Called between blocks, outside of any transaction. */
  readonly atEdge?: () => Promise<void>;
  /** Judges medians of successive blocks; absent: no warm-up. */
  readonly isSteady?: ((medians: readonly number[]) => boolean) | undefined;
  /** Puts the table and the arm's index out of the cache, before every query that is timed or counted. */
  readonly empty?: ((arm: Arm) => Promise<void>) | undefined;
  readonly statementTimes?: StatementTimes | null;
}

/** Queries of a block of the warm-up: it is there to see a trend, not to measure. */
const WARM_UP_QUERIES = 10;
/** Queries that an arm explains in a row. */
const EXPLAIN_BLOCK = 25;

/** An arm that could not prove what it measured (`void`) or whose queries the server refused (`failed`). */
export interface ArmLoss {
  readonly status: 'void' | 'failed';
  readonly reason: Reason;
}

interface Progress {
  readonly arm: Arm;
  settings: Settings;
  scan: PlanNode | undefined;
  checks: number;
  latencies: number[];
  returned: (readonly number[])[];
  buffersHit: number[];
  buffersRead: number[];
  explained: PlanNode[];
  explainMs: number[];
  /** Undefined before the first block; null once the server's count could not be read. */
  statements: StatementCount | null | undefined;
  loss: ArmLoss | undefined;
}

/**
 * Measures arms side by side on one backend, in alternating blocks of the same queries, the order of the arms shuffled
 * anew for each block. Two backends are not exchangeable (each inherits its core and neighbours), and what happens to
 * the machine during a comparison must happen to every arm alike.
 *
 * First all arms warm up, then each counts its buffers on a sample, in alternating blocks, too: EXPLAIN tells times, and
 * those of cold caches would be compared with warm ones. The timed passes come last.
 */
export async function measureBlocks(
  session: Session,
  table: TableUnderTest,
  arms: readonly Arm[],
  schedule: Schedule,
  options: BlockOptions,
): Promise<readonly (ArmSamples | ArmLoss)[]> {
  const { random, onQueries, atEdge = async () => undefined, isSteady } = options;
  const progress = arms.map((arm): Progress => ({
    arm,
    settings: {},
    scan: undefined,
    checks: 0,
    latencies: [],
    returned: [],
    buffersHit: [],
    buffersRead: [],
    explained: [],
    explainMs: [],
    statements: undefined,
    loss: undefined,
  }));

  const round = () => warmUpRound(session, table, progress, schedule, options);
  const warmedUp = isSteady ? await warmUp(round, isSteady) : null;
  // A single look is not worth a warm-up, but its first queries must not be those that are explained.
  if (!isSteady && !options.empty) await round();
  for (let first = 0; first < schedule.explained.length; first += EXPLAIN_BLOCK) {
    const queries = schedule.explained.slice(first, first + EXPLAIN_BLOCK);
    for (const state of random.shuffle([...progress])) {
      await inBlock(session, table, state, queries[0]!, () => countBuffers(session, state, queries, options));
      onQueries(queries.length);
    }
    await atEdge();
  }
  for (let pass = 0; pass < schedule.passes; pass++) {
    const queries = pass === 0 ? schedule.queries : schedule.timedQueries;
    for (let first = 0; first < queries; first += schedule.blockQueries) {
      const last = Math.min(first + schedule.blockQueries, queries);
      for (const state of random.shuffle([...progress])) {
        const block = { first, last, pass, timed: schedule.timedQueries };
        await inBlock(session, table, state, first, () => timeBlock(session, state, block, options));
        onQueries(last - first);
      }
      await atEdge();
    }
  }
  return progress.map((state) => finish(state, warmedUp));
}

/** Runs one block of an arm that is still in the race; what goes wrong there is the arm's loss, not the run's. */
async function inBlock(
  session: Session,
  table: TableUnderTest,
  state: Progress,
  query: number,
  work: () => Promise<void>,
): Promise<void> {
  if (state.loss) return;
  const look = async ({ settings, scan }: ArmEvidence): Promise<void> => {
    state.settings = settings;
    state.scan = scan;
    state.checks++;
    await work();
  };
  try {
    await withArm(session, table, state.arm, query, look);
  } catch (error) {
    if (error instanceof VoidPoint) {
      state.loss = { status: 'void', reason: error.reason };
    }
    // A statement that the server refused leaves the session usable; without an SQLSTATE the connection itself is gone.
    else if (isRefusal(error)) state.loss = { status: 'failed', reason: refusalOf(error) };
    else throw error;
  }
}

/** True for an error of one statement, which leaves the session usable. */
export function isRefusal(error: unknown): error is PgvtuneError & { readonly sqlstate: string } {
  return (
    error instanceof PgvtuneError &&
    error.code === 'server' &&
    error.sqlstate !== undefined &&
    !/^(08|57P)/.test(error.sqlstate)
  );
}

/** The refusal as a reason, without anything of the statement. */
export const refusalOf = ({ message, sqlstate, hint }: PgvtuneError): Reason => ({
  code: 'refused',
  data: { message, sqlstate: sqlstate ?? null, hint: hint ?? null },
});

async function countBuffers(
  session: Session,
  state: Progress,
  queries: readonly number[],
  { empty }: BlockOptions,
): Promise<void> {
  const { arm } = state;
  for (const query of queries) {
    await empty?.(arm);
    const plan = await explainPrepared(session, arm.statement, arm.literals(query), { analyze: true });
    arm.checkPlan(plan, query);
    state.explained.push(plan);
    state.buffersHit.push(plan.sharedHit);
    state.buffersRead.push(plan.sharedRead);
    if (plan.executionMs !== null) state.explainMs.push(plan.executionMs);
  }
}

/** One short block of every arm. @returns their medians in milliseconds; null for an arm that is lost */
async function warmUpRound(
  session: Session,
  table: TableUnderTest,
  progress: readonly Progress[],
  { queries }: Schedule,
  { clock, random }: BlockOptions,
): Promise<readonly (number | null)[]> {
  const first = random.int(queries);
  const medians = new Map<Progress, number>();
  for (const state of random.shuffle([...progress])) {
    await inBlock(session, table, state, first, async () => {
      const latencies: number[] = [];
      for (let i = 0; i < WARM_UP_QUERIES; i++) {
        const start = clock.now();
        await session.execute(state.arm.statement, state.arm.parameters((first + i) % queries));
        latencies.push(clock.now() - start);
      }
      medians.set(state, latencies.sort((a, b) => a - b)[WARM_UP_QUERIES >> 1]!);
    });
  }
  return progress.map((state) => medians.get(state) ?? null);
}

interface Block {
  readonly first: number;
  /** The one after the block's last. */
  readonly last: number;
  readonly pass: number;
  /** Queries from this one on are only answered. */
  readonly timed: number;
}

async function timeBlock(
  session: Session,
  state: Progress,
  { first, last, pass, timed }: Block,
  { clock, empty, statementTimes }: BlockOptions,
): Promise<void> {
  const { arm } = state;
  const count = statementTimes ? await countStatement(statementTimes, arm.statement, arm.literals(first)) : null;
  for (let query = first; query < last; query++) {
    const parameters = arm.parameters(query);
    if (empty && query < timed) {
      await empty(arm);
      // Moving a relation makes the statement be planned anew, which must not be timed.
      const plan = await explainPrepared(session, arm.statement, arm.literals(query), { analyze: false });
      arm.checkPlan(plan, query);
    }
    const start = clock.now();
    const rows = await session.execute(arm.statement, parameters);
    const end = clock.now();
    if (query < timed) state.latencies.push(end - start);
    if (pass === 0) state.returned.push(rows.map((row) => Number(row[0])));
  }
  if (statementTimes) state.statements = addCount(state.statements, await count?.(), last - first);
}

function finish(state: Progress, warmedUp: WarmUp | null): ArmSamples | ArmLoss {
  if (state.loss) return state.loss;
  if (!state.scan) throw new TypeError('An arm was measured without a look at its plan.');
  return {
    status: 'ok',
    settings: state.settings,
    scan: state.scan,
    checks: state.checks,
    latenciesMs: Float64Array.from(state.latencies),
    returned: state.returned,
    buffersHit: state.buffersHit,
    buffersRead: state.buffersRead,
    explained: state.explained,
    explainMs: state.explainMs,
    statements: state.statements ?? null,
    warmUp: warmedUp,
  };
}
