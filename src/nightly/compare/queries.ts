import { decodeUint16, recallPerQuery } from '../../analysis/index.js';
import type { SeriesPoint } from './series.js';

/** Which of the run's queries a point asked: its first is the run's `from`-th. */
const fromOf = ({ point }: SeriesPoint): number => point.request.from ?? 0;

/** A share of one for each query that has an exact answer; NaN for the others. */
type PerQuery = Float64Array;

/** Of each query its recall, by position in the point. */
function recalls({ measured }: SeriesPoint): PerQuery {
  return perQuery(decodeUint16(measured.samples.hits), decodeUint16(measured.samples.expected));
}

/** Of each query the rows returned over those that exist. */
function completeness({ measured }: SeriesPoint): PerQuery {
  return perQuery(decodeUint16(measured.samples.returned), decodeUint16(measured.samples.expected));
}

function perQuery(counts: ArrayLike<number>, expected: Uint16Array): PerQuery {
  return Float64Array.from(expected, (possible, query) =>
    possible === 0 ? Number.NaN : recallPerQuery({ hits: [counts[query]!], expected: [possible] })[0]!,
  );
}

/** Figures of the same queries, in the same order, mean over the builds of each side. */
export interface Paired {
  readonly base: Float64Array;
  readonly candidate: Float64Array;
}

/** Recall of the queries that every one of these points was asked; null when there are too few. */
export const pairedRecalls = (base: readonly SeriesPoint[], candidate: readonly SeriesPoint[]): Paired | null =>
  pair(base, candidate, recalls);

export const pairedCompleteness = (base: readonly SeriesPoint[], candidate: readonly SeriesPoint[]): Paired | null =>
  pair(base, candidate, completeness);

/** Recall of the queries that all points were asked, point by point. */
export const commonRecalls = (points: readonly SeriesPoint[]): readonly Float64Array[] | null =>
  common(points, recalls);

function pair(
  base: readonly SeriesPoint[],
  candidate: readonly SeriesPoint[],
  read: (point: SeriesPoint) => PerQuery,
): Paired | null {
  const all = common([...base, ...candidate], read);
  return all && { base: meanOf(all.slice(0, base.length)), candidate: meanOf(all.slice(base.length)) };
}

/** Fewer queries bound nothing. */
const LEAST_QUERIES = 10;

function common(
  points: readonly SeriesPoint[],
  read: (point: SeriesPoint) => PerQuery,
): readonly Float64Array[] | null {
  const perPoint = points.map((point) => ({ from: fromOf(point), values: read(point) }));
  const from = Math.max(...perPoint.map((one) => one.from));
  const to = Math.min(...perPoint.map((one) => one.from + one.values.length));
  if (to - from < LEAST_QUERIES) return null;
  const shared = perPoint.map((one) => one.values.slice(from - one.from, to - one.from));
  const answered = shared[0]!.map((_, query) => (shared.some((values) => Number.isNaN(values[query])) ? 0 : 1));
  const kept = shared.map((values) => values.filter((_, query) => answered[query] === 1));
  return kept[0]!.length < LEAST_QUERIES ? null : kept;
}

const meanOf = (points: readonly Float64Array[]): Float64Array =>
  points[0]!.map((_, query) => points.reduce((sum, values) => sum + values[query]!, 0) / points.length);
