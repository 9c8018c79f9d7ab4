import type { RunFiles } from '../../results/index.js';
import { type ChangePoint, changePoint } from './change-point.js';
import { type Trend, type TrendFigure, trendsOf } from './series.js';

export interface TrendView extends Trend {
  readonly change: ChangePoint | null;
  /** Whether the new level is the worse one. */
  readonly isWorse: boolean;
}

/** Changes of the median that matter, as a share. */
const SMALLEST: Readonly<Record<TrendFigure, number>> = {
  recall: 0.005,
  buffers: 0.03,
  p50: 0.05,
  p95: 0.1,
  'index-bytes': 0.03,
};

/** Every series over the runs, with its change of level if there is one; those that got worse first. */
export function historyOf(runs: readonly RunFiles[]): readonly TrendView[] {
  const views = trendsOf(runs).map((trend): TrendView => {
    const change = changePoint(
      trend.nights.map(({ value }) => value),
      SMALLEST[trend.figure],
    );
    const isUp = change !== null && change.since > change.before;
    return { ...trend, change, isWorse: change !== null && (trend.figure === 'recall' ? !isUp : isUp) };
  });
  const weight = ({ change, isWorse }: TrendView): number => (isWorse ? 2 : change ? 1 : 0);
  return views.toSorted((a, b) => weight(b) - weight(a));
}
