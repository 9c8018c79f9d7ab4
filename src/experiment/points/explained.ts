/** From this ratio of the largest class to the smallest on, a sample of the queries says too little of the others. */
const SKEWED = 2;

/**
 * Positions of the queries whose work is counted. What a query takes goes with the rows that its filter leaves: the sample is
 * spread evenly over the queries in the order of these, so that the few large classes are in it as often as they are asked.
 * A conclusion about skewed classes counts all of them. Where all are answered from the same rows, the first ones will do:
 * their order is random.
 *
 * @param sizes rows that the filter of each query leaves; empty where there is none
 * @param options.most of the sample; may exceed the queries
 */
export function spreadOverSizes(
  sizes: readonly number[],
  { queries, most, isConclusion }: { readonly queries: number; readonly most: number; readonly isConclusion: boolean },
): readonly number[] {
  const all = Array.from({ length: queries }, (_, query) => query);
  const isSkewed = Math.max(...sizes) >= SKEWED * Math.min(...sizes);
  if (sizes.length === 0 || !isSkewed) return all.slice(0, most);
  if (isConclusion || most >= queries) return all;
  const bySize = all.toSorted((a, b) => sizes[a]! - sizes[b]!);
  return Array.from({ length: most }, (_, i) => bySize[Math.floor(((i + 0.5) * queries) / most)]!).sort(
    (a, b) => a - b,
  );
}

/** Rows that the filter of each query leaves. */
export const sizesOfClasses = (drawn: {
  readonly ofQuery: Int32Array;
  readonly matches: readonly number[];
}): readonly number[] => Array.from(drawn.ofQuery, (filter) => drawn.matches[filter]!);
