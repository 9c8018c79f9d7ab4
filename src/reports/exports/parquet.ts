import { viewRun } from '../tune/run-view.js';
import { type PointColumn, pointColumns } from '../points-table.js';
import type { ExportFormat } from './format.js';

const TYPES = { text: 'STRING', whole: 'INT64', real: 'DOUBLE' } as const;

/** Every point as a row of a Parquet file, with the columns of `points.csv`. Their types are the same for every run. */
export const parquetOfPoints: ExportFormat<Uint8Array<ArrayBuffer>> = async (files) => {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = pointColumns(viewRun(files)).map((column) => ({
    name: column.name,
    type: TYPES[column.kind],
    nullable: true,
    data: valuesOf(column),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
};

const valuesOf = (column: PointColumn): unknown[] =>
  column.kind === 'whole' ? column.values.map((value) => (value === null ? null : BigInt(value))) : [...column.values];
