import type { Node } from 'libpg-query';
import { canonicalJson } from '../canonical-json.js';
import { readExpression } from './expression.js';

/** An expression of SQL as a node. @throws where the grammar refuses it, which no text of the catalog does */
export function expressionOf(sql: string): Node {
  const value = readExpression(sql);
  if (!value) throw new Error(`No expression: ${sql}`);
  return value;
}

/** Whether two expressions are the same, the schemas of their names and the aliases of their columns aside. */
export const isSame = (a: Node, b: Node): boolean => canonicalJson(bare(a)) === canonicalJson(bare(b));

/** Lists of names of which the last alone counts. */
const NAMES = ['fields', 'names', 'funcname', 'name'];
/** What says nothing about the value. */
const SILENT = ['location', 'funcformat', 'typemod'];

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !SILENT.includes(key))
      .map(([key, inner]): [string, unknown] => [
        key,
        bare(NAMES.includes(key) && Array.isArray(inner) ? inner.slice(-1) : inner),
      ]),
  );
}
