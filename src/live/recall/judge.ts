import { bettingInterval } from '../../analysis/index.js';
import type { Estimate } from '../../results/index.js';

/** Whether a recall is shown to be reached, shown to be missed, or neither. */
export type Shown = 'reached' | 'not reached' | 'inconclusive';

export function judgeMean({ low, high }: Estimate, target: number): Shown {
  if ((low ?? 0) >= target) return 'reached';
  return (high ?? 1) < target ? 'not reached' : 'inconclusive';
}

/**
 * The same for one of several groups. That all reach it is shown when each shows it by itself; that one misses it would be
 * found too often among many, so the chance of that error is shared among them (Bonferroni).
 *
 * @param recalls of the group's queries, in random order
 */
export function judgeGroup(recalls: Float64Array, { target, groups }: { target: number; groups: number }): Shown {
  if (bettingInterval(recalls).low >= target) return 'reached';
  return bettingInterval(recalls, { alpha: 0.05 / groups }).high < target ? 'not reached' : 'inconclusive';
}

/** All must reach it; one that misses it is enough. */
export function judgeAll(shown: readonly Shown[]): Shown {
  if (shown.every((one) => one === 'reached')) return 'reached';
  return shown.includes('not reached') ? 'not reached' : 'inconclusive';
}

/** Mean of values in [0, 1] in random order. */
export function boundedMean(values: Float64Array): Estimate {
  const value = values.reduce((sum, one) => sum + one, 0) / values.length;
  const { low, high } = bettingInterval(values);
  return { value, low: Math.min(low, value), high: Math.max(high, value) };
}
