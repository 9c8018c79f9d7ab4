import {
  fitGrowth,
  GROWTH_FIGURES,
  type GrowthContext,
  type GrowthFigure,
  type GrowthPoint,
  measuredFigure,
  type Predicted,
} from './laws.js';

/** A figure of the largest size, predicted from smaller ones alone. */
export interface HeldOut {
  readonly figure: GrowthFigure;
  /** Largest size that the prediction rests on. */
  readonly fromRows: number;
  readonly rows: number;
  readonly predicted: Predicted;
  readonly measured: number;
  /** Predicted over measured, less 1. */
  readonly error: number;
  /** The measured value lies in the 90 % interval. */
  readonly covered: boolean;
}

/** A prediction over less than this multiple of the rows shows nothing. */
const LEAST_MULTIPLE = 3.9;

/**
 * Predicts the largest size from those up to a quarter of it, as a test of the laws on this very data; empty where no
 * such size was measured.
 */
export function holdOut(points: readonly GrowthPoint[], context: GrowthContext): readonly HeldOut[] {
  const largest = points.reduce<GrowthPoint | null>((a, b) => (a && a.rows >= b.rows ? a : b), null);
  if (largest === null) return [];
  const smaller = points.filter(({ rows }) => rows * LEAST_MULTIPLE <= largest.rows);
  return GROWTH_FIGURES.flatMap((figure) => {
    const measured = measuredFigure(figure, largest);
    const law = fitGrowth(figure, smaller, context, largest.isLowest);
    if (measured === null || law === null) return [];
    const predicted = law.at(largest.rows);
    return [
      {
        figure,
        fromRows: Math.max(...smaller.map(({ rows }) => rows)),
        rows: largest.rows,
        predicted,
        measured,
        error: predicted.value / measured - 1,
        covered: predicted.low <= measured && measured <= predicted.high,
      },
    ];
  });
}
