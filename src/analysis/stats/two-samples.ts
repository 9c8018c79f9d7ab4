import type { SplitStatistic } from './permutation.js';

/**
 * Largest difference of the distribution functions of two samples of numbers, 0 to 1 (Kolmogorov and Smirnov).
 *
 * @param values pooled
 */
export function kolmogorovSmirnov(values: ArrayLike<number>): SplitStatistic {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  return (labels) => {
    const [first, second] = sizesOf(labels);
    let [seconds, most] = [0, 0];
    for (let rank = 0; rank < order.length; rank++) {
      const [i, next] = [order[rank]!, order[rank + 1]];
      seconds += labels[i]!;
      // Values that tie are on one step.
      if (next !== undefined && values[next] === values[i]) continue;
      most = Math.max(most, Math.abs(seconds / second - (rank + 1 - seconds) / first));
    }
    return most;
  };
}

/**
 * Pearson's chi-square of two samples over categories.
 *
 * @param categories of the pooled values, from 0
 */
export function chiSquare(categories: ArrayLike<number>): SplitStatistic {
  const totals = countsOf(categories, () => true);
  return (labels) => {
    const [first, second] = sizesOf(labels);
    const share = second / (first + second);
    const seconds = countsOf(categories, (i) => labels[i] === 1);
    return totals.reduce(
      (sum, total, category) =>
        total === 0 ? sum : sum + (seconds[category]! - total * share) ** 2 / (total * share * (1 - share)),
      0,
    );
  };
}

/**
 * Energy distance over twice the mean distance between the samples: 0 for one distribution, 1 at most (the coefficient of
 * inhomogeneity of Székely and Rizzo, Energy statistics: A class of statistics based on distances, Journal of Statistical
 * Planning and Inference 143, 2013).
 *
 * @param distances between all pooled values, n × n
 */
export function energyDistance(distances: Float32Array, n: number): SplitStatistic {
  const sums = Float64Array.from({ length: n }, (_, i) =>
    distances.subarray(i * n, (i + 1) * n).reduce((sum, distance) => sum + distance, 0),
  );
  const all = sums.reduce((sum, value) => sum + value, 0);
  return (labels) => {
    const of: number[] = [];
    for (let i = 0; i < n; i++) if (labels[i] === 0) of.push(i);
    const [first, second] = [of.length, n - of.length];
    let withinFirst = 0;
    let fromFirst = 0;
    for (const [position, i] of of.entries()) {
      fromFirst += sums[i]!;
      const row = i * n;
      let sum = 0;
      for (let other = position + 1; other < first; other++) sum += distances[row + of[other]!]!;
      withinFirst += 2 * sum;
    }
    const between = fromFirst - withinFirst;
    const withinSecond = all - withinFirst - 2 * between;
    if (between <= 0) return 0;
    const meanBetween = between / (first * second);
    return 1 - (withinFirst / first ** 2 + withinSecond / second ** 2) / (2 * meanBetween);
  };
}

function sizesOf(labels: ArrayLike<number>): readonly [number, number] {
  let second = 0;
  for (let i = 0; i < labels.length; i++) second += labels[i]!;
  return [labels.length - second, second];
}

function countsOf(categories: ArrayLike<number>, counts: (i: number) => boolean): readonly number[] {
  const found: number[] = [];
  for (let i = 0; i < categories.length; i++) {
    const category = categories[i]!;
    while (found.length <= category) found.push(0);
    if (counts(i)) found[category]!++;
  }
  return found;
}
