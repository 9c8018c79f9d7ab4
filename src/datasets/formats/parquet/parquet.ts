import type { SchemaTree } from 'hyparquet';
import type { DatasetSource } from '../../import/source.js';
import type { FieldOptions, FileFormat } from '../format.js';
import { oneTableAFile } from '../one-table-a-file.js';
import type { FileRecord } from '../records/field.js';
import { detectFields, detectRowFields, type RowFields } from '../records/record-fields.js';
import type { PlacedRecord } from '../records/record-file.js';
import { recordSource } from '../records/record-source.js';
import { SAMPLE_RECORDS } from '../records/shapes.js';
import { fileError } from '../file-error.js';
import { type ColumnKind, openParquet, readColumn, type ParquetFile } from './file.js';
import { declaredTypes } from './declared-types.js';
import { writeParquet } from './write.js';

/** Parquet: any file with a column of vectors, as lists, text or bytes; everything else in it are attributes. */
export const parquet: FileFormat = {
  name: 'Parquet',
  extensions: ['.parquet'],
  open: openParquetSource,
  async openRecords(path, options) {
    const file = await openParquet(path);
    return recordFile(file, detectRowFields(path, await firstRecords(file), options));
  },
  write: oneTableAFile(writeParquet),
};

export async function openParquetSource(path: string, options: FieldOptions): Promise<DatasetSource> {
  const file = await openParquet(path);
  const fields = detectFields(path, await firstRecords(file), options);
  return recordSource({ ...recordFile(file, fields), fields, expectedRows: file.rows });
}

const recordFile = <Fields extends RowFields>(file: ParquetFile, fields: Fields) => ({
  path: file.path,
  format: parquet.name,
  bytes: file.bytes,
  fields,
  columnTypes: declaredTypes(file.root),
  records: () => {
    const isVector = (name: string): boolean => fields.vector?.kind === 'member' && fields.vector.name === name;
    return readRecords(file, (column) => (isVector(column.element.name) ? vectorKind(column) : 'json'));
  },
});

async function firstRecords(file: ParquetFile): Promise<FileRecord[]> {
  const records: FileRecord[] = [];
  for await (const { record } of readRecords(file, vectorKind)) if (records.push(record) === SAMPLE_RECORDS) break;
  if (records.length > 0) return records;
  throw fileError(file.path, {}, 'there are no rows.');
}

/** How a column is read if it may hold vectors. */
function vectorKind(column: SchemaTree): ColumnKind {
  if (isNumberList(column)) return 'vector';
  const { type, converted_type: converted, logical_type: logical } = column.element;
  const isBytes = type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY';
  return isBytes && converted === undefined && logical === undefined ? 'bytes' : 'json';
}

/** Lists of real numbers are read as such; lists of integers as those of other values, for they may be ids. */
function isNumberList(column: SchemaTree): boolean {
  let node = column;
  let lists = 0;
  for (; ; node = node.children[0]!) {
    if (node.element.repetition_type === 'REPEATED') lists++;
    if (node.children.length !== 1) break;
  }
  const { type, logical_type: logical } = node.element;
  if (lists !== 1 || node.children.length > 0 || !isOneList(column)) return false;
  return type === 'FLOAT' || type === 'DOUBLE' || logical?.type === 'FLOAT16';
}

/** A struct with one member may have a list in it, and is still a struct. */
const isOneList = ({ element, children }: SchemaTree): boolean =>
  element.repetition_type === 'REPEATED' || children[0]?.element.repetition_type === 'REPEATED';

async function* readRecords(
  file: ParquetFile,
  kindOf: (column: SchemaTree) => ColumnKind,
): AsyncGenerator<PlacedRecord> {
  const names = file.root.children.map(({ element }) => element.name);
  const columns = file.root.children.map((column) => readColumn(file, column.element.name, kindOf(column)));
  try {
    for (let row = 0; ; row++) {
      const cells: [string, unknown][] = [];
      for (const [i, column] of columns.entries()) {
        const { value, done } = await column.next();
        if (done) return;
        cells.push([names[i]!, value]);
      }
      yield { record: Object.fromEntries(cells), place: { row } };
    }
  } finally {
    for (const column of columns) await column.return(undefined);
  }
}
