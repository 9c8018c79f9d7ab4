import type { Estimate } from '../results/index.js';

/** What a comparison of two figures shows. */
export type Answer = 'same' | 'different' | 'unknown';

/**
 * `same`: the whole interval lies within the smallest change of interest. `different`: the interval excludes "no change".
 * `unknown`: neither, and more must be measured.
 *
 * @param difference 0 is no change
 * @param smallest change of interest, either way, in the units of the difference
 */
export function judgeDifference({ low, high }: Estimate, smallest: number): Answer {
  if (low === null || high === null) return 'unknown';
  if (low >= -smallest && high <= smallest) return 'same';
  return low > 0 || high < 0 ? 'different' : 'unknown';
}

/** Of several figures: one that differs decides; else one that is unknown. */
export function together(answers: Iterable<Answer>): Answer {
  const given = [...answers];
  if (given.includes('different')) return 'different';
  return given.length === 0 || given.includes('unknown') ? 'unknown' : 'same';
}
