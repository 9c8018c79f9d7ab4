import { latencyQuantile } from '../../analysis/index.js';
import type {
  BuildRecord,
  Estimate,
  FilterOption,
  Measured,
  PointRecord,
  Ranking,
  Unmet,
} from '../../results/index.js';
import type { Target } from '../../vocabulary.js';
import { costOf } from '../plain/goal.js';
import { indexBytes, unmetBounds } from './constraints.js';

/** The goal; the median stands for a 95th percentile that the finalists' queries are too few for. */
export function rankingOf({ minimise }: Pick<Target, 'minimise'>, finalists: readonly PointRecord[]): Ranking {
  if (minimise !== 'p95') return minimise;
  const isKnown = ({ measured }: PointRecord): boolean =>
    measured === null || Boolean(latencyQuantile(measured, 0.95)?.estimate);
  return finalists.every(isKnown) ? 'p95' : 'p50';
}

/** Less is better; null where the sample does not show it. */
export function rankingCost(ranking: Ranking, measured: Measured, builds: readonly BuildRecord[]): Estimate | null {
  if (ranking === 'p95' || ranking === 'p50') {
    return latencyQuantile(measured, ranking === 'p95' ? 0.95 : 0.5)?.estimate ?? null;
  }
  const { value, low, high } = costOf(ranking, together(builds), measured);
  return Number.isFinite(value) ? { value, low, high: Number.isFinite(high) ? high : null } : null;
}

/** The indexes of an option as if they were one: bounds and goals are about all of them. */
export function together(builds: readonly BuildRecord[]): BuildRecord {
  const [first, ...others] = builds;
  if (!first) throw new TypeError('Expected at least one build.');
  if (others.length === 0) return first;
  const bytes = builds.reduce((sum, build) => sum + indexBytes(build), 0);
  return {
    ...first,
    index: first.index && { ...first.index, bytes },
    seconds: builds.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** What of a target's bounds a point does not show to be met, by all its indexes together. The recall is judged elsewhere. */
export function unmetTogether(
  builds: readonly BuildRecord[],
  point: PointRecord & { readonly measured: Measured },
  target: Target,
): readonly Unmet[] {
  const { measured } = point;
  return builds.length === 0 ? [] : unmetBounds({ build: together(builds), point, measured }, { ...target, recall: 0 });
}

/** The builds of an option, or the exact scan's. */
export const buildsOfOption = (
  { builds }: FilterOption,
  { request: { build } }: Pick<PointRecord, 'request'>,
  all: ReadonlyMap<string, BuildRecord>,
): readonly BuildRecord[] => (builds.length > 0 ? builds : [build]).flatMap((key) => all.get(key) ?? []);
