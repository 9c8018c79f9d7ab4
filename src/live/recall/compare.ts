import { distance, judge, type Judgement, roundingOf, type Truth } from '../../exact/index.js';
import { PgvtuneError } from '../../errors.js';
import { applySettings, explainQuery, parseVectorPair, readOnly } from '../../postgres/index.js';
import { fetchRows, positionAt } from '../sampling/rows.js';
import { GENTLE } from '../statement/exact-settings.js';
import { exactParametersOf, type LiveQuery, parametersOf, readQueryRows } from './queries.js';
import { livePlan } from '../catalog/plan.js';
import { checkPlan, type LiveMeasurement, type PlannedArm } from './run.js';

/** One query whose two answers were compared on one snapshot. */
export interface ComparedQuery extends Judgement {
  readonly label: string;
  /** Rows that a perfect answer holds, min(k, rows there are). */
  readonly expected: number;
  /** Rows that the index gave, the query's own among them. */
  readonly answered: number;
  /** True when another row has the very same vector; null where the metric cannot tell. */
  readonly duplicate: boolean | null;
}

export interface Comparison {
  readonly queries: readonly ComparedQuery[];
  /** Queries whose row is gone. */
  readonly vanished: number;
  /** How the exact side read the table. */
  readonly exactPlan: string;
}

/** The answers of the arms to one query. */
interface ComparedOnce {
  readonly arms: readonly ComparedQuery[];
  readonly exactPlan: string;
}

/**
 * Compares the index's answers with those of exact scans, one snapshot and one scan for each query, whatever the number of
 * arms.
 *
 * @param arms of one question, under different settings
 * @returns in the order of the arms
 */
export async function compareArms(
  arms: readonly PlannedArm[],
  progress: (queries: number) => void,
): Promise<readonly Comparison[]> {
  const { queries } = arms[0]!.run;
  const compared: ComparedOnce[] = [];
  for (const [done, query] of queries.entries()) {
    const once = await compareOne(arms, query, done);
    if (once) compared.push(once);
    progress(done + 1);
  }
  return arms.map((_, i) => ({
    queries: compared.map((once) => once.arms[i]!),
    vanished: queries.length - compared.length,
    exactPlan: compared.at(-1)?.exactPlan ?? '',
  }));
}

/** @returns null when the query was a row, and the row is gone */
async function compareOne(arms: readonly PlannedArm[], drawn: LiveQuery, at: number): Promise<ComparedOnce | null> {
  const { run } = arms[0]!;
  const { session, table, question, k, deadlineMs } = run;
  return readOnly(session, { deadlineMs }, async () => {
    const [now] =
      drawn.position === null ? [drawn] : await readQueryRows(session, table, question, [drawn.position], deadlineMs);
    if (!now) return null;
    const query: LiveQuery = { ...now, values: drawn.values };
    const answers: (readonly number[])[] = [];
    for (const arm of arms) {
      const { settings, question: asked } = arm.run;
      await applySettings(session, settings);
      answers.push(positionsOf(run, await session.execute(asked.approximate, parametersOf(query), run)));
      await checkPlan(arm.run, query, arm.texts[at]!);
    }
    await applySettings(session, { ...GENTLE, ...question.exactSettings });
    const exactPlan = await proveExact(run, query);
    const rows = await session.execute(question.exact, exactParametersOf(query), run).catch(explainDeadline);
    // The distance from a zero vector is no number, and that of a row without a vector is none: they are nobody's neighbours.
    const neighbours = rows.filter(
      ([, , far]) => !Number.isNaN(far) && (far !== null || question.exactOf !== 'column'),
    );
    const exact = withoutOwn(positionsOf(run, neighbours), query, k);
    const duplicate = isDuplicate(run, neighbours, positionsOf(run, neighbours), query);
    const compared: ComparedQuery[] = [];
    for (const answer of answers) {
      const judgement = await judgeRows(run, query, exact, withoutOwn(answer, query, k));
      compared.push({
        ...judgement,
        label: query.label,
        expected: exact.length,
        answered: answer.length,
        duplicate,
      });
    }
    return { arms: compared, exactPlan };
  });
}

