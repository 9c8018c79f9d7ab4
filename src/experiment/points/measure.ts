import { isSteady, voidReason } from '../../analysis/index.js';
import {
  type Arm,
  type ArmLoss,
  type ArmSamples,
  countPlans,
  emptyCaches,
  lookAtPlanCache,
  measureBlocks,
  measureClientFloor,
  measureTransactionCost,
  type PlanCacheLook,
  type PlanCounts,
  prewarm,
  type Schedule,
  type TableUnderTest,
  toConditions,
  VoidPoint,
  type Watch,
} from '../../measure/index.js';
import { encodeVector } from '../../postgres/index.js';
import type { Stage } from '../../progress.js';
import { createRandom } from '../../random.js';
import {
  type BuildRecord,
  type Conditions,
  keyOf,
  type PointRecord,
  type PointRequest,
  type Reason,
} from '../../results/index.js';
import { whyIndexesDiffer } from '../build/build.js';
import type { RunContext } from '../context.js';
import { isConnectionLost } from '../lasting-session.js';
import { spreadOverSizes } from './explained.js';
import { toPointRecord } from './record.js';
import type { Task } from './task.js';

type PointsContext = Pick<
  RunContext,
  | 'session'
  | 'watcher'
  | 'workspace'
  | 'dataset'
  | 'queries'
  | 'samples'
  | 'seed'
  | 'instruments'
  | 'clock'
  | 'reporter'
  | 'now'
>;

/** One question of a search, with all that is needed to answer it. */
export interface PointsAsked {
  readonly requests: readonly PointRequest[];
  /** The build of each request; its index exists on the table. */
  readonly builds: readonly BuildRecord[];
  /** The question of each request; all ask the same queries. */
  readonly tasks: readonly Task[];
  /** Of each request: how its exact answers differ from the server's own, null when they agree. */
  readonly mismatches: readonly (Reason | null)[];
  readonly table: TableUnderTest;
  readonly watch: Watch;
}

const BLOCK_QUERIES = 50;
const EXPLAIN_QUERIES = 50;
/** With cold caches every query is preceded by their emptying, which takes far longer than itself. */
const COLD_QUERIES = 100;
/** Enough where queries are expensive, or where points are many and choose what to look at next. */
const FEW_EXPLAINED = 20;
/** Round trips that the client floor rests on: of a search nothing is concluded, and its points are many. */
const FLOOR_ROUND_TRIPS = { confirm: 100, search: 20 };
/** After a server that goes away this many times under a measurement, something else is wrong. */
const MOST_ATTEMPTS = 3;

/**
 * Measures points side by side, in the state of the caches that they ask for. A measurement that a restart or a crash
 * of the server has interrupted is begun anew; one whose index or table was changed meanwhile is void, and so is one whose
 * exact answers are refuted.
 */
export async function measurePoints(context: PointsContext, asked: PointsAsked): Promise<readonly PointRecord[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const records = await measureOnce(context, asked, attempt);
      const interrupted = records.some(({ conditions }) => conditions?.server.interrupted);
      if (!interrupted || attempt === MOST_ATTEMPTS) return records;
    } catch (error) {
      if (!isConnectionLost(error) || attempt === MOST_ATTEMPTS) throw error;
      context.reporter.note({ code: 'connection-lost', data: {} });
      await context.session.renew();
      // It only shows progress.
      await context.watcher?.renew().catch(() => undefined);
    }
  }
}

