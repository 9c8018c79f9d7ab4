import type { FoundObstacle, SearchObstacle, SearchRemedy } from '../../results/index.js';
import type { SearchedTable } from '../catalog.js';
import type { VectorSearch } from '../vector-search.js';

/** What an obstacle is looked for in. */
export interface Asked {
  readonly search: VectorSearch;
  readonly table: SearchedTable;
  /** Volatile functions among those that the statement calls. */
  readonly volatile: readonly string[];
}

/**
 * Something in a statement, or in the indexes beside it, that keeps an index from serving the statement's order. `find` says
 * what is to be done, and changes the statement in place where a rewriting is it.
 */
export interface Obstacle {
  readonly code: SearchObstacle['code'];
  readonly find: (asked: Asked) => FoundObstacle | null;
}

/** @param sameRows null: the statement could not be rewritten */
export const rewritten = (sameRows: boolean | null): SearchRemedy =>
  sameRows === null ? { kind: 'none' } : { kind: 'rewrite', sameRows };
