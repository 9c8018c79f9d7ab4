import { isotonic, normalDensity, normalQuantile } from '../../analysis/index.js';
import { createRandom, type Random } from '../../random.js';
import type { Estimate } from '../../results/index.js';
import { type Answer, judgeDifference } from '../answer.js';
import { believedRecallSd, believedWorkSd, type BuildSpread, halfWidthOf, spreadOfBuilds } from './build-spread.js';
import type { Interest } from './figures.js';
import { commonRecalls } from './queries.js';
import type { Series, SeriesPoint } from './series.js';

/*
 * Two sweeps are compared by the work that each needs for the same recall. The probit of recall is nearly linear in the
 * logarithm of the work, and is interpolated between the two points around the recall asked for.
 *
 * The interval is of a bootstrap that draws the queries anew, the same for both runs, and another build for each run: a
 * shift of the whole curve on the probit scale.
 */

/** The work that both runs need for one recall. */
export interface EqualRecall {
  readonly recall: number;
  /** Buffers a query. */
  readonly base: number;
  readonly candidate: number;
  /** Candidate over base, minus 1; the 95 % intervals of all levels hold together. */
  readonly difference: Estimate;
  readonly answer: Answer;
  readonly isWorse: boolean;
  /** Builds a run that would decide it, about; null when it is decided. */
  readonly needsBuilds: number | null;
}

interface CurvePoint {
  /** Mean over the builds, one a query. */
  readonly recalls: Float64Array;
  readonly logWork: number;
}

interface Curve {
  /** By their work. */
  readonly points: readonly CurvePoint[];
  /** How far another set of builds may lie from this one: in recall, the curve as a whole, and in the logarithm of work. */
  readonly recallSd: number;
  readonly workSd: number;
}

/** Fewer points are no sweep. */
export const LEAST_POINTS = 3;
const LEVELS = [0.9, 0.95, 0.98, 0.99];
const DRAWS = 999;
/** Outside of the intervals of one comparison, all levels of recall together, on each side. */
const TAIL = 0.025;

/**
 * Compares two sweeps of one specification at the recalls that both span.
 *
 * @param options.target the recall that was asked for, if any: it is compared as well
 * @returns nothing when their ranges of recall do not meet
 */
export function compareCurves(
  base: Series,
  candidate: Series,
  { interest, target }: { readonly interest: Interest; readonly target: number | null },
): readonly EqualRecall[] {
  const sides = [base, candidate].map(({ bySettings }) =>
    [...bySettings.values()].map(({ points }) => points).filter((points) => points.length > 0),
  );
  const settings = sides.flat();
  const recalls = commonRecalls(settings.flat());
  if (!recalls) return [];
  const recallsOf = new Map(settings.flat().map((point, i) => [point, recalls[i]!]));
  const points = sides.map((side) => side.map((of) => curvePoint(of, recallsOf)).sort((a, b) => a.logWork - b.logWork));
  const builds = sides.map((side) => Math.min(...side.map((of) => of.length)));
  const levels = levelsOf(points, target);
  const random = createRandom('equal recall');
  return levels.map((recall) => {
    const curves = points.map((of, side): Curve => ({ points: of, ...spreadAt(recall, settings, builds[side]!) }));
    const [one, other] = curves.map((curve) => workAt(curve.points, recall, 0, null));
    const difference = interval(other! - one!, drawRatios(curves, { recall, random }), TAIL / levels.length);
    const answer = judgeDifference(difference, interest.work);
    return {
      recall,
      base: Math.exp(one!),
      candidate: Math.exp(other!),
      difference,
      answer,
      isWorse: difference.value > 0,
      needsBuilds: answer === 'unknown' ? buildsNeeded(difference, interest.work, Math.min(...builds)) : null,
    };
  });
}

function curvePoint(points: readonly SeriesPoint[], recallsOf: ReadonlyMap<SeriesPoint, Float64Array>): CurvePoint {
  const of = points.map((point) => recallsOf.get(point)!);
  const logs = points.map(({ measured }) => Math.log(measured.buffers.mean.value));
  return {
    recalls: of[0]!.map((_, query) => of.reduce((sum, values) => sum + values[query]!, 0) / of.length),
    logWork: logs.reduce((sum, log) => sum + log, 0) / logs.length,
  };
}

