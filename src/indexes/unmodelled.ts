import type { IndexKind } from './kind.js';

/** The part of an access method of which nothing is predicted, and no rule of thumb known: only measuring tells. */
export const unmodelled = {
  bits: null,
  mostNonZeros: null,
  notices: [],
  mostRows: () => Infinity,
  startingPoints: () => [],
  candidates: () => [{}],
  ofSubset: (parameters) => parameters,
  ofSize: (parameters) => parameters,
  sameRecall: (value) => value,
  isModelled: false,
  model: null,
} satisfies Partial<IndexKind>;
