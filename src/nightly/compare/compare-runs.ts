import { canonicalJson } from '../../canonical-json.js';
import { type BuildRecord, type JournalRecord, type Reason, type RunFiles, tuneAnswerOf } from '../../results/index.js';
import type { IndexSpec, SearchSettings, Workload } from '../../vocabulary.js';
import { type Answer, together } from '../answer.js';
import { type Change, changesBetween, type Unlikeness, unlikenesses } from './likeness.js';
import { compareCurves, type EqualRecall, LEAST_POINTS } from './curves.js';
import { compareFigures, type FigureComparison, type Interest } from './figures.js';
import { type Series, seriesOf, type Setting } from './series.js';

export interface CompareOptions {
  readonly interest: Interest;
  /** Compare across servers and versions. */
  readonly acrossServers: boolean;
}

/** The same settings of one specification, in both runs. */
export interface SettingComparison {
  readonly settings: SearchSettings;
  /** Builds of each side. */
  readonly builds: readonly [base: number, candidate: number];
  readonly figures: readonly FigureComparison[];
  /** A side that has no figures, and why. */
  readonly lost: { readonly side: 'base' | 'candidate'; readonly reason: Reason | null } | null;
}

/** One specification for one workload. */
export interface SeriesComparison {
  /** Equal for equal measurements in any run. */
  readonly key: string;
  readonly spec: IndexSpec;
  readonly workload: Workload;
  /** Of a sweep: the work at equal recall. */
  readonly equalRecall: readonly EqualRecall[];
  /** Of what is no sweep, and of what both runs recommend. */
  readonly settings: readonly SettingComparison[];
  readonly answer: Answer;
}

export interface RunComparison {
  readonly base: string;
  readonly candidate: string;
  readonly interest: Interest;
  /** What changed between the runs, beside what was measured. */
  readonly changes: readonly Change[];
  readonly series: readonly SeriesComparison[];
  /** Specifications that one run has figures of, and the other could not build. */
  readonly failedBuilds: readonly FailedBuild[];
  /** Other series that one run alone has. */
  readonly unmatched: readonly {
    readonly side: 'base' | 'candidate';
    readonly spec: IndexSpec;
    readonly workload: Workload;
  }[];
  readonly answer: Answer;
  /** Whether some figure that differs is worse in the candidate. */
  readonly isWorse: boolean;
}

/** An index that a run could not build. */
export interface FailedBuild {
  readonly side: 'base' | 'candidate';
  readonly spec: IndexSpec;
  readonly reason: Reason | null;
}

/** Either a comparison, or what forbids it. */
export type Compared =
  | { readonly kind: 'compared'; readonly comparison: RunComparison }
  | { readonly kind: 'unlike'; readonly unlike: readonly Unlikeness[] }
  | { readonly kind: 'nothing-in-common' };

/** Compares two runs: recall, completeness and work strictly, with what builds may differ; latencies beside them. */
export function compareRuns(base: RunFiles, candidate: RunFiles, options: CompareOptions): Compared {
  const unlike = unlikenesses(base.manifest, candidate.manifest, options);
  if (unlike.length > 0) return { kind: 'unlike', unlike };
  const [ofBase, ofCandidate] = [seriesOf(base.records), seriesOf(candidate.records)];
  const target = candidate.manifest.target?.recall ?? base.manifest.target?.recall ?? null;
  const recommended = [recommendedSettings(base.records), recommendedSettings(candidate.records)];
  const series = [...ofBase].flatMap(([key, one]) => {
    const other = ofCandidate.get(key);
    return other ? [compareSeries(one, other, { ...options, target, recommended })] : [];
  });
  const sides = [
    { side: 'base', series: ofBase, other: 'candidate', others: ofCandidate, records: candidate.records },
    { side: 'candidate', series: ofCandidate, other: 'base', others: ofBase, records: base.records },
  ] as const;
  const failedBuilds = sides.flatMap(({ series: of, other, records }) =>
    failedIn(records, [...of.values()]).map((build): FailedBuild => ({
      side: other,
      spec: build.request.spec,
      reason: build.reason,
    })),
  );
  if (series.length + failedBuilds.length === 0) return { kind: 'nothing-in-common' };
  const unmatched = sides.flatMap(({ side, series: of, others, records }) =>
    [...of]
      .filter(([key, one]) => !others.has(key) && failedIn(records, [one]).length === 0)
      .map(([, { build, workload }]) => ({ side, spec: build.request.spec, workload })),
  );
  return {
    kind: 'compared',
    comparison: {
      base: base.manifest.run,
      candidate: candidate.manifest.run,
      interest: options.interest,
      changes: [...changesBetween(base.manifest, candidate.manifest), ...recommendationChange(base, candidate)],
      series,
      failedBuilds,
      unmatched,
      answer: failedBuilds.length > 0 ? 'different' : together(series.map(({ answer }) => answer)),
      isWorse: series.some(isWorse) || failedBuilds.some(({ side }) => side === 'candidate'),
    },
  };
}

