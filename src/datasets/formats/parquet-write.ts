import type { SchemaElement } from 'hyparquet';
import type { Column, ColumnType } from '../dataset.js';
import { exportFields } from './export-fields.js';
import { exportRows, type ExportTable } from './export-table.js';

/** About so many bytes of vectors go into a row group. */
const GROUP_BYTES = 16 * 1024 * 1024;

/** One column being written. */
interface Output {
  readonly name: string;
  readonly schema: readonly SchemaElement[];
  data: unknown[];
}

/** Writes a table with ids, text and attributes, one row group after another. */
export async function writeParquet(table: ExportTable, path: string, finalPath: string): Promise<void> {
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer');
  const { id, text, vector: field } = exportFields(table, finalPath);
  const ids = leaf(id, await idType(table));
  const texts = text === null ? [] : [leaf(text, 'text')];
  const attributes = table.columns.map(attributeOutput);
  const vectors = list(field, { type: 'FLOAT' });
  const outputs: readonly Output[] = [ids, ...texts, ...attributes, vectors];

  const root = { name: 'root', num_children: outputs.length };
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [root, ...outputs.flatMap(({ schema }) => schema)],
  });
  const rowsPerGroup = Math.max(1, Math.floor(GROUP_BYTES / (4 * table.dimensions)));
  const flush = async (): Promise<void> => {
    const rows = ids.data.length;
    await writer.write({ columnData: outputs.map(({ name, data }) => ({ name, data })), rowGroupSize: rows });
    for (const output of outputs) output.data = [];
  };
  for await (const { vector, row } of exportRows(table)) {
    ids.data.push(row.id);
    for (const output of texts) output.data.push(row.text);
    for (const [i, { name, type }] of table.columns.entries())
      attributes[i]!.data.push(cell(row.attributes[name], type));
    vectors.data.push(Array.from(vector));
    if (ids.data.length === rowsPerGroup) await flush();
  }
  if (ids.data.length > 0) await flush();
  await writer.finish();
}

/** A Parquet column has one type: ids are numbers only if all of them are. */
async function idType({ rowData }: ExportTable): Promise<ColumnType> {
  for await (const { id } of rowData()) if (typeof id !== 'number') return 'text';
  return 'number';
}

const attributeOutput = ({ name, type }: Column): Output =>
  type === 'text[]' ? list(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8' }) : leaf(name, type);

function leaf(name: string, type: ColumnType): Output {
  return { name, schema: [{ name, repetition_type: 'OPTIONAL', ...ELEMENTS[type] }], data: [] };
}

/** Dates stay text: what is a day and what a moment is told by their form. */
const ELEMENTS: Readonly<Record<ColumnType, Partial<SchemaElement>>> = {
  number: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  date: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  'text[]': { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON' },
};

function list(name: string, element: Partial<SchemaElement>): Output {
  return {
    name,
    schema: [
      { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'REQUIRED', ...element },
    ],
    data: [],
  };
}

const cell = (value: unknown, type: ColumnType): unknown => value ?? (type === 'text[]' ? null : undefined);
