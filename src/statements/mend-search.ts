import type { SelectStmt } from 'libpg-query';
import type { FoundObstacle, SearchObstacle } from '../results/index.js';
import type { KnownRelation, SearchedTable } from './catalog.js';
import { grammar } from './grammar.js';
import { copyOf } from './nodes.js';
import { OBSTACLES } from './obstacles/registry.js';
import { findSearch } from './vector-search.js';

export interface MendOptions {
  readonly relations: readonly KnownRelation[];
  readonly table: SearchedTable;
  readonly volatile: readonly string[];
  /** Obstacles that are left in the way. */
  readonly except?: readonly SearchObstacle['code'][];
}

export interface Mended {
  readonly found: readonly FoundObstacle[];
  /** The statement without the obstacles that can be rewritten; the original is left as it is. */
  readonly root: SelectStmt;
  readonly sql: string;
}

/** Looks for what keeps an index out of a search, and rewrites the statement without it. */
export function mendSearch(original: SelectStmt, { relations, table, volatile, except = [] }: MendOptions): Mended {
  let root = copyOf(original);
  const found: FoundObstacle[] = [];
  for (const { code, find } of OBSTACLES) {
    if (except.includes(code)) continue;
    // An obstacle that cannot be mended must not leave half of a change.
    const next = copyOf(root);
    const obstacle = find({ search: findSearch(next, relations), table, volatile });
    if (!obstacle) continue;
    found.push(obstacle);
    if (obstacle.remedy.kind === 'rewrite') root = next;
  }
  return { found, root, sql: writeSelect(root) };
}

export const writeSelect = (select: SelectStmt): string => grammar().write({ SelectStmt: select });
