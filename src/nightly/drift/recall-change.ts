import { z } from 'zod';
import { type Estimate, estimateSchema } from '../../results/index.js';
import { type Answer, judgeDifference } from '../answer.js';

/** What must be equal for two recalls to mean the same, and the recall: part of what `recall --json` prints. */
const liveRecallSchema = z.object({
  table: z.object({ name: z.string(), column: z.string() }),
  asked: z.object({
    k: z.number(),
    where: z.string().nullable(),
    settings: z.record(z.string(), z.string()),
    queries: z.string(),
    sql: z.string().nullable(),
    metric: z.string().nullable(),
  }),
  indexes: z.array(z.object({ name: z.string() })).readonly(),
  measured: z.object({ recall: z.object({ queries: z.number(), mean: estimateSchema }) }).nullable(),
  by: z.unknown(),
  sweep: z.unknown(),
});
type ComparableRecall = z.infer<typeof liveRecallSchema>;

/** A document of `recall --json`; undefined where it is none. */
export function parseLiveRecall(text: string): ComparableRecall | undefined {
  try {
    return liveRecallSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Something that differs between two measurements, so that their recalls are not comparable. */
export interface RecallUnlikeness {
  readonly what: 'table' | 'column' | 'k' | 'condition' | 'settings' | 'queries' | 'statement' | 'metric';
  readonly base: string;
  readonly candidate: string;
}

export interface RecallChange {
  readonly base: Estimate;
  readonly candidate: Estimate;
  /** The later recall less the earlier one. */
  readonly difference: Estimate;
  readonly answer: Answer;
  readonly isWorse: boolean;
  /** Queries of each measurement that would decide; null where it is decided. */
  readonly queriesNeeded: number | null;
}

/** Smallest change of recall that matters. */
const SMALLEST = 0.01;

export type ComparedRecall =
  | { readonly kind: 'unlike'; readonly unlike: readonly RecallUnlikeness[] }
  /** One of them has no single recall: groups, a sweep, or no index was used. */
  | { readonly kind: 'not-measured'; readonly side: 'base' | 'candidate' }
  | { readonly kind: 'compared'; readonly change: RecallChange };

/** Whether the recall of an index has changed between two measurements of a live table, each with queries of its own. */
export function compareRecall(base: ComparableRecall, candidate: ComparableRecall): ComparedRecall {
  const [one, other] = [questionOf(base), questionOf(candidate)];
  const unlike = (Object.keys(one) as RecallUnlikeness['what'][])
    .filter((what) => one[what] !== other[what])
    .map((what) => ({ what, base: one[what], candidate: other[what] }));
  if (unlike.length > 0) return { kind: 'unlike', unlike };
  if (!hasOneRecall(base)) return { kind: 'not-measured', side: 'base' };
  if (!hasOneRecall(candidate)) return { kind: 'not-measured', side: 'candidate' };
  return { kind: 'compared', change: changeOf(base.measured.recall, candidate.measured.recall) };
}

type Measured = ComparableRecall & { readonly measured: NonNullable<ComparableRecall['measured']> };

const hasOneRecall = (recall: ComparableRecall): recall is Measured => recall.measured !== null && !recall.sweep;

function questionOf({ table, asked }: ComparableRecall): Record<RecallUnlikeness['what'], string> {
  const settings = Object.entries(asked.settings).map(([name, value]) => `${name}=${value}`);
  return {
    table: table.name,
    column: table.column,
    k: String(asked.k),
    condition: asked.where ?? '',
    settings: settings.sort().join(', '),
    queries: asked.queries,
    statement: asked.sql ?? '',
    metric: asked.metric ?? '',
  };
}

interface Recall {
  readonly queries: number;
  readonly mean: Estimate;
}

/** The queries are drawn anew each time, so the errors are independent. */
function changeOf(base: Recall, candidate: Recall): RecallChange {
  const [one, other] = [base.mean, candidate.mean];
  const value = other.value - one.value;
  const known = one.low !== null && one.high !== null && other.low !== null && other.high !== null;
  const difference = known
    ? {
        value,
        low: value - Math.hypot(one.high! - one.value, other.value - other.low!),
        high: value + Math.hypot(one.value - one.low!, other.high! - other.value),
      }
    : { value, low: null, high: null };
  const answer = judgeDifference(difference, SMALLEST);
  return {
    base: one,
    candidate: other,
    difference,
    answer,
    isWorse: value < 0,
    queriesNeeded:
      answer === 'unknown' && known ? neededFor(difference, Math.min(base.queries, candidate.queries)) : null,
  };
}

/** Widths shrink with the root of the queries: until the difference is within the smallest change, or excludes none. */
function neededFor({ value, low, high }: Estimate, queries: number): number {
  const half = Math.max(value - low!, high! - value);
  const room = Math.max(SMALLEST - Math.abs(value), Math.abs(value));
  return Math.ceil(queries * (half / room) ** 2);
}