/** Of the specifications of some series those that a run could not build at all: the failed build of each. */
function failedIn(records: readonly JournalRecord[], series: readonly Series[]): readonly BuildRecord[] {
  const specOf = ({ request }: BuildRecord): string => canonicalJson({ ...request, repeat: 0 });
  const wanted = new Set(series.map(({ build }) => specOf(build)));
  const builds = records.filter((record) => record.type === 'build').filter((build) => wanted.has(specOf(build)));
  const built = new Set(builds.filter(({ status }) => status === 'ok').map(specOf));
  const failed = builds.filter((build) => !built.has(specOf(build)));
  return [...new Map(failed.map((build) => [specOf(build), build])).values()];
}

function compareSeries(
  base: Series,
  candidate: Series,
  options: CompareOptions & { readonly target: number | null; readonly recommended: readonly (string | null)[] },
): SeriesComparison {
  const equalRecall = [base, candidate].every(isSweep) ? compareCurves(base, candidate, options) : [];
  const common = [...base.bySettings].flatMap(([key, setting]) => {
    const other = candidate.bySettings.get(key);
    return other && (equalRecall.length === 0 || options.recommended.includes(`${base.key} ${key}`))
      ? [compareSetting(setting, other, options.interest)]
      : [];
  });
  const answers = [
    ...equalRecall.map(({ answer }) => answer),
    ...common.flatMap(({ figures, lost }) => [
      ...(lost ? (['different'] as const) : []),
      ...figures.filter(({ decides }) => decides).map(({ answer }) => answer),
    ]),
  ];
  return {
    key: base.key,
    spec: base.build.request.spec,
    workload: base.workload,
    equalRecall,
    settings: common,
    answer: together(answers),
  };
}

const isSweep = ({ bySettings }: Series): boolean =>
  [...bySettings.values()].filter(({ points }) => points.length > 0).length >= LEAST_POINTS;

function compareSetting(base: Setting, candidate: Setting, interest: Interest): SettingComparison {
  const builds = [base.points.length, candidate.points.length] as const;
  const { settings } = base;
  if (base.lost && candidate.lost) return { settings, builds, figures: [], lost: null };
  const lost = candidate.lost ?? base.lost;
  if (lost) {
    const side = candidate.lost ? 'candidate' : 'base';
    return { settings, builds, figures: [], lost: { side, reason: lost.reason } };
  }
  const figures = compareFigures({ base: base.points, candidate: candidate.points }, interest);
  return { settings, builds, figures, lost: null };
}

function isWorse({ equalRecall, settings }: SeriesComparison): boolean {
  const decisive = settings.flatMap(({ figures }) => figures.filter(({ decides }) => decides));
  return (
    [...equalRecall, ...decisive].some((one) => one.answer === 'different' && one.isWorse) ||
    settings.some(({ lost }) => lost?.side === 'candidate')
  );
}

/** Series and settings of what a run recommends for plain queries, as one text. */
function recommendedSettings(records: readonly JournalRecord[]): string | null {
  const point = tuneAnswerOf(records)?.recommendation?.point;
  for (const { key, bySettings } of seriesOf(records).values()) {
    for (const [settings, { points }] of bySettings) {
      if (points.some((one) => one.point.key === point)) return `${key} ${settings}`;
    }
  }
  return null;
}

function recommendationChange(base: RunFiles, candidate: RunFiles): readonly Change[] {
  const [one, other] = [base, candidate].map(({ records }) => {
    const choice = tuneAnswerOf(records)?.recommendation;
    return choice ? canonicalJson({ ...choice.spec, settings: choice.settings }) : null;
  });
  return one === other ? [] : [{ what: 'recommendation', name: null, base: one ?? null, candidate: other ?? null }];
}
