import type { Node } from 'libpg-query';
import { canonicalJson } from '../canonical-json.js';
import { grammar } from './grammar.js';
import { withoutPlaces } from './places.js';

/** The text of a statement; null where it is not read as the same statement, or cannot be written. */
export function writtenText(node: Node): string | null {
  try {
    const sql = grammar().write(node);
    const read = grammar().parse(sql).stmts?.[0]?.stmt;
    return canonicalJson(withoutPlaces(read)) === canonicalJson(withoutPlaces(node)) ? sql : null;
  } catch {
    return null;
  }
}
