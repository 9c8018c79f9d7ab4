/**
 * Ranks of the order statistics that enclose a quantile: for n independent samples of any distribution,
 * P(x₍low₎ > quantile) and P(x₍high₎ < quantile) are each at most `tail`. A rank of 0 or n + 1 says that no sample
 * bounds the quantile on that side.
 *
 * The number of samples below the quantile is binomial (n, p). Its probabilities are summed from the mode outwards, in
 * units of the mode's own, so that nothing underflows that matters.
 *
 * David & Nagaraja, Order Statistics (3rd ed.), section 7.1.
 */
export function quantileRanks(n: number, p: number, tail: number): { readonly low: number; readonly high: number } {
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const weights = new Float64Array(n + 1);
  weights[mode] = 1;
  for (let k = mode; k < n; k++) weights[k + 1] = (weights[k]! * (n - k) * p) / ((k + 1) * (1 - p));
  for (let k = mode; k > 0; k--) weights[k - 1] = (weights[k]! * k * (1 - p)) / ((n - k + 1) * p);
  const limit = tail * weights.reduce((sum, weight) => sum + weight, 0);

  let low = 0;
  for (let below = weights[0]!; below <= limit; below += weights[low]!) low++;
  let high = n + 1;
  for (let above = weights[n]!; above <= limit; above += weights[high - 1]!) high--;
  return { low, high };
}

/** How many samples it takes before {@link quantileRanks} finds a bound on both sides. */
export function samplesForQuantile(p: number, tail: number): number {
  return Math.ceil(Math.log(tail) / Math.log(Math.max(p, 1 - p)));
}
