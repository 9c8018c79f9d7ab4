import { normalCdf } from './normal.js';

/** Whether a series goes up or down in the course of time. */
export interface Trend {
  /** Pairs in which the later value is greater, less pairs in which it is smaller. */
  readonly statistic: number;
  /** Two-sided: the probability of such a statistic if the order meant nothing. */
  readonly p: number;
}

/**
 * The Mann-Kendall test: no assumption about the values' distribution, none about the form of the trend. Normal
 * approximation with continuity correction and ties, good from ten values on.
 *
 * Mann, Nonparametric tests against trend, Econometrica 13, 1945; Kendall, Rank Correlation Methods (4th ed.), section 4.
 */
export function mannKendall(values: readonly number[]): Trend {
  const n = values.length;
  let statistic = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) statistic += Math.sign(values[j]! - values[i]!);
  }
  const repeats = new Map<number, number>();
  for (const value of values) repeats.set(value, (repeats.get(value) ?? 0) + 1);
  const spread = (m: number): number => m * (m - 1) * (2 * m + 5);
  const variance = (spread(n) - [...repeats.values()].reduce((sum, m) => sum + spread(m), 0)) / 18;
  if (variance === 0 || statistic === 0) return { statistic, p: 1 };
  const z = (Math.abs(statistic) - 1) / Math.sqrt(variance);
  return { statistic, p: 2 * (1 - normalCdf(z)) };
}

/** Above this probability a series counts as steady: one steady series in ten is taken for one with a trend. */
const STEADY = 0.1;

export const isSteady = (values: readonly number[]): boolean => mannKendall(values).p > STEADY;
