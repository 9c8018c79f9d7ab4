import type { Grid, GridRow, Space } from '../../src/tune/index.js';
import type { Target } from '../../src/vocabulary.js';

/** A recall of 0.95, shown with 95 % confidence, at the lowest p95, unless a test changes it. */
export const targetFor = (change: Partial<Target> = {}): Target => ({
  recall: 0.95,
  confidence: 0.95,
  minimise: 'p95',
  ...change,
});

/** A space of plain queries with nothing beyond what a test names. */
export const spaceFor = (
  named: Pick<Space, 'families' | 'rows' | 'dimensions'> & Partial<Omit<Space, 'target'>>,
  target: Partial<Target> = {},
): Space => ({
  workload: { kind: 'plain', k: 10 },
  queries: 500,
  timed: 500,
  metric: 'cosine',
  repeats: 1,
  cache: 'warm',
  coldBytes: 0,
  loads: null,
  rowsBudget: null,
  rulesOfThumb: [],
  server: null,
  ...named,
  target: targetFor(target),
});

/** A grid of plain queries. */
export const gridFor = (rows: readonly GridRow[], change: Partial<Grid> = {}): Grid => ({
  rows,
  workload: { kind: 'plain', k: 10 },
  queries: 1000,
  repeats: 1,
  cache: 'warm',
  loads: null,
  ...change,
});
