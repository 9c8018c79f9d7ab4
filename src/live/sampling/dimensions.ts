import type { Session } from '../../postgres/index.js';
import type { VectorColumn } from '../catalog/columns.js';
import type { LiveRelation } from '../catalog/relation.js';

/** pgvector has `vector_dims` for two of its types alone. */
const DIMENSIONS_SQL: Readonly<Record<VectorColumn['baseType'], (column: string) => string>> = {
  vector: (column) => `vector_dims(${column})`,
  halfvec: (column) => `vector_dims(${column})`,
  sparsevec: (column) => `split_part(${column}::text, '/', 2)::int`,
  bit: (column) => `length(${column})`,
};

/** SQL of a row's dimensions. */
export const dimensionsSql = ({ baseType, quoted }: VectorColumn): string => DIMENSIONS_SQL[baseType](quoted);

/** Dimensions of the vector of any row; null where there is none. */
export async function readDimensions(
  session: Session,
  { from, column }: Pick<LiveRelation, 'from' | 'column'>,
  deadlineMs: number,
): Promise<number | null> {
  const [row] = await session.query<{ dimensions: number }>(
    `SELECT ${dimensionsSql(column)} AS dimensions FROM ${from} WHERE ${column.quoted} IS NOT NULL LIMIT 1`,
    [],
    { deadlineMs },
  );
  return row?.dimensions ?? null;
}
