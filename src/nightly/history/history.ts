import type { RunFiles } from '../../results/index.js';
import { type ChangePoint, createChangeFinder } from './change-point.js';
import { type Trend, type TrendFigure, trendsOf } from './series.js';

export interface TrendView extends Trend {
  /** The latest change of level that is shown, and matters. */
  readonly change: ChangePoint | null;
  /** Whether the new level is the worse one. */
  readonly isWorse: boolean;
  /** Whether it began within the last {@link RECENT} nights, of this series and of all runs on the same data. */
  readonly isRecent: boolean;
}

/** Nights for which a change is news; it takes about half of them to show one. */
export const RECENT = 10;

/** Changes of the median that matter, as a share. */
const SMALLEST: Readonly<Record<TrendFigure, number>> = {
  recall: 0.005,
  buffers: 0.03,
  p50: 0.05,
  p95: 0.1,
  'index-bytes': 0.03,
};

/** Every series over the runs, with its latest change of level if there is one; those that got worse first. */
export function historyOf(runs: readonly RunFiles[]): readonly TrendView[] {
  const trends = trendsOf(runs);
  const changes = createChangeFinder()(trends.map(({ nights }) => nights.map(({ value }) => value)));
  const views = trends.map((trend, i): TrendView => {
    const found = changes[i]!;
    const change = found && Math.abs(found.since / found.before - 1) >= SMALLEST[trend.figure] ? found : null;
    const isUp = change !== null && change.since > change.before;
    const isWorse = change !== null && (trend.figure === 'recall' ? !isUp : isUp);
    return { ...trend, change, isWorse, isRecent: change !== null && isRecent(trend, change, runs) };
  });
  const weight = ({ change, isWorse, isRecent: isNews }: TrendView): number =>
    isWorse ? (isNews ? 3 : 2) : change ? 1 : 0;
  return views.toSorted((a, b) => weight(b) - weight(a));
}

/** A series that ended, as with an upgrade, is no news for ever. */
function isRecent({ nights, dataset }: Trend, { at }: ChangePoint, runs: readonly RunFiles[]): boolean {
  const last = nights.at(-1)!.startedAt;
  const later = runs.filter(({ manifest }) => manifest.dataset.hash === dataset && manifest.startedAt > last);
  return nights.length - at <= RECENT && later.length < RECENT;
}
