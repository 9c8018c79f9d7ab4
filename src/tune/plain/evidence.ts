import { withAnswersOf } from '../../analysis/index.js';
import { canonicalJson } from '../../canonical-json.js';
import type { StartingRule, Target } from '../../vocabulary.js';
import type { BuildRecord, Choice, PointRecord, PointRequest, Unmet } from '../../results/index.js';
import type { RepeatedBuilds } from './build-variance.js';
import type { Candidate } from '../common/constraints.js';
import type { OnAverage } from './confidence-price.js';
import { type Explored, pointsOf } from './explore.js';
import type { Pruned } from './prune.js';
import type { Screening } from './screen.js';
import type { Settled } from './settle.js';

export interface ExactScan {
  readonly build: BuildRecord;
  readonly points: readonly PointRecord[];
  /** It is shown to meet the target by itself. */
  readonly sufficient: boolean;
}

export interface BaselineRequest {
  readonly rule: StartingRule;
  readonly choice: Omit<Choice, 'point'>;
  readonly request: PointRequest;
}

/** Everything that a search has seen. */
export interface Evidence {
  readonly exact: ExactScan;
  /** Not built at all. */
  readonly pruned: readonly Pruned[];
  /** Built on some of the rows. */
  readonly screening: Screening;
  /** Built on all rows; the control first, where it was. */
  readonly explored: readonly Explored[];
  /** Measured with the validation queries. */
  readonly settled: readonly Settled[];
  /** The cheapest settings whose mean recall reaches the target, shown or not. */
  readonly onAverage: readonly OnAverage[];
  /** Measured side by side. */
  readonly candidates: readonly Candidate[];
  readonly confirmed: readonly PointRecord[];
  readonly baselines: readonly BaselineRequest[];
  readonly builds: ReadonlyMap<string, BuildRecord>;
  /** Candidates that meet the target, best first. */
  readonly ranked: readonly Candidate[];
  /** What other builds of the best of them showed; empty when each was built once. */
  readonly repeated: readonly RepeatedBuilds[];
  /** Indexes whose recall was tested: among them the level is divided. */
  readonly tested: number;
  /** The target as it was asked for, with the confidence that all tests share. */
  readonly asked: Target;
}

/**
 * The points that have figures, each with its build.
 *
 * @param answers points that may rest on more queries: those of most of them show the recall
 */
export const toCandidates = (
  points: readonly PointRecord[],
  builds: ReadonlyMap<string, BuildRecord>,
  answers: readonly PointRecord[] = [],
): readonly Candidate[] =>
  points.flatMap((point): readonly Candidate[] => {
    const build = builds.get(point.request.build);
    if (!build || !point.measured) return [];
    const [shownBy] = answers
      .filter((other) => restsOnMore(other, point))
      .toSorted((a, b) => b.request.queries - a.request.queries);
    if (!shownBy?.measured) return [{ build, point, measured: point.measured }];
    return [{ build, point, measured: withAnswersOf(point.measured, shownBy.measured), shownBy }];
  });

/** The exact scan as it is quoted: where it was measured beside the others, by that; a few queries alone are another moment. */
export const exactPoint = ({ exact, confirmed }: Pick<Evidence, 'exact' | 'confirmed'>): PointRecord | undefined =>
  confirmed.find(({ request }) => request.build === exact.build.key && request.purpose === 'confirm') ??
  exact.points.at(-1);

/**
 * Whether a recall is among those that were tested at the level of the target: the exact scan's, or that of the setting
 * that the test of its index ended with. Of what is only compared with those, and was never to be tested, it is not.
 */
export const isShown = (
  { build, point }: Candidate,
  { exact, settled }: Pick<Evidence, 'exact' | 'settled'>,
): boolean =>
  build.key === exact.build.key ||
  settled.some((one) => one.point !== null && isSameSetting(one.point.request, point.request));

/** What further builds show to be missing of a candidate of which one build meets the target; null: nothing. */
export function refutedBy({ build }: Candidate, { repeated }: Pick<Evidence, 'repeated'>): Unmet | null {
  const own = repeated.find(({ candidate, reached }) => !reached && candidate.build.key === build.key);
  if (!own) return null;
  const failed = own.failures.length;
  return failed > 0 ? { code: 'other_builds_failed', data: { failed } } : { code: 'any_build', data: {} };
}

const restsOnMore = ({ request, status }: PointRecord, { request: than }: PointRecord): boolean =>
  status === 'ok' && request.queries > than.queries && isSameSetting(request, than);

const isSameSetting = (one: PointRequest, other: PointRequest): boolean =>
  one.build === other.build && canonicalJson(one.settings) === canonicalJson(other.settings);

/** Share of the rows that repeat another's vector, where that is worth a finding. */
export function duplicatesOf({
  confirmed,
  explored,
  exact,
}: Pick<Evidence, 'confirmed' | 'explored' | 'exact'>): number | null {
  const points = [...confirmed, ...explored.flatMap((one) => pointsOf(one)), ...exact.points];
  const found = points.flatMap(({ findings }) => findings).find((finding) => finding.code === 'duplicates');
  return found?.code === 'duplicates' ? found.data.share : null;
}
