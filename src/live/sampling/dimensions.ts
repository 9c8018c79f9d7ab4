import type { Session } from '../../postgres/index.js';
import type { LiveTable } from '../catalog/table.js';

/** Dimensions of the vector of any row; null where there is none. */
export async function readDimensions(
  session: Session,
  { quoted, column }: LiveTable,
  deadlineMs: number,
): Promise<number | null> {
  const [row] = await session.query<{ dimensions: number }>(
    `SELECT vector_dims(${column.quoted}) AS dimensions FROM ${quoted} WHERE ${column.quoted} IS NOT NULL LIMIT 1`,
    [],
    { deadlineMs },
  );
  return row?.dimensions ?? null;
}
