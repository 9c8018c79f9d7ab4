import type { QueryNumber } from '../knob.js';

const depth = (side: string): QueryNumber => ({
  kind: 'number',
  name: `${side}_depth`,
  min: 1,
  max: 100_000,
  default: 50,
  integer: true,
  monotone: true,
});

export const vectorDepth = depth('vector');
export const textDepth = depth('text');

/** What the vector leg counts; the text leg counts the rest to 1. */
export const vectorWeight: QueryNumber = {
  kind: 'number',
  name: 'vector_weight',
  min: 0,
  max: 1,
  default: 0.5,
  integer: false,
  monotone: false,
};

/** Cormack, Clarke & Büttcher, Reciprocal rank fusion outperforms Condorcet and individual rank learning methods, SIGIR 2009. */
export const rrfK: QueryNumber = {
  kind: 'number',
  name: 'rrf_k',
  min: 0,
  max: 10_000,
  default: 60,
  integer: true,
  monotone: false,
};
