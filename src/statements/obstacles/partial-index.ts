import type { Node } from 'libpg-query';
import { indexesOf } from '../indexes-of.js';
import { bareColumnOf, column, conjunctsOf, copyOf, nodesIn, replace, setWhere } from '../nodes.js';
import { expressionOf, isSame } from '../same-expression.js';
import { aliasOf, itemsOf } from '../names.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** The index holds some rows only, and the statement does not say that it wants no others. */
export const partialIndex: Obstacle = {
  code: 'partial-index',
  find: (asked) => {
    const { search } = asked;
    const { serving } = indexesOf(asked);
    const [index] = serving;
    if (!index || serving.some(({ predicate }) => predicate === null) || index.predicate === null) return null;
    const conditions = conjunctsOf(search.scope.whereClause);
    const wanted = conjunctsOf(expressionOf(index.predicate)).filter(
      (condition) => !conditions.some((own) => isSame(own, condition)),
    );
    if (wanted.length === 0) return null;
    const item = itemsOf(search.scope).find((one) => 'RangeVar' in one && one.RangeVar === search.relation);
    const alias = item ? aliasOf(item) : null;
    const data = { index: index.name, predicate: index.predicate };
    if (alias === null) return { code: 'partial-index', data, remedy: rewritten(null) };
    setWhere(search.scope, [...conditions, ...wanted.map((condition) => qualified(condition, alias))]);
    return { code: 'partial-index', data, remedy: rewritten(false) };
  },
};

/** A condition of the catalog, whose columns are of the relation that the statement calls `alias`. */
function qualified(condition: Node, alias: string): Node {
  const copy = copyOf(condition);
  for (const node of nodesIn(copy)) {
    const use = bareColumnOf(node);
    if (use) replace(node, column(alias, use.column));
  }
  return copy;
}