/** @throws {PgvtuneError} `server` when an index on the vectors would serve the exact side */
async function proveExact({ session, table, question }: LiveMeasurement, query: LiveQuery): Promise<string> {
  const plan = livePlan(await explainQuery(session, question.exact.text, exactParametersOf(query)), table);
  if (plan.indexes.length === 0) return plan.text;
  throw new PgvtuneError('server', `The exact side is served by ${plan.indexes.join(', ')}, so nothing is exact.`, {
    hint: 'Please report this plan: it should not be possible.',
  });
}

const positionsOf = ({ table }: LiveMeasurement, rows: readonly unknown[][]): number[] =>
  rows.map(([leaf, ctid]) => positionAt(table.leaves, Number(leaf), String(ctid)));

/** The answer without the row that the query is, k rows at most. */
const withoutOwn = (positions: readonly number[], { position }: LiveQuery, k: number): number[] =>
  positions.filter((other) => other !== position).slice(0, k);

/** By identity where that tells everything, else by distances computed in float64 from the stored vectors. */
async function judgeRows(
  run: LiveMeasurement,
  query: LiveQuery,
  exact: readonly number[],
  returned: readonly number[],
): Promise<Judgement> {
  const { session, table, question, k, deadlineMs } = run;
  const neighbours = new Set(exact);
  const doubtful = returned.filter((position) => !neighbours.has(position));
  const distances = new Map<number, number>();
  const errors = new Map<number, number>();
  if (exact.length > 0 && (doubtful.length > 0 || returned.length < exact.length)) {
    const rows = await fetchRows<{ vector: string }>(
      session,
      table,
      [...exact, ...doubtful],
      () => `(${question.exactOperand})::text AS vector`,
      { deadlineMs },
    );
    for (const { position, vector } of rows) {
      const pair = parseVectorPair(query.exactOperand, vector);
      distances.set(position, distance(question.metric, ...pair));
      errors.set(position, roundingOf(question.metric, ...pair));
    }
  }
  // The server sorted by sums in float32. Distances that nobody needs are all alike, and their ratio is 1.
  const far = (position: number): number => distances.get(position) ?? 0;
  const ascending = exact.toSorted((a, b) => far(a) - far(b));
  const numbers = new Map([...ascending, ...doubtful].map((position, i) => [position, i]));
  const truth: Truth = {
    metric: question.metric,
    k,
    queries: 1,
    rows: Int32Array.from({ length: k }, (_, i) => (i < exact.length ? i : -1)),
    distances: Float64Array.from({ length: k }, (_, i) => (i < exact.length ? far(ascending[i]!) : Infinity)),
    expected: Int32Array.of(exact.length),
    tiesBeyondK: Int32Array.of(0),
    declared: 'none',
  };
  const byNumber = [...numbers.keys()];
  return judge(
    truth,
    0,
    returned.map((position) => numbers.get(position)!),
    (number) => distances.get(byNumber[number]!) ?? Infinity,
    (number) => errors.get(byNumber[number]!) ?? 0,
  );
}

/** How near two equal vectors can come out under a metric, sums being in float32; the inner product cannot tell. */
const SAME = { l2: 0, l1: 0, hamming: 0, jaccard: 0, cosine: 1e-6, ip: null } as const;

function isDuplicate(
  { question }: LiveMeasurement,
  rows: readonly unknown[][],
  positions: readonly number[],
  { position }: LiveQuery,
): boolean | null {
  const limit = SAME[question.metric];
  const nearest = rows.find((_, i) => positions[i] !== position);
  if (limit === null || nearest?.[2] === null) return null;
  return nearest !== undefined && Number(nearest[2]) <= limit;
}

function explainDeadline(error: unknown): never {
  if (error instanceof PgvtuneError && error.sqlstate === '57014') {
    throw new PgvtuneError('server', `An exact scan of the table did not finish in time. ${error.message}`, {
      sqlstate: error.sqlstate,
      cause: error,
    });
  }
  throw error;
}
