import { PgvtuneError } from '../../../errors.js';
import { blockRanges } from './block-ranges.js';
import { byClassSize } from './by-class-size.js';
import { denormalised } from './denormalised.js';
import { exactScan } from './exact-scan.js';
import { iterativeRelaxed, iterativeStrict } from './iterative.js';
import { preFilter } from './pre-filter.js';
import { partialIndex } from './partial-index.js';
import { hashPartitions, listPartitions } from './partitioned.js';
import { rangePartitions } from './range-partitions.js';
import { postFilter } from './post-filter.js';
import type { FilteredStrategy } from './strategy.js';

/** Every way to serve filtered queries that pgvtune knows. */
export const filteredStrategies: readonly FilteredStrategy[] = [
  exactScan,
  preFilter,
  blockRanges,
  postFilter,
  iterativeRelaxed,
  iterativeStrict,
  partialIndex,
  listPartitions,
  hashPartitions,
  rangePartitions,
  byClassSize,
  denormalised('denormalised-pre-filter', preFilter),
  denormalised('denormalised-iterative-relaxed', iterativeRelaxed),
  denormalised('denormalised-partial-index', partialIndex),
  denormalised('denormalised-by-class-size', byClassSize),
];

/** @throws {PgvtuneError} `usage` when no strategy has that name */
export function filteredStrategy(name: string): FilteredStrategy {
  const strategy = filteredStrategies.find((candidate) => candidate.name === name);
  if (strategy) return strategy;
  throw new PgvtuneError('usage', `Expected a strategy for filtered queries, got "${name}".`, {
    hint: `Use one of ${filteredStrategies.map((candidate) => candidate.name).join(', ')}.`,
  });
}
