import type { IndexKind } from './kind.js';
import { plainStorage } from './storage.js';
import { exactWork } from './work.js';

/** No index: the query reads the whole table. Its recall is 1 by definition. */
export const exact: IndexKind = {
  name: 'none',
  accessMethod: null,
  extension: 'vector',
  title: 'exact scan',
  parameters: [],
  storage: plainStorage,
  knobs: [],
  // Dimensions: pgvector vector.h VECTOR_MAX_DIM.
  representations: { vector: { maxDimensions: 16_000, metrics: ['l2', 'ip', 'cosine', 'l1'], since: '0.1.0' } },
  bits: { maxDimensions: 64_000, metrics: ['hamming', 'jaccard'], since: '0.7.0' },
  // Source: pgvector sparsevec.h SPARSEVEC_MAX_NNZ.
  mostNonZeros: 16_000,
  notices: [],
  conflict: () => null,
  mostRows: () => Infinity,
  startingPoints: () => [{ rule: 'exact-scan', parameters: {}, settings: {} }],
  candidates: () => [{}],
  ofSubset: (parameters) => parameters,
  ofSize: (parameters) => parameters,
  sameRecall: (value) => value,
  isModelled: true,
  model: {
    buildWorkers: () => 0,
    predict: () => ({ pages: 0, bytes: 0, build: null, steps: null }),
    scanCost: null,
    work: exactWork,
  },
};
