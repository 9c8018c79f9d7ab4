import type { PlanNode } from '../postgres/index.js';
import { explainPrepared, type Session, type Settings } from '../postgres/index.js';
import { PgvtuneError } from '../errors.js';
import type { Random } from '../random.js';
import { type Arm, type ArmEvidence, type TableUnderTest, VoidPoint, withArm } from './arm.js';
import type { Clock } from './clock.js';

/** How long and in which portions arms are measured. */
export interface Schedule {
  /** Every arm answers queries 0 … queries − 1. */
  readonly queries: number;
  /** How many times each query is timed. */
  readonly passes: number;
  /** Queries an arm answers in a row before the next arm has its turn. */
  readonly blockQueries: number;
  /** Queries whose buffers are counted by EXPLAIN (ANALYZE, BUFFERS), apart from the timed ones. */
  readonly explainQueries: number;
}

/** Raw samples of an arm that proved what it measured, at every block. */
export interface ArmSamples {
  readonly status: 'ok';
  readonly settings: Settings;
  readonly scan: PlanNode;
  /** How many times settings and plan were looked at. */
  readonly checks: number;
  /** passes × queries round trips in order of measurement. */
  readonly latenciesMs: Float64Array;
  /** Ids returned by query q in the first pass, in the order returned. */
  readonly returned: readonly (readonly number[])[];
  readonly buffersHit: readonly number[];
  readonly buffersRead: readonly number[];
}

/** An arm that could not prove what it measured (`void`) or whose queries the server refused (`failed`). */
export interface ArmLoss {
  readonly status: 'void' | 'failed';
  readonly reason: string;
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
  loss: ArmLoss | undefined;
}

/**
 * Measures arms side by side on one backend, in alternating blocks of the same queries, the order of the arms shuffled
 * anew for each block. Two backends are not exchangeable (each inherits its core and neighbours), and what happens to
 * the machine during a comparison must happen to every arm alike.
 *
 * First every arm counts its buffers on a sample, which also warms it up; then come the timed passes.
 *
 * @param onQueries called with the number of queries just finished, over all arms
 */
export async function measureBlocks(
  session: Session,
  table: TableUnderTest,
  arms: readonly Arm[],
  schedule: Schedule,
  { clock, random, onQueries }: { clock: Clock; random: Random; onQueries: (count: number) => void },
): Promise<readonly (ArmSamples | ArmLoss)[]> {
  const progress = arms.map((arm): Progress => ({
    arm,
    settings: {},
    scan: undefined,
    checks: 0,
    latencies: [],
    returned: [],
    buffersHit: [],
    buffersRead: [],
    loss: undefined,
  }));

  for (const state of progress) {
    await inBlock(session, table, state, 0, () => countBuffers(session, state, schedule));
    onQueries(schedule.explainQueries);
  }
  for (let pass = 0; pass < schedule.passes; pass++) {
    for (let first = 0; first < schedule.queries; first += schedule.blockQueries) {
      const last = Math.min(first + schedule.blockQueries, schedule.queries);
      for (const state of random.shuffle([...progress])) {
        await inBlock(session, table, state, first, () => timeBlock(session, state, { first, last, pass, clock }));
        onQueries(last - first);
      }
    }
  }
  return progress.map(finish);
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
    if (error instanceof VoidPoint) state.loss = { status: 'void', reason: error.message };
    // A statement that the server refused leaves the session usable; without an SQLSTATE the connection itself is gone.
    else if (isRefusal(error)) state.loss = { status: 'failed', reason: error.message };
    else throw error;
  }
}

function isRefusal(error: unknown): error is PgvtuneError {
  return (
    error instanceof PgvtuneError &&
    error.code === 'server' &&
    error.sqlstate !== undefined &&
    !/^(08|57P)/.test(error.sqlstate)
  );
}

async function countBuffers(session: Session, state: Progress, { explainQueries }: Schedule): Promise<void> {
  for (let query = 0; query < explainQueries; query++) {
    const { arm } = state;
    const plan = await explainPrepared(session, arm.statement, arm.literals(query), { analyze: true });
    state.buffersHit.push(plan.sharedHit);
    state.buffersRead.push(plan.sharedRead);
  }
}

async function timeBlock(
  session: Session,
  state: Progress,
  { first, last, pass, clock }: { first: number; last: number; pass: number; clock: Clock },
): Promise<void> {
  const { arm } = state;
  for (let query = first; query < last; query++) {
    const parameters = arm.parameters(query);
    const start = clock.now();
    const rows = await session.execute(arm.statement, parameters);
    state.latencies.push(clock.now() - start);
    if (pass === 0) state.returned.push(rows.map((row) => Number(row[0])));
  }
}

function finish(state: Progress): ArmSamples | ArmLoss {
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
  };
}
