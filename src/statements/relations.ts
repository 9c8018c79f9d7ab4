import type { SelectStmt } from 'libpg-query';
import { type NamedRelation, nodesIn, relationOf } from './nodes.js';

/** Relations of a statement that are no common table expressions: whose columns its reader has to know. */
export function relationsNamed(root: SelectStmt): readonly { readonly schema: string | null; readonly name: string }[] {
  const nodes = [...nodesIn(root)];
  const named = new Set(nodes.flatMap((node) => ('CommonTableExpr' in node ? [node.CommonTableExpr.ctename] : [])));
  const found = nodes.flatMap((node) =>
    'RangeVar' in node && node.RangeVar.relname !== undefined
      ? [{ schema: node.RangeVar.schemaname ?? null, name: node.RangeVar.relname }]
      : [],
  );
  const outer = found.filter(({ schema, name }) => schema !== null || !named.has(name));
  return outer.filter(
    (one, i) => outer.findIndex((other) => other.schema === one.schema && other.name === one.name) === i,
  );
}

/** The relations that a statement calls by a name. */
export const relationsCalled = (root: SelectStmt, alias: string): readonly NamedRelation[] =>
  [...nodesIn(root)]
    .flatMap((node) => ('RangeVar' in node ? relationOf(node.RangeVar) : []))
    .filter((one) => one.alias === alias);
