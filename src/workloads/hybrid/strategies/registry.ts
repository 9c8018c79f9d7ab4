import { PgvtuneError } from '../../../errors.js';
import { textOnly, vectorOnly } from './controls.js';
import { mixedOrder } from './mixed-order.js';
import { normalisedSum } from './normalised-sum.js';
import { rrf } from './rrf.js';
import type { HybridStrategy } from './strategy.js';
import { matchThenSort, textFilter } from './text-as-filter.js';
import { vectorThenText } from './vector-then-text.js';
import { weightedSum } from './weighted-sum.js';

/** Every way to answer from vectors and text that pgvtune knows; the controls, one leg alone, first. */
export const hybridStrategies: readonly HybridStrategy[] = [
  vectorOnly,
  textOnly,
  rrf,
  normalisedSum,
  weightedSum,
  vectorThenText,
  textFilter,
  matchThenSort,
  mixedOrder,
];

/** @throws {PgvtuneError} `usage` when no strategy has that name */
export function hybridStrategy(name: string): HybridStrategy {
  const strategy = hybridStrategies.find((candidate) => candidate.name === name);
  if (strategy) return strategy;
  throw new PgvtuneError('usage', `Expected a strategy for hybrid queries, got "${name}".`, {
    hint: `Use one of ${hybridStrategies.map((candidate) => candidate.name).join(', ')}.`,
  });
}
