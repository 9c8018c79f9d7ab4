import { shownRecall, studentQuantile } from '../../analysis/index.js';
import { canonicalJson } from '../../canonical-json.js';
import {
  ask,
  askTogether,
  type BuildRecord,
  type BuildVariance,
  type Estimate,
  type Ground,
  type Measured,
  type PointRecord,
  type PointRequest,
  type Search,
} from '../../results/index.js';
import type { SearchSettings, Target } from '../../vocabulary.js';
import { type Candidate, meets } from '../common/constraints.js';

/** How much builds of one specification differ, measured with the same queries and settings. */
export interface BuildSpread {
  readonly builds: number;
  /** Mean over the builds; its interval is widened by what another build may differ. */
  readonly recall: Estimate;
  /** Recall that another build is shown to have, with a one-sided confidence. */
  readonly shown: number;
  /** Standard deviations between builds. */
  readonly recallSd: number;
  readonly buffersSd: number;
}

/**
 * What several builds show together. The interval is one for a build that is still to be made: Student's prediction
 * interval for the spread between builds, whose square adds to that of the error of the sample of queries, for they
 * have nothing to do with each other. Two builds say little about their spread, and make it wide; three are a beginning.
 *
 * @param measured one point of each build, at least two
 * @param confidence one-sided; by default that of one end of the interval
 */
