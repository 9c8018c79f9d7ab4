import { metricOfOperator } from '../../indexes/index.js';
import type { SearchRemedy } from '../../results/index.js';
import { grammar } from '../grammar.js';
import { bareColumnOf, castTypeOf, copyOf, nodesIn, replace } from '../nodes.js';
import { expressionOf } from '../same-expression.js';
import type { Asked } from './obstacle.js';

/** The index that would serve a search as it is written. */
export function newIndex({ search, table }: Asked, leaves = table.leaves): SearchRemedy {
  const { side, distance, operand } = search;
  // Of the table itself, whatever the statement calls it.
  const own = copyOf(side);
  for (const node of nodesIn(own)) if (bareColumnOf(node)) replace(node, expressionOf(table.column.quoted));
  const type = castTypeOf(own) ?? (bareColumnOf(own) ? table.column.baseType : castTypeOf(operand));
  const metric = metricOfOperator(distance.operator);
  if (type === undefined || metric === undefined) return { kind: 'none' };
  const [existing] = table.indexes;
  return {
    kind: 'create-index',
    tables: leaves.map(({ quoted }) => quoted),
    method: existing?.method ?? 'hnsw',
    expression: bareColumnOf(own) ? table.column.quoted : `(${grammar().write(own)})`,
    operatorClass: `${type}_${metric}_ops`,
    predicate: null,
  };
}