/** @param settings of both runs: what several builds of them show of the spread counts for both */
function spreadAt(
  recall: number,
  settings: readonly (readonly SeriesPoint[])[],
  builds: number,
): Pick<Curve, 'recallSd' | 'workSd'> {
  const [first] = settings[0]!;
  const { method } = first!.build.request.spec;
  const ofMean = (spread: BuildSpread): number => halfWidthOf(spread, builds, Infinity) / NORMAL;
  const work = settings.map((of) => of.map(({ measured }) => Math.log(measured.buffers.mean.value)));
  return {
    recallSd: ofMean(spreadOfBuilds(believedRecallSd(method, recall), [])),
    workSd: ofMean(spreadOfBuilds(believedWorkSd(method, first!.measured.buffers.queries), work)),
  };
}

/** Standard deviations in half a 95 % interval, where the draws are normal. */
const NORMAL = 1.96;

/** More builds narrow all of it: what builds differ by, and what single queries find in one graph and not in another. */
function buildsNeeded({ value, low, high }: Estimate, smallest: number, builds: number): number {
  const half = (high! - low!) / 2;
  const room = Math.max(smallest - Math.abs(value), half / 4);
  return Math.max(builds + 1, Math.ceil(builds * (half / room) ** 2));
}

/** The recalls within the range of both curves; where none of the usual ones is, the middle of it. */
function levelsOf(curves: readonly (readonly CurvePoint[])[], target: number | null): readonly number[] {
  const means = curves.map((points) => points.map(({ recalls }) => mean(recalls)));
  const low = Math.max(...means.map((of) => Math.min(...of)));
  const high = Math.min(...means.map((of) => Math.max(...of)));
  if (low >= high) return [];
  const wanted = [...new Set([...(target === null ? [] : [target]), ...LEVELS])];
  const within = wanted.filter((level) => level > low && level < high);
  return within.length > 0 ? within : [(low + high) / 2];
}

/**
 * Logarithm of the work at which a curve reaches a recall: between the points around it, else along the nearest two.
 *
 * @param shift of the curve on the probit scale
 * @param times how often each query counts; null: once
 */
function workAt(points: readonly CurvePoint[], recall: number, shift: number, times: Uint16Array | null): number {
  const least = 0.5 / points[0]!.recalls.length;
  const probit = (value: number): number => normalQuantile(Math.min(1 - least, Math.max(least, value)));
  const recalls = isotonic(points.map((point) => weightedMean(point.recalls, times)));
  // A segment without a rise would be extended for ever.
  const heights = recalls.map((value, i) => probit(value) + shift + i * LEAST_RISE);
  const wanted = probit(recall);
  const above = heights.findIndex((height) => height >= wanted);
  const right = above === -1 ? points.length - 1 : Math.max(above, 1);
  const share = (wanted - heights[right - 1]!) / (heights[right]! - heights[right - 1]!);
  return points[right - 1]!.logWork + share * (points[right]!.logWork - points[right - 1]!.logWork);
}

/** Of the probit of recall, from one point to the next. */
const LEAST_RISE = 0.01;

function drawRatios(
  curves: readonly Curve[],
  { recall, random }: { readonly recall: number; readonly random: Random },
): Float64Array {
  const queries = curves[0]!.points[0]!.recalls.length;
  const times = new Uint16Array(queries);
  // How fast recall grows on the probit scale there.
  const slope = normalDensity(normalQuantile(recall));
  return Float64Array.from({ length: DRAWS }, () => {
    times.fill(0);
    for (let i = 0; i < queries; i++) times[random.int(queries)]!++;
    const [one, other] = curves.map(
      ({ points, recallSd, workSd }) =>
        workAt(points, recall, (recallSd / slope) * random.normal(), times) + workSd * random.normal(),
    );
    return other! - one!;
  });
}

function interval(log: number, draws: Float64Array, tail: number): Estimate {
  const sorted = draws.toSorted();
  const rank = Math.max(1, Math.floor(tail * (DRAWS + 1)));
  return {
    value: Math.expm1(log),
    low: Math.expm1(Math.min(log, sorted[rank - 1]!)),
    high: Math.expm1(Math.max(log, sorted[DRAWS - rank]!)),
  };
}

const mean = (values: Float64Array): number => weightedMean(values, null);

function weightedMean(values: Float64Array, times: Uint16Array | null): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (times === null ? 1 : times[i]!) * values[i]!;
  return sum / values.length;
}