export function spreadOfBuilds(measured: readonly Measured[], confidence = 0.975): BuildSpread {
  const recall = momentsOf(measured.map((point) => point.recall.mean.value));
  const buffers = momentsOf(measured.map((point) => point.buffers.mean.value));
  const endOf = (end: 'low' | 'high', fallback: number): number =>
    momentsOf(measured.map((point) => point.recall.mean[end] ?? fallback)).mean;
  const n = measured.length;
  const another = (level: number): number => studentQuantile(level, n - 1) * recall.sd * Math.sqrt(1 + 1 / n);
  const widen = (distance: number, level = 0.975): number => Math.hypot(distance, another(level));
  const shown = momentsOf(measured.map((point) => shownRecall(point, confidence))).mean;
  return {
    builds: n,
    recall: {
      value: recall.mean,
      low: Math.max(0, recall.mean - widen(recall.mean - endOf('low', 0))),
      high: Math.min(1, recall.mean + widen(endOf('high', 1) - recall.mean)),
    },
    shown: Math.max(0, recall.mean - widen(recall.mean - shown, confidence)),
    recallSd: recall.sd,
    buffersSd: buffers.sd,
  };
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

export interface RepeatOptions {
  readonly candidate: Candidate;
  /** Builds of the specification, the candidate's own included; at least 2. */
  readonly repeats: number;
  /** Values of the knob above the candidate's, ascending; none for an index without a knob. */
  readonly higher: readonly SearchSettings[];
  /** What was measured side by side: of the candidate's build nothing of it is asked again. */
  readonly known: readonly Candidate[];
  readonly target: Target;
}

export interface RepeatedBuilds {
  /** The candidate, or the point of its build with the higher setting that the builds together needed. */
  readonly candidate: Candidate;
  /** True when the target is met, the spread between builds included. */
  readonly reached: boolean;
  /** Null when fewer than two builds could be compared. */
  readonly spread: BuildSpread | null;
  /** The points that the spread rests on, the candidate's first. */
  readonly points: readonly PointRecord[];
  readonly builds: readonly BuildRecord[];
  /** Builds that were asked for, and failed. */
  readonly failures: readonly BuildRecord[];
}

/** A setting that needs more steps than this is not a little short of the target. */
const MOST_STEPS = 8;

/**
 * Builds a candidate's specification again, measures each build with the candidate's setting, and steps the setting up
 * until the recall of any build, not only of the one that happened to be measured, can be trusted to reach the target.
 */
export function* repeatBuilds(options: RepeatOptions): Search<RepeatedBuilds> {
  const { candidate, repeats, higher, known, target } = options;
  const others: BuildRecord[] = [];
  const failures: BuildRecord[] = [];
  for (let repeat = 1; repeat < repeats; repeat++) {
    const build = yield* ask('build', { ...candidate.build.request, repeat });
    (build.status === 'ok' ? others : failures).push(build);
  }
  const builds = [candidate.build, ...others];
  // All builds answer the same queries: those that show the recall of the candidate.
  const { request } = candidate.shownBy ?? candidate.point;
  /** Null where the candidate's own build could not be measured. */
  function* measureAll(settings: SearchSettings): Search<RepeatedBuilds | null> {
    const own = [candidate, ...known].find(
      ({ build, point }) =>
        build.key === candidate.build.key && canonicalJson(point.request.settings) === canonicalJson(settings),
    );
    const points = yield* askTogether(
      'point',
      (own ? others : builds).map((build): PointRequest => ({
        ...request,
        build: build.key,
        settings,
        purpose: 'confirm',
      })),
    );
    if (own) return judge(own, points);
    const [point] = points;
    return point?.measured ? judge({ build: candidate.build, point, measured: point.measured }, points.slice(1)) : null;
  }
  const judge = (now: Candidate, points: readonly PointRecord[]): RepeatedBuilds => {
    const measured = [now.measured, ...points.flatMap((point) => point.measured ?? [])];
    const spread = measured.length >= 2 ? spreadOfBuilds(measured, target.confidence) : null;
    // Where other builds were asked for, one alone shows nothing of them; nor do others of one that the planner leaves.
    const isServed = points.every((point) => point.measured !== null);
    const isShown = spread === null ? repeats === 1 : isServed && spread.shown >= target.recall;
    const reached = isShown && meets(now, target);
    return { candidate: now, reached, spread, points: [now.point, ...points], builds, failures };
  };

  let result = (yield* measureAll(candidate.point.request.settings))!;
  for (const settings of higher.slice(0, MOST_STEPS)) {
    // What is too slow or too large already does not get better with more work.
    if (result.reached || result.spread === null || !meets(result.candidate, { ...target, recall: 0 })) break;
    const next = yield* measureAll(settings);
    if (!next) break;
    result = next;
  }
  return result;
}

/** The result as an answer keeps it; null when there was nothing to compare. */
export function toBuildVariance(
  { spread, builds, points, candidate }: RepeatedBuilds,
  chosen: SearchSettings,
): BuildVariance | null {
  if (!spread) return null;
  const { settings } = candidate.point.request;
  return {
    builds: builds.map(({ key }) => key),
    points: points.map(({ key }) => key),
    recall: spread.recall,
    shown: spread.shown,
    recallSd: spread.recallSd,
    buffersSd: spread.buffersSd,
    steppedUpFrom: JSON.stringify(settings) === JSON.stringify(chosen) ? null : chosen,
  };
}

/** What the builds show; nothing when there was nothing to compare. */
export function buildsGround({ spread, points, builds, failures }: RepeatedBuilds, target: Target): readonly Ground[] {
  const lost = points.filter(({ measured }) => measured === null);
  return [
    ...(failures.length > 0
      ? [
          {
            code: 'builds-failed',
            data: {
              asked: builds.length - 1 + failures.length,
              failed: failures.length,
              reason: failures[0]?.reason ?? null,
            },
          } as const,
        ]
      : []),
    ...(lost.length > 0
      ? [
          {
            code: 'builds-not-measured',
            data: { of: points.length, builds: lost.length, reason: lost[0]!.reason },
          } as const,
        ]
      : []),
    ...(spread
      ? [
          {
            code: 'builds-differ',
            data: {
              builds: spread.builds,
              recallSd: spread.recallSd,
              low: spread.shown,
              wanted: target.recall,
              reached: spread.shown >= target.recall,
            },
          } as const,
        ]
      : []),
  ];
}
