/**
 * The value that is nearest to another by their ratio; the greater of two that are as near.
 *
 * @param values ascending and positive
 * @returns undefined where there are none
 */
export function nearestValue(values: readonly number[], value: number): number | undefined {
  const above = values.findIndex((candidate) => candidate >= value);
  if (above === -1) return values.at(-1);
  return above > 0 && value / values[above - 1]! < values[above]! / value ? values[above - 1] : values[above];
}

/** The whole numbers above one and below another. */
export const wholeBetween = (low: number, high: number): readonly number[] =>
  Array.from({ length: Math.max(0, high - low - 1) }, (_, i) => low + 1 + i);
