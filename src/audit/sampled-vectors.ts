import { relationsOf, rowsOf } from './relations.js';
import type { DatabaseSnapshot } from './snapshot/database.js';
import type { Column, Index, Table } from './snapshot/relations.js';
import type { VectorSample, VectorSamples } from './snapshot/vector-sample.js';
import { name } from './sql.js';
import { isVectorIndex } from './vector-indexes.js';

export interface SampledColumn {
  readonly sample: VectorSample;
  readonly table: Table;
  readonly column: Column;
  /** Of the table with all its parts, as they were last counted. */
  readonly rows: number;
  /** Indexes of pgvector on the column, or on an expression of it. */
  readonly indexes: readonly Index[];
}

/** Samples of columns with what the catalog says of them. */
export function sampledColumns(
  { columns }: VectorSamples,
  parts: Pick<DatabaseSnapshot, 'tables' | 'columns' | 'indexes'>,
): readonly SampledColumn[] {
  const relations = relationsOf(parts);
  return columns.flatMap((sample) => {
    const column = relations.column(sample.tableOid, sample.columnNumber);
    if (!column) return [];
    const table = relations.table(sample.tableOid);
    const rows = sample.isWhole ? sample.rows : Math.max(sample.rows, rowsBelow(table, parts.tables));
    const indexes = relations
      .indexesOf(table.oid)
      .filter((index) => isVectorIndex(index) && index.columns.includes(column.number));
    return [{ sample, table, column, rows, indexes }];
  });
}

function rowsBelow(table: Table, tables: readonly Table[]): number {
  const own = table.kind === 'partitioned' ? 0 : rowsOf(table);
  return tables
    .filter(({ parentOid }) => parentOid === table.oid)
    .reduce((sum, part) => sum + rowsBelow(part, tables), own);
}

/** The length of a vector, as SQL. */
export const lengthOf = ({ typeName, name: own }: Column): string =>
  `${typeName === 'vector' ? 'vector_norm' : 'l2_norm'}(${name(own)})`;

/** Equal for vectors whose bytes are equal, as SQL. */
export const bytesOf = ({ typeName, name: own }: Column): string => `sha256(${typeName}_send(${name(own)}))`;
