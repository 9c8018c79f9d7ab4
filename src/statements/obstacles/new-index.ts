import type { Node } from 'libpg-query';
import { metricOfOperator, problemOfSpec } from '../../indexes/index.js';
import type { SearchRemedy } from '../../results/index.js';
import type { Metric } from '../../vocabulary.js';
import type { SearchedIndex, SearchedTable } from '../catalog.js';
import { grammar } from '../grammar.js';
import { bareColumnOf, castTypeOf, copyOf, nodesIn, numberOf, replace } from '../nodes.js';
import { expressionOf } from '../same-expression.js';
import type { VectorSearch } from '../vector-search.js';
import { toType } from './column-expression.js';
import type { Asked } from './obstacle.js';

interface NewIndexOptions {
  /** Where it is wanted; absent: everywhere. */
  readonly leaves?: SearchedTable['leaves'];
  /** An index whose kind is taken where it can be. */
  readonly like?: SearchedIndex | undefined;
}

/** The index that would serve a search as it is written, or at half precision where its vectors are too wide for another. */
export function newIndex(
  { search, table }: Asked,
  { leaves = table.leaves, like = table.indexes[0] }: NewIndexOptions = {},
): SearchRemedy {
  const compared = comparedBy(search, table);
  const metric = metricOfOperator(search.distance.operator);
  if (!compared || metric === undefined) return { kind: 'none' };
  const { node, type, dimensions, isDeclared } = compared;
  const methods = [...new Set([...(like ? [like.method] : []), 'hnsw'])];
  for (const held of type === 'vector' ? (['vector', 'halfvec'] as const) : [type]) {
    const method = methods.find((one) => isMade(one, held, { metric, dimensions, pgvector: table.pgvector }));
    if (method === undefined) continue;
    // An index has to know the dimensions of all its vectors.
    if (held !== type || !isDeclared) toType(node, `${held}(${dimensions})`);
    return {
      kind: 'create-index',
      tables: leaves.map(({ quoted }) => quoted),
      method,
      expression: bareColumnOf(node) ? table.column.quoted : `(${grammar().write(node)})`,
      operatorClass: `${held}_${metric}_ops`,
      predicate: null,
    };
  }
  return { kind: 'none' };
}

const TYPES = ['vector', 'halfvec', 'sparsevec', 'bit'] as const;

interface Compared {
  /** What the search compares, of the table itself. */
  readonly node: Node;
  readonly type: (typeof TYPES)[number];
  readonly dimensions: number;
  /** Whether the type says how many dimensions. */
  readonly isDeclared: boolean;
}

/** Null for a type that no index is made of, or where nothing says how many dimensions there are. */
function comparedBy({ side }: VectorSearch, { column }: SearchedTable): Compared | null {
  const node = copyOf(side);
  // Whatever the statement calls the table.
  for (const inner of nodesIn(node)) if (bareColumnOf(inner)) replace(inner, expressionOf(column.quoted));
  const cast = 'TypeCast' in node ? node.TypeCast : null;
  const isColumn = bareColumnOf(cast?.arg ?? node) !== null;
  if (!cast && !isColumn) return null;
  const isDeclared = cast ? cast.typeName?.typmods !== undefined : column.type.includes('(');
  const dimensions = (cast && numberOf(cast.typeName?.typmods?.[0])) ?? (isColumn ? column.dimensions : null);
  const type = TYPES.find((one) => one === (cast ? castTypeOf(node) : column.baseType));
  return type && dimensions !== null ? { node, type, dimensions, isDeclared } : null;
}

/** Whether the server makes an index of a kind on vectors of a type. */
function isMade(
  method: string,
  type: Compared['type'],
  context: { readonly metric: Metric; readonly dimensions: number; readonly pgvector: string },
): boolean {
  // Columns of bits are no data of ours. Source: pgvector sql/vector.sql, hnsw_bit_support and ivfflat_bit_support.
  if (type === 'bit') {
    return context.dimensions <= 64_000 && (context.metric === 'hamming' || method === 'hnsw');
  }
  // Nor are sparse vectors. Source: pgvector sql/vector.sql, hnsw_sparsevec_support.
  if (type === 'sparsevec') return method === 'hnsw';
  return problemOfSpec({ method, representation: type, parameters: {} }, context) === null;
}
