import type { SchemaTree } from 'hyparquet';
import type { DatasetSource } from '../../import/source.js';
import { fileError } from '../file-error.js';
import type { FieldOptions, FileFormat } from '../format.js';
import { oneTableAFile } from '../one-table-a-file.js';
import { openParquet, readColumn, type ParquetFile } from './file.js';
import { writeParquet } from './write.js';
import { detectFields, detectRowFields, type FieldShape, type RowFields } from '../record-fields.js';
import type { PlacedRecord } from '../record-file.js';
import { recordSource } from '../record-source.js';

/** Parquet: any file with a column of numeric lists; everything else in it are attributes. */
export const parquet: FileFormat = {
  name: 'Parquet',
  extensions: ['.parquet'],
  open: openParquetSource,
  async openRecords(path, options) {
    const file = await openParquet(path);
    return recordFile(file, detectRowFields(path, shapesOf(file.root), options));
  },
  write: oneTableAFile(writeParquet),
};

export async function openParquetSource(path: string, options: FieldOptions): Promise<DatasetSource> {
  const file = await openParquet(path);
  const fields = detectFields(path, shapesOf(file.root), options);
  const dimensions = await dimensionsOf(file, fields.vector);
  return recordSource({ ...recordFile(file, fields), dimensions, expectedRows: file.rows });
}

const recordFile = <Fields extends RowFields>(file: ParquetFile, fields: Fields) => ({
  path: file.path,
  format: parquet.name,
  bytes: file.bytes,
  fields,
  records: () => readRecords(file, fields),
});

/** Lists of integers may be vectors, but beside lists of real numbers they are something else. */
function shapesOf(root: SchemaTree): FieldShape[] {
  const columns = root.children.map((column) => ({ column, number: listedNumber(column) }));
  const wanted = columns.some(({ number }) => number === 'real') ? 'real' : 'integer';
  return columns.map(({ column, number }) => ({
    name: column.element.name,
    isVector: number === wanted,
    isText: column.element.type === 'BYTE_ARRAY',
  }));
}

/** The kind of number that a column lists; null when it is no list, or of something else. */
function listedNumber(column: SchemaTree): 'real' | 'integer' | null {
  let node = column;
  let lists = 0;
  for (; ; node = node.children[0]!) {
    if (node.element.repetition_type === 'REPEATED') lists++;
    if (node.children.length !== 1) break;
  }
  const { type, logical_type: logical } = node.element;
  if (lists !== 1 || node.children.length > 0) return null;
  if (type === 'FLOAT' || type === 'DOUBLE' || logical?.type === 'FLOAT16') return 'real';
  return type === 'INT32' || type === 'INT64' ? 'integer' : null;
}

async function dimensionsOf(file: ParquetFile, vector: string): Promise<number> {
  const column = file.root.children.find(({ element }) => element.name === vector)!;
  if (listedNumber(column) === null)
    throw fileError(file.path, {}, `expected column "${vector}" to hold lists of numbers.`);
  for await (const row of readColumn(file, vector, 'vector')) {
    if (row !== null) return (row as ArrayLike<number>).length;
    throw fileError(file.path, { row: 0 }, `expected a list of numbers in "${vector}", got null.`);
  }
  throw fileError(file.path, {}, 'there are no rows.');
}

async function* readRecords(file: ParquetFile, { vector }: RowFields): AsyncGenerator<PlacedRecord> {
  const names = file.root.children.map(({ element }) => element.name);
  const columns = names.map((name) => readColumn(file, name, name === vector ? 'vector' : 'json'));
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
