import { ask, type BenchAnswer, type Search } from '../results/index.js';
import type { GridRow } from './grid.js';

/** Measures every index with all of its settings over the shards, one index after the other. */
export function* shardedGrid({
  rows,
  ...question
}: {
  readonly rows: readonly GridRow[];
  readonly k: number;
  readonly queries: number;
}): Search<BenchAnswer> {
  for (const { spec, settings } of rows) yield* ask('sharded', { spec, settings: [...settings], ...question });
  return { kind: 'bench', front: [] };
}
