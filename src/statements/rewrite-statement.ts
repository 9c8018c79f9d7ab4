import type { SelectStmt } from 'libpg-query';
import { copyOf, writesRows } from './nodes.js';
import { REWRITES } from './rewrites/registry.js';
import type { KeyedTable, StatementChange } from './rewrites/rewrite.js';
import { writtenText } from './written-text.js';

export interface Rewritten {
  readonly change: StatementChange;
  readonly sql: string;
}

/**
 * Other ways to write a SELECT that return the same rows.
 *
 * @param root it calls nothing that is volatile
 * @param tables those of `relationsNamed` that are tables
 */
export function rewritesOf(root: SelectStmt, tables: readonly KeyedTable[]): readonly Rewritten[] {
  if (writesRows(root)) return [];
  return REWRITES.flatMap(({ apply }) => {
    const copy = copyOf(root);
    const change = apply(copy, tables);
    if (!change) return [];
    const sql = writtenText({ SelectStmt: copy });
    return sql === null ? [] : [{ change, sql }];
  });
}
