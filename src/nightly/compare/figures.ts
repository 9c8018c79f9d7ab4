import { latencyQuantile, pairedDifferences } from '../../analysis/index.js';
import type { Estimate } from '../../results/index.js';
import { type Answer, judgeDifference } from '../answer.js';
import { believedRecallSd, believedWorkSd, halfWidthOf, spreadOfBuilds } from './build-spread.js';
import { type Paired, pairedCompleteness, pairedRecalls } from './queries.js';
import type { SeriesPoint } from './series.js';

/** The smallest changes that matter. */
export interface Interest {
  /** Of mean recall and completeness, in (0, 1): 0.01 is one percentage point. */
  readonly recall: number;
  /** Of work and latency, as a ratio: 0.05 is 5 %. */
  readonly work: number;
}

export type FigureName = 'recall' | 'completeness' | 'buffers' | 'index-bytes' | 'p50' | 'p95';

/** What more must be measured before a figure can be judged. */
export type Need =
  | { readonly code: 'queries'; readonly data: { readonly queries: number } }
  | { readonly code: 'builds'; readonly data: { readonly builds: number } }
  /** Latencies of different hours share no blocks: both sides must be measured in turn. */
  | { readonly code: 'paired'; readonly data: Record<string, never> };

/** One figure of both runs. */
export interface FigureComparison {
  readonly figure: FigureName;
  /** Values of the figure: a share, buffers a query, bytes or milliseconds. */
  readonly base: number;
  readonly candidate: number;
  /** Recall and completeness: candidate − base. Otherwise candidate over base, minus 1. With its 95 % interval. */
  readonly difference: Estimate;
  readonly answer: Answer;
  /** Whether the candidate's is the worse of two that differ. */
  readonly isWorse: boolean;
  readonly need: Need | null;
  /** What it counts for in the answer as a whole: latencies of unpaired runs do not. */
  readonly decides: boolean;
}

/** The same settings of the same specification in both runs. */
export interface Sides {
  readonly base: readonly SeriesPoint[];
  readonly candidate: readonly SeriesPoint[];
}

/** Compares figures at equal settings, those that are nearly free of noise first. */
export function compareFigures(sides: Sides, interest: Interest): readonly FigureComparison[] {
  const work = compareWork(sides, interest);
  return [
    ...share('recall', pairedRecalls(sides.base, sides.candidate), sides, interest),
    ...share('completeness', pairedCompleteness(sides.base, sides.candidate), sides, interest),
    work,
    ...size(sides, interest),
    ...latency('p50', 0.5, sides, { work, interest }),
    ...latency('p95', 0.95, sides, { work, interest }),
  ];
}

const methodOf = ({ base }: Sides): string => base[0]!.build.request.spec.method;

function share(
  figure: 'recall' | 'completeness',
  paired: Paired | null,
  sides: Sides,
  interest: Interest,
): readonly FigureComparison[] {
  if (!paired) return [];
  const [base, candidate] = [mean(paired.base), mean(paired.candidate)];
  const queries = pairedDifferences([paired.base, paired.candidate])(0, 1);
  const of = ({ measured }: SeriesPoint): number =>
    figure === 'recall' ? measured.recall.mean.value : measured.completeness.mean;
  const spread = spreadOfBuilds(believedRecallSd(methodOf(sides), (base + candidate) / 2), [
    sides.base.map(of),
    sides.candidate.map(of),
  ]);
  const builds = halfWidthOf(spread, sides.base.length, sides.candidate.length);
  const difference = {
    value: queries.value,
    low: Math.max(-1, queries.value - Math.hypot(queries.value - queries.low, builds)),
    high: Math.min(1, queries.value + Math.hypot(queries.high - queries.value, builds)),
  };
  const answer = judgeDifference(difference, interest.recall);
  const room = interest.recall - Math.abs(difference.value);
  return [
    {
      figure,
      base,
      candidate,
      difference,
      answer,
      isWorse: difference.value < 0,
      need:
        answer === 'unknown'
          ? neededFor({
              room,
              byQueries: (queries.high - queries.low) / 2,
              byBuilds: builds,
              n: paired.base.length,
              sides,
            })
          : null,
      decides: true,
    },
  ];
}

/** Beyond so many nobody builds an index to compare two nights. */
const MOST_BUILDS = 30;

/** What makes the interval as narrow as there is room; a change that large cannot be called the same by any number. */
function neededFor(options: {
  readonly room: number;
  readonly byQueries: number;
  readonly byBuilds: number;
  readonly n: number;
  readonly sides: Sides;
}): Need {
  const { byQueries, byBuilds, n, sides } = options;
  // Where the difference is as large as the smallest of interest, it is to be told from none instead.
  const room = Math.max(options.room, 0.25 * (byQueries + byBuilds));
  if (byBuilds > room / Math.SQRT2) {
    const now = Math.min(sides.base.length, sides.candidate.length);
    const builds = Math.ceil(now * (byBuilds / (room / Math.SQRT2)) ** 2);
    return { code: 'builds', data: { builds: Math.min(MOST_BUILDS, Math.max(now + 1, builds)) } };
  }
  return { code: 'queries', data: { queries: Math.ceil(n * (byQueries / Math.sqrt(room ** 2 - byBuilds ** 2)) ** 2) } };
}

