import { PgvtuneError } from '../../errors.js';
import { groupBy } from '../../group-by.js';
import { bothPlans, type Clock, countPlans, toConditions, watchConditions } from '../../measure/index.js';
import {
  applySettings,
  explainPrepared,
  explainQuery,
  literal,
  readOnly,
  type Session,
  type Settings,
  walkPlan,
} from '../../postgres/index.js';
import type { LiveTable } from '../catalog/table.js';
import type { Reporter } from '../../progress.js';
import type { Conditions, PlanCache } from '../../results/index.js';
import { explainLines, livePlan, type LivePlan } from '../catalog/plan.js';
import type { LiveQuestion } from './question.js';
import { type LiveQuery, parametersOf } from './queries.js';

/** Everything that the stages of a live measurement share. */
export interface LiveMeasurement {
  readonly session: Session;
  readonly table: LiveTable;
  readonly question: LiveQuestion;
  readonly queries: readonly LiveQuery[];
  readonly k: number;
  /** Settings for the index's side. */
  readonly settings: Settings;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/** A transaction with the settings of the index's side in force. */
export const asApplication = <T>(
  { session, settings, deadlineMs }: LiveMeasurement,
  work: () => Promise<T>,
): Promise<T> =>
  readOnly(session, { deadlineMs }, async () => {
    await applySettings(session, settings);
    return work();
  });

/** The natural plan, as a person reads it and as the program does. */
export interface NaturalPlan extends LivePlan {
  /** Plans of queries with other parameters than the vector, the commonest first; one for all where there are none. */
  readonly plans: readonly { readonly text: string; readonly queries: number }[];
  readonly explain: readonly string[];
  /** With sequential scans discouraged; null when the natural plan uses an index. */
  readonly explainForced: readonly string[] | null;
}

/** What the planner does with the queries; nothing is executed. */
export function lookAtPlan(run: LiveMeasurement): Promise<PlannedArm> {
  const { session, table, question, queries } = run;
  const { text } = question.approximate;
  return asApplication(run, async () => {
    const planOf = async (query: LiveQuery) => livePlan(await explainQuery(session, text, parametersOf(query)), table);
    const first = await planOf(queries[0]!);
    // The vector changes no plan; another parameter may.
    const plans = [first];
    for (const query of queries.slice(1)) plans.push(query.values.length > 0 ? await planOf(query) : first);
    const shown = plans.findIndex(({ indexes }) => indexes.length > 0);
    const explain = () => explainLines(session, text, parametersOf(queries[Math.max(0, shown)]!));
    const natural = {
      indexes: [...new Set(plans.flatMap(({ indexes }) => indexes))],
      others: [...new Set(plans.flatMap(({ others }) => others))],
      text: plans[Math.max(0, shown)]!.text,
      plans: [...groupBy(plans, (plan) => plan.text)]
        .map(([plan, same]) => ({ text: plan, queries: same.length }))
        .sort((a, b) => b.queries - a.queries),
      explain: await explain(),
      explainForced: null,
    };
    const texts = plans.map((plan) => plan.text);
    if (shown >= 0) return { run, natural, texts };
    await applySettings(session, { enable_seqscan: 'off' });
    return { run, natural: { ...natural, explainForced: await explain() }, texts };
  });
}

/** @throws {PgvtuneError} `server` when the statement that was timed is served otherwise than at first */
export async function checkPlan(
  { session, table, question }: LiveMeasurement,
  query: LiveQuery,
  before: string,
): Promise<void> {
  const plan = await explainPrepared(session, question.approximate, literalsOf(query), { analyze: false });
  const { text } = livePlan(plan, table);
  if (text === before) return;
  throw new PgvtuneError('server', `The plan changed during the run: from ${before} to ${text}.`, {
    hint: 'Somebody changed indexes, statistics or settings: run it again.',
  });
}

/** A question that is asked under certain settings, and the plan that it gets. */
export interface PlannedArm {
  readonly run: LiveMeasurement;
  readonly natural: NaturalPlan;
  /** The plan of each query, in their order. */
  readonly texts: readonly string[];
}

const literalsOf = (query: LiveQuery): readonly string[] => parametersOf(query).map((value) => literal(value));

export interface TimedArm {
  /** Milliseconds, in the order of the queries: asked for the first time, and once more. */
  readonly first: Float64Array;
  readonly again: Float64Array;
  readonly buffersHit: readonly number[];
  readonly buffersRead: readonly number[];
  /** Rows that each of the same queries read and threw away, and how long the server took for it. */
  readonly rowsRemoved: readonly number[];
  readonly serverMs: readonly number[];
  /** How many times the plan was looked at. */
  readonly checks: number;
  readonly planCache: PlanCache;
}

export interface TimedArms {
  /** In the order of the arms. */
  readonly arms: readonly TimedArm[];
  /** What went on meanwhile, as far as the role may see it. */
  readonly conditions: Conditions;
}

/** Queries that share a transaction, and so a look at settings and plan. */
export const BLOCK_QUERIES = 50;
/** Queries whose buffers are counted, apart from the timed ones. */
const EXPLAIN_QUERIES = 50;

/**
 * Times the index alone: every query of every arm twice, in blocks, those of the arms in turn; then counts buffers on some
 * of them.
 *
 * @param arms on one table and one session
 */
export async function timeArms(arms: readonly PlannedArm[]): Promise<TimedArms> {
  const { session, table, deadlineMs, clock, reporter } = arms[0]!.run;
  /** Each look sees the server's statistics of its own moment. */
  const looking = <T>(look: () => Promise<T>): Promise<T> => readOnly(session, { deadlineMs }, look);
  const watch = await looking(() => watchConditions({ session, table: table.quoted, clock, alone: false }));
  const observation = await looking(() => watch.begin());
  const passes = arms.map(() => [[], []] as [number[], number[]]);
  const longest = Math.max(...arms.map(({ run }) => run.queries.length));
  const total = arms.reduce((sum, { run }) => sum + 2 * run.queries.length + countedOf(run).length, 0);
  const task = reporter.start({ code: 'time-live-index', data: {} }, total, 'queries');
  let done = 0;
  try {
    for (const pass of [0, 1] as const) {
      for (let first = 0; first < longest; first += BLOCK_QUERIES) {
        for (const [i, arm] of arms.entries()) {
          const times = await timeBlock(arm, first);
          passes[i]![pass].push(...times);
          await looking(() => observation.look());
          task.update((done += times.length));
        }
      }
    }
    const timed: TimedArm[] = [];
    for (const [i, arm] of arms.entries()) {
      const [first, again] = passes[i]!;
      timed.push({
        first: Float64Array.from(first),
        again: Float64Array.from(again),
        checks: 2 * Math.ceil(first.length / BLOCK_QUERIES),
        ...(await countWork(arm)),
      });
      task.update((done += countedOf(arm.run).length));
    }
    return { arms: timed, conditions: toConditions(await looking(() => observation.end()), 1) };
  } finally {
    task.finish();
  }
}

const countedOf = ({ queries }: LiveMeasurement) => queries.slice(0, EXPLAIN_QUERIES);

/** Milliseconds of the queries from `first` on; none where the arm has no such queries. */
async function timeBlock({ run, texts }: PlannedArm, first: number): Promise<readonly number[]> {
  const { session, question, queries, clock } = run;
  const { approximate } = question;
  const block = queries.slice(first, first + BLOCK_QUERIES);
  if (block.length === 0) return [];
  const times: number[] = [];
  await asApplication(run, async () => {
    // Prepares the statement, and leaves the block's own queries as they are.
    await session.execute(approximate, parametersOf(queries.at(first - 1)!), run);
    await checkPlan(run, block[0]!, texts[first]!);
    for (const query of block) {
      const parameters = parametersOf(query);
      const start = clock.now();
      await session.execute(approximate, parameters, run);
      times.push(clock.now() - start);
    }
  });
  return times;
}

/** Buffers, rows and the server's time of some of the queries, and how the plan cache treats the statement. */
async function countWork({
  run,
}: PlannedArm): Promise<Pick<TimedArm, 'buffersHit' | 'buffersRead' | 'rowsRemoved' | 'serverMs' | 'planCache'>> {
  const { session, table, question, queries } = run;
  const { approximate } = question;
  const [buffersHit, buffersRead]: [number[], number[]] = [[], []];
  const [rowsRemoved, serverMs]: [number[], number[]] = [[], []];
  const planCache = await asApplication(run, async () => {
    const counts = await countPlans(session, approximate);
    const both = await bothPlans(session, approximate, literalsOf(queries[0]!));
    for (const query of countedOf(run)) {
      const plan = await explainPrepared(session, approximate, literalsOf(query), { analyze: true });
      buffersHit.push(plan.sharedHit);
      buffersRead.push(plan.sharedRead);
      rowsRemoved.push([...walkPlan(plan)].reduce((sum, node) => sum + node.rowsRemovedByFilter, 0));
      if (plan.executionMs !== null) serverMs.push(plan.executionMs);
    }
    return {
      mode: both.mode,
      genericPlans: counts?.generic ?? null,
      customPlans: counts?.custom ?? null,
      generic: livePlan(both.generic, table).text,
      custom: livePlan(both.custom, table).text,
    };
  });
  return { buffersHit, buffersRead, rowsRemoved, serverMs, planCache };
}