async function measureOnce(
  context: PointsContext,
  { requests, builds, tasks, mismatches, table, watch }: PointsAsked,
  attempt: number,
): Promise<readonly PointRecord[]> {
  const { session, clock, instruments } = context;
  const startedAt = context.now();
  const { queries, classSizes = [] } = tasks[0]!;
  const schedule = scheduleOf({ ...context, queries }, requests, classSizes);
  const cache = requests[0]?.cache ?? 'warm';
  const arms = tasks.map((task) => task.arm(schedule.queries));
  const clientFloorMs = await measureClientFloor(
    session,
    encodeVector(queries.vector(0)),
    requests[0]?.workload.k ?? 1,
    requests[0]?.purpose === 'confirm' ? FLOOR_ROUND_TRIPS.confirm : FLOOR_ROUND_TRIPS.search,
  );

  const transactions: (readonly number[])[] = [];
  for (const { settings } of arms) {
    const isConcluded = requests[0]?.purpose === 'confirm' && cache === 'warm';
    transactions.push(isConcluded ? await measureTransactionCost(session, settings, clock) : []);
  }

  const timed = schedule.queries + (schedule.passes - 1) * schedule.timedQueries;
  const task = context.reporter.start(
    stageOf(requests, builds),
    requests.length * (schedule.explained.length + timed),
    'queries',
  );
  let done = 0;
  try {
    if (cache !== 'cold') {
      await prewarm(session, instruments.cacheTools, relationsOf(table, tasks, arms));
    }
    const plannedBefore = new Map<string, PlanCounts | null>();
    for (const { statement } of arms) plannedBefore.set(statement.name, await countPlans(session, statement));
    const observation = await watch.begin();
    const outcomes = await measureBlocks(session, table, arms, schedule, {
      clock,
      random: createRandom(context.seed).fork(requests.map((request) => keyOf('point', request)).join()),
      onQueries: (count) => task.update((done += count)),
      atEdge: () => observation.look(),
      // While searching, a value is looked at once and the next one follows; only conclusions are worth the wait.
      isSteady: cache === 'warm' && requests[0]?.purpose === 'confirm' ? isSteady : undefined,
      empty:
        cache === 'cold'
          ? (arm) => emptyCaches(session, instruments.cacheTools, relationsOf(table, tasks, [arm]))
          : undefined,
      statementTimes: cache === 'cold' ? null : instruments.statementTimes,
    });
    const conditions = toConditions(await observation.end(), attempt);
    const records: PointRecord[] = [];
    for (const [i, request] of requests.entries()) {
      const build = builds[i]!;
      const asked = tasks[i]!;
      const arm = arms[i]!;
      const { outcome, planCache } = await withPlanCache(outcomes[i]!, () =>
        lookAtPlanCache(session, table, arm, plannedBefore.get(arm.statement.name) ?? null),
      );
      const trusted = await voidIfUntrusted(context, {
        outcome,
        mismatch: mismatches[i] ?? null,
        builds: asked.builds,
        conditions,
      });
      records.push(
        toPointRecord(request, trusted, {
          ...context,
          task: asked,
          schedule,
          build,
          clientFloorMs,
          transactionMs: transactions[i]!,
          planCache,
          clock: clock.name,
          prewarmed: instruments.cacheTools.prewarm !== null,
          conditions,
          startedAt,
        }),
      );
    }
    return records;
  } finally {
    task.finish();
  }
}

function scheduleOf(
  { queries: set, samples }: PointsContext,
  requests: readonly PointRequest[],
  classSizes: readonly number[],
): Schedule {
  const queries = requests[0]?.queries ?? 0;
  // A search that is answered with fewer would believe that it saw them all.
  if (queries > set.size) throw new RangeError(`Expected at most ${set.size} queries to be asked, got ${queries}.`);
  const cold = requests[0]?.cache === 'cold';
  const isOneOfMany = requests[0]?.purpose === 'search';
  return {
    queries,
    timedQueries: cold ? Math.min(COLD_QUERIES, queries) : queries,
    passes: requests[0]?.purpose === 'confirm' && !cold ? Math.ceil((requests[0].samples ?? samples) / queries) : 1,
    blockQueries: BLOCK_QUERIES,
    explained: spreadOverSizes(classSizes.slice(0, queries), {
      queries,
      most: explained(requests[0], cold || isOneOfMany),
      isConclusion: !cold && requests[0]?.purpose === 'confirm',
    }),
  };
}

/** Where other indexes could take a query over, each is looked at: plans depend on the values. */
const explained = (request: PointRequest | undefined, few: boolean): number =>
  request?.among ? Infinity : few ? FEW_EXPLAINED : EXPLAIN_QUERIES;

const relationsOf = (
  table: TableUnderTest,
  tasks: readonly Task[],
  arms: readonly Arm[],
): Parameters<typeof prewarm>[2] => ({
  tables: [...new Set(tasks.flatMap(({ tables }) => tables))].map(table.quote),
  indexes: [...new Set(arms.flatMap(({ indexes }) => indexes))].map(table.quote),
});

/** An outcome with a look at the plan cache; void, when its plan is no longer what it was. */
async function withPlanCache(
  outcome: ArmSamples | ArmLoss,
  look: () => Promise<PlanCacheLook>,
): Promise<{ readonly outcome: ArmSamples | ArmLoss; readonly planCache: PlanCacheLook | null }> {
  if (outcome.status !== 'ok') return { outcome, planCache: null };
  try {
    return { outcome, planCache: await look() };
  } catch (error) {
    if (!(error instanceof VoidPoint)) throw error;
    return { outcome: { status: 'void', reason: error.reason }, planCache: null };
  }
}

/** An outcome that nothing speaks against, or its loss: neither table nor index may be other ones than at the beginning. */
async function voidIfUntrusted(
  { session, workspace }: PointsContext,
  asked: {
    readonly outcome: ArmSamples | ArmLoss;
    readonly mismatch: Reason | null;
    readonly builds: readonly BuildRecord[];
    readonly conditions: Conditions;
  },
): Promise<ArmSamples | ArmLoss> {
  const { outcome, mismatch, builds, conditions } = asked;
  if (outcome.status !== 'ok') return outcome;
  const reason = mismatch ?? voidReason(conditions) ?? (await whyIndexesDiffer(session, workspace, builds));
  return reason === null ? outcome : { status: 'void', reason };
}

const stageOf = (requests: readonly PointRequest[], builds: readonly BuildRecord[]): Stage => ({
  code: 'measure-points',
  data: {
    points: requests.map(({ workload, settings }, i) => {
      const { spec, rows = null } = builds[i]!.request;
      return { spec, rows, workload, settings };
    }),
  },
});