/** Buffers of the same sampled queries: what they differ by is the builds', and a change of version or plan. */
function compareWork(sides: Sides, interest: Interest): FigureComparison {
  const counts = [...sides.base, ...sides.candidate].map(({ measured }) => measured.buffers.queries);
  const [base, candidate] = [meanBuffers(sides.base), meanBuffers(sides.candidate)];
  const isSameSample = new Set(counts).size === 1;
  const spread = spreadOfBuilds(believedWorkSd(methodOf(sides), Math.min(...counts)), [
    sides.base.map(({ measured }) => Math.log(measured.buffers.mean.value)),
    sides.candidate.map(({ measured }) => Math.log(measured.buffers.mean.value)),
  ]);
  const builds = halfWidthOf(spread, sides.base.length, sides.candidate.length);
  const half = Math.hypot(builds, isSameSample ? 0 : Math.hypot(...[sides.base, sides.candidate].map(workWidth)));
  const difference = ratio(Math.log(candidate / base), half);
  const answer = judgeDifference(difference, interest.work);
  return {
    figure: 'buffers',
    base,
    candidate,
    difference,
    answer,
    isWorse: difference.value > 0,
    need:
      answer === 'unknown' && Number.isFinite(half)
        ? neededFor({
            room: interest.work - Math.abs(difference.value),
            byQueries: isSameSample ? 0 : half,
            byBuilds: builds,
            n: Math.min(...counts),
            sides,
          })
        : null,
    decides: true,
  };
}

const meanBuffers = (points: readonly SeriesPoint[]): number =>
  mean(points.map(({ measured }) => measured.buffers.mean.value));

/** Of the same specification an index takes the same pages, but for what the graph happens to need. */
function size(sides: Sides, interest: Interest): readonly FigureComparison[] {
  const bytesOf = (points: readonly SeriesPoint[]): number => mean(points.map(({ build }) => build.index?.bytes ?? 0));
  const [base, candidate] = [bytesOf(sides.base), bytesOf(sides.candidate)];
  if (base === 0 || candidate === 0) return [];
  const difference = ratio(Math.log(candidate / base), 0);
  return [
    {
      figure: 'index-bytes',
      base,
      candidate,
      difference,
      answer: Math.abs(difference.value) <= interest.work ? 'same' : 'different',
      isWorse: difference.value > 0,
      need: null,
      decides: true,
    },
  ];
}

/**
 * Latencies by their intervals over whole queries. Those say nothing of how fast the machine was at that hour; so a
 * difference is only believed where the work moved the same way.
 */
function latency(
  figure: 'p50' | 'p95',
  p: number,
  sides: Sides,
  { work, interest }: { readonly work: FigureComparison; readonly interest: Interest },
): readonly FigureComparison[] {
  const base = medianOf(sides.base.flatMap(({ measured }) => latencyQuantile(measured, p)?.estimate ?? []));
  const candidate = medianOf(sides.candidate.flatMap(({ measured }) => latencyQuantile(measured, p)?.estimate ?? []));
  if (!base || !candidate) return [];
  const half = Math.hypot(widthOf(base), widthOf(candidate));
  const difference = ratio(Math.log(candidate.value / base.value), half);
  const judged = judgeDifference(difference, interest.work);
  const isBelieved =
    judged !== 'different' ||
    (work.answer === 'different' && Math.sign(work.difference.value) === Math.sign(difference.value));
  const answer = isBelieved ? judged : 'unknown';
  return [
    {
      figure,
      base: base.value,
      candidate: candidate.value,
      difference,
      answer,
      isWorse: difference.value > 0,
      need: answer === 'unknown' ? { code: 'paired', data: {} } : null,
      decides: false,
    },
  ];
}

/** The estimate in the middle of those of several builds. */
const medianOf = (estimates: readonly Estimate[]): Estimate | undefined =>
  estimates.toSorted((a, b) => a.value - b.value)[(estimates.length - 1) >> 1];

const workWidth = (points: readonly SeriesPoint[]): number =>
  Math.max(...points.map(({ measured }) => widthOf(measured.buffers.mean)));

/** The longer half of an interval, in logarithms; infinite where an end is not known. */
function widthOf({ value, low, high }: Estimate): number {
  if (low === null || high === null || low <= 0) return Infinity;
  return Math.max(Math.log(high / value), Math.log(value / low));
}

/** A ratio less 1, from its logarithm. */
export function ratio(log: number, half: number): Estimate {
  if (!Number.isFinite(half)) return { value: Math.expm1(log), low: null, high: null };
  return { value: Math.expm1(log), low: Math.expm1(log - half), high: Math.expm1(log + half) };
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
