/** Percentiles 0, 1 … 100; none of nothing. */
export function percentiles(values: readonly number[]): readonly number[] {
  if (values.length === 0) return [];
  const sorted = Float64Array.from(values).sort();
  return Array.from({ length: 101 }, (_, p) => sorted[Math.round((p / 100) * (sorted.length - 1))]!);
}
