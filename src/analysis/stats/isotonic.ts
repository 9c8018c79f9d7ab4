/**
 * Isotonic regression: the non-decreasing values nearest to the given ones in least squares, by pooling adjacent
 * violators (Ayer et al., Annals of Mathematical Statistics 26, 1955).
 *
 * @param weights one per value, positive; default: all equal
 */
export function isotonic(
  values: readonly number[],
  weights: readonly number[] = values.map(() => 1),
): readonly number[] {
  const pools: { mean: number; weight: number; size: number }[] = [];
  for (const [i, value] of values.entries()) {
    let pool = { mean: value, weight: weights[i]!, size: 1 };
    for (let last = pools.at(-1); last && last.mean > pool.mean; last = pools.at(-1)) {
      pools.pop();
      const weight = last.weight + pool.weight;
      const mean = (last.mean * last.weight + pool.mean * pool.weight) / weight;
      pool = { mean, weight, size: last.size + pool.size };
    }
    pools.push(pool);
  }
  return pools.flatMap(({ mean, size }) => Array.from({ length: size }, () => mean));
}
