import type { SelectStmt } from 'libpg-query';
import { canonicalJson } from '../canonical-json.js';
import { grammar } from './grammar.js';
import { writeSelect } from './mend-search.js';
import { copyOf, writesRows } from './nodes.js';
import { REWRITES } from './rewrites/registry.js';
import type { KeyedTable, StatementChange } from './rewrites/rewrite.js';

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
    const sql = writtenText(copy);
    return sql === null ? [] : [{ change, sql }];
  });
}

/** The text of a tree; null where it is not read as the same tree, or cannot be written. */
function writtenText(root: SelectStmt): string | null {
  try {
    const sql = writeSelect(root);
    const [first] = grammar().parse(sql).stmts ?? [];
    const read = first?.stmt && 'SelectStmt' in first.stmt ? first.stmt.SelectStmt : null;
    return canonicalJson(withoutPlaces(read)) === canonicalJson(withoutPlaces(root)) ? sql : null;
  } catch {
    return null;
  }
}

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
      PLACES.includes(key) ? [] : [[key, withoutPlaces(inner)]],
    ),
  );
}

/** Where a node was in the text. */
const PLACES = ['location', 'list_start', 'list_end', 'rexpr_list_start', 'rexpr_list_end'];
