import type { Estimate } from '../../results/index.js';

/** 97.5 % quantile of the standard normal distribution. */
const Z = 1.959964;

/**
 * With how many rows of a table a row picked at random shares its value, itself counted: 1 where all values differ. Of a random sample the
 * share of equal pairs is that of the table, whatever the sizes of its groups (a U-statistic); its variance is that of the first projection.
 *
 * Reference: Hoeffding, A class of statistics with asymptotically normal distribution, Ann. Math. Stat. 19 (1948).
 *
 * @param groups sizes of the groups of equal values in the sample; those of one may be left out
 * @param sample rows drawn
 * @param population rows of the table; no more than the sample where all were read
 */
export function rowsPerValue(groups: readonly number[], sample: number, population: number): Estimate {
  if (sample < 2) return { value: 1, low: 1, high: Math.max(1, population) };
  const equals = groups.reduce((sum, rows) => sum + rows * (rows - 1), 0);
  const mean = equals / sample;
  const scale = Math.max(0, population - 1) / (sample - 1);
  const value = 1 + (population <= sample ? mean : scale * mean);
  if (population <= sample) return { value, low: value, high: value };
  const squares = groups.reduce((sum, rows) => sum + rows * (rows - 1) ** 2, 0);
  const deviation = Math.sqrt(Math.max(0, squares / sample - mean ** 2));
  const half = (scale * Z * 2 * deviation) / Math.sqrt(sample);
  // No equal pair was seen: as many as three may have been expected (rule of three).
  const unseen = equals === 0 ? (scale * 2 * 3) / sample : half;
  return { value, low: Math.max(1, value - half), high: Math.min(population, value + unseen) };
}
