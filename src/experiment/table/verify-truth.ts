import type { Dataset } from '../../datasets/index.js';
import { PgvtuneError } from '../../errors.js';
import { distance, type Truth } from '../../exact/index.js';
import { type Arm, scanOf, type TableUnderTest, VoidPoint, withArm } from '../../measure/index.js';
import type { QuerySet } from '../../query-set.js';
import type { Session } from '../../postgres/index.js';
import type { Reason } from '../../results/index.js';

/** Queries whose exact neighbours are asked of the server, too: a random sample, for the run's order is random. */
const SAMPLE = 20;
/** pgvector adds up in single precision; a row may be this much farther than its rank is, as a share of the distance's scale. */
const TOLERANCE = 1e-5;

export type TruthMismatch = Extract<Reason, { readonly code: 'truth-mismatch' }>;

export interface TruthCheck {
  readonly session: Session;
  readonly table: TableUnderTest;
  /** The exact scan of the table under test. */
  readonly arm: Pick<Arm, 'key' | 'statement' | 'parameters' | 'literals'>;
  readonly dataset: Dataset;
  readonly queries: QuerySet;
  readonly truth: Truth;
}

/**
 * Compares the exact neighbours of a few queries with those that the server's own exact scan finds, whose plan is checked.
 * Neighbours of another metric, in another order, or of rows that have changed since, would turn every recall of the
 * run into nonsense that looks like a figure.
 *
 * @returns null when they agree
 * @throws {PgvtuneError} `server` when it does not scan the table though it is forced to
 */
export async function verifyTruth({
  session,
  table,
  arm,
  dataset,
  queries,
  truth,
}: TruthCheck): Promise<TruthMismatch | null> {
  const sample = Math.min(SAMPLE, truth.queries);
  let disagreements = 0;
  const wanted = { index: null, parts: table.stored.map((stored) => ({ table: stored, index: null })) };
  const scan: Arm = { ...arm, settings: FORCE_SCAN, indexes: [], checkPlan: (plan) => scanOf(plan, wanted) };
  const compare = withArm(session, table, scan, 0, async () => {
    for (let query = 0; query < sample; query++) {
      const rows = await session.execute(arm.statement, arm.parameters(query), { deadlineMs: Infinity });
      if (!agrees(dataset, queries.vector(query), { truth, query, rows: rows.map((row) => Number(row[0])) }))
        disagreements++;
    }
  });
  await compare.catch((error: unknown) => {
    if (!(error instanceof VoidPoint)) throw error;
    throw new PgvtuneError(
      'server',
      `The exact scan of ${table.name} cannot be verified: the server does not scan the table although it is forced to.`,
      {
        cause: error,
      },
    );
  });
  if (disagreements === 0) return null;
  return { code: 'truth-mismatch', data: { mismatches: disagreements, sampled: sample } };
}

/** Refuses to go on with exact answers that the server refutes. */
export const truthMismatchError = ({ data }: TruthMismatch, { cacheFolder }: Pick<Dataset, 'cacheFolder'>) =>
  new PgvtuneError(
    'dataset',
    `Ground truth mismatch: for ${data.mismatches} of ${data.sampled} sampled queries the server's exact scan returns other rows.`,
    {
      hint: `Was the table changed by somebody else? If not, the neighbours kept in ${cacheFolder} are of other data or another metric: remove them, and they are computed again.`,
    },
  );

/** No index of any kind: the natural plan of a table without vector indexes, forced all the same. */
const FORCE_SCAN = { enable_indexscan: 'off', enable_indexonlyscan: 'off', enable_bitmapscan: 'off' };

/** Whether both are as near at every rank: what ties may come in any order, but a ranking is looked at from its top. */
function agrees(
  dataset: Dataset,
  vector: Float32Array,
  { truth, query, rows }: { readonly truth: Truth; readonly query: number; readonly rows: readonly number[] },
): boolean {
  const expected = truth.expected[query]!;
  const start = query * truth.k;
  const claimed = [...truth.rows.subarray(start, start + expected)];
  if (expected === 0) return rows.length === 0;
  if (new Set(rows).size < expected || [...claimed, ...rows].some((row) => !(row >= 0 && row < dataset.manifest.rows)))
    return false;
  const found = [...claimed, ...rows].map((row) => {
    const other = dataset.vector(row);
    const far = distance(truth.metric, vector, other);
    // No distance at all is the farthest.
    return { far: Number.isNaN(far) ? Infinity : far, scale: scaleOf(truth.metric, { far, vector, other }) };
  });
  const isAt = ({ far, scale }: (typeof found)[number], rank: number): boolean => {
    const at = truth.distances[start + Math.min(rank, expected - 1)]!;
    return far === at || Math.abs(far - at) <= TOLERANCE * scale;
  };
  const came = found.slice(expected).sort((a, b) => a.far - b.far);
  return found.slice(0, expected).every(isAt) && came.every(isAt);
}

/** What the error of a distance is relative to: for those made of products, the product of the lengths. */
function scaleOf(
  metric: Truth['metric'],
  { far, vector, other }: { readonly far: number; readonly vector: Float32Array; readonly other: Float32Array },
): number {
  if (metric === 'cosine') return 1;
  if (metric === 'ip') return Math.hypot(...vector) * Math.hypot(...other);
  return Math.abs(far);
}
