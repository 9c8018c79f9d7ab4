/** The words that stand in for a figure. */
export const figures = {
  /** Of a recall that is no estimate. */
  exact: '1 (exact)',
  /** Of a quantile that no sample of this size bounds. */
  needs: (queries: string): string => `needs ${queries} queries`,
};
