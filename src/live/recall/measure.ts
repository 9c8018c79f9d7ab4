import type { DatasetSource } from '../../datasets/index.js';
import { type Clock, measureClientFloor } from '../../measure/index.js';
import { encodeVector, numbersInText, readOnly, type Session, type Settings } from '../../postgres/index.js';
import type { NamedJoin } from '../catalog/joins.js';
import type { Reporter } from '../../progress.js';
import { compareArms } from './compare.js';
import { expectedCost } from './cost.js';
import { concludeRecall, type MeasuredArm, type Outcome } from './conclude.js';
import { limitOfIndex } from './limit.js';
import { type LivePart, prepare, type Prepared } from './prepare.js';
import type { LoggedQuery } from './queries.js';
import { statementOf } from './question.js';
import type { LivePlanEvidence, LiveRecall } from './report.js';
import { type LiveMeasurement, lookAtPlan, type NaturalPlan, type PlannedArm, type TimedArm, timeArms } from './run.js';
import { summarise } from './summarise.js';
import type { Sweep } from './sweep.js';

export interface LiveRecallOptions {
  readonly session: Session;
  /** As in SQL, see `readLiveTable`. */
  readonly table: string;
  readonly column?: string | undefined;
  /** Name of an index, where the column has several kinds. */
  readonly index?: string | undefined;
  readonly k: number;
  /** With `by`: of each group. */
  readonly queries: number;
  /** A condition in SQL that answers, and rows taken as queries, have to meet. */
  readonly where?: string | undefined;
  /** The application's own search, with a parameter for the vector; its LIMIT is k, and `where` and `by` say nothing. */
  readonly statement?: string | undefined;
  /** Of its parameters that are the same for every query, by their numbers; those of the others are drawn. */
  readonly values?: ReadonlyMap<number, string>;
  /** Measures the rows of each value by themselves: a column, an expression, or `table.column` of a joined table. */
  readonly by?: string | undefined;
  /** The way to that table; absent: along the foreign keys. */
  readonly joins?: readonly NamedJoin[];
  /** With `by`: how many groups are measured at most. */
  readonly groups?: number;
  /** Settings for the index's side by their full names. */
  readonly settings: Settings;
  /** Measures every value of this setting besides. */
  readonly sweep?: Sweep | undefined;
  /** The application's own query vectors; absent: rows of the table are the queries, each looking for the others. */
  readonly log?: DatasetSource | undefined;
  /** Executions of the statement instead, which say all of its other parameters too. */
  readonly executions?: readonly LoggedQuery[] | undefined;
  /** Mean recall to be shown. */
  readonly target?: number | undefined;
  /** Nothing is timed, and no exact scan made, when these are expected to take longer. */
  readonly mostExactMs?: number;
  /** What one statement may take. */
  readonly deadlineMs: number;
  readonly seed: number;
  readonly clock: Clock;
  readonly reporter: Reporter;
}

/**
 * Asks a live table's index for the nearest rows, asks the table itself, and compares. Reads only: every transaction is
 * read-only and short, takes no lock beyond that of reading, and its statements have a deadline.
 *
 * First the index alone is timed, in blocks; then, on one snapshot for each query, its answers are compared with an exact
 * scan, one for all values of a setting. So the scans do not disturb the times, and no snapshot is held for long. What goes
 * on around the times is watched; when the server was started again meanwhile they are void, and no scan follows.
 *
 * @throws {PgvtuneError} `usage` for a table, column, condition, expression or setting that cannot be meant; `dataset` when
 *   it holds no vectors to ask for; `server`, also when a deadline passed or the plan changed; `interrupted`
 */
export async function measureLiveRecall(options: LiveRecallOptions): Promise<LiveRecall> {
  const { session, deadlineMs, clock, reporter, target } = options;
  const prepared = await readOnly(session, { deadlineMs }, () => prepare(options));
  const conclude = (outcome: Partial<Outcome> = {}): LiveRecall => concludeRecall(options, prepared, outcome);
  const [first] = prepared.parts;
  if (!first) return conclude();

  const measurements = prepared.parts.map((part) => measurementsOf(options, prepared, part));
  const arms: PlannedArm[][] = [];
  for (const ofPart of measurements) {
    const planned: PlannedArm[] = [];
    for (const run of ofPart) planned.push(await lookAtPlan(run));
    arms.push(planned);
  }
  const plan = arms[0]![0]!.natural;
  const limit = await limitOfIndex(arms[0]![0]!, prepared.k + ((options.log ?? options.executions) ? 0 : 1));
  if (!prepared.grouping && !arms[0]!.some(usesIndex)) {
    return conclude({ plan: evidence(plan, null, 0), limit });
  }

  const cost = await expectedCost(measurements.map(([run]) => run!));
  if (cost.expectedMs > (options.mostExactMs ?? Infinity))
    return conclude({ plan: evidence(plan, null, 0), limit, cost });
  reporter.note({ code: 'exact-scans-ahead', data: { ...cost, answers: measurements[0]!.length } });
  const nullVector = new Float32Array(Math.max(1, numbersInText(first.drawn.queries[0]!.operand).length));
  // Before the times, which would be those of a client that has just begun.
  const clientFloorMs = await readOnly(session, { deadlineMs }, () =>
    measureClientFloor(session, encodeVector(nullVector), prepared.k),
  );
  const { arms: timed, conditions } = await timeArms(arms.flat());
  if (conditions.server.interrupted) {
    return conclude({ plan: evidence(plan, timed[0]!, 0), limit, cost, conditions });
  }
  const task = reporter.start({ code: 'compare-with-exact-scans', data: {} }, cost.exactScans, 'queries');
  const measured: MeasuredArm[][] = [];
  try {
    let [done, next] = [0, 0];
    for (const [i, ofPart] of arms.entries()) {
      const before = done;
      const compared = await compareArms(ofPart, (queries) => task.update((done = before + queries)));
      const { queries: _, ...vectors } = prepared.parts[i]!.drawn;
      measured.push(
        ofPart.map(({ natural }, j) => {
          const times = timed[next++]!;
          return {
            plan: evidence(natural, times, compared[j]!.queries.length),
            measured: { ...summarise(times, compared[j]!, target), clock: clock.name, clientFloorMs, vectors },
          };
        }),
      );
    }
  } finally {
    task.finish();
  }
  return conclude({ plan: measured[0]![0]!.plan, limit, cost, conditions, measured });
}

const usesIndex = ({ natural }: PlannedArm): boolean => natural.indexes.length > 0;

/** @param timed null: it was only looked at */
const evidence = (natural: NaturalPlan, timed: TimedArm | null, compared: number): LivePlanEvidence => ({
  ...natural,
  checks: 1 + (timed?.checks ?? 0) + compared,
  cache: timed?.planCache ?? null,
});

/** The part under the settings that were given, then under each value of the sweep. */
function measurementsOf(
  options: LiveRecallOptions,
  { table, k, planned }: Prepared,
  part: LivePart,
): readonly LiveMeasurement[] {
  const { session, sweep, deadlineMs, clock, reporter } = options;
  const { question, drawn } = part;
  const { text } = question.approximate;
  const under = (own: Settings): LiveMeasurement => {
    const settings = { ...planned, ...options.settings, ...own };
    // A statement of its own: the plan that a prepared one keeps was made under the settings of that moment.
    const approximate = statementOf(text, settings);
    const asked = { ...question, approximate };
    return { session, table, question: asked, queries: drawn.queries, k, settings, deadlineMs, clock, reporter };
  };
  return [under({}), ...(sweep?.values ?? []).map((value) => under({ [sweep!.setting]: String(value) }))];
}
