import type { SchemaElement } from 'hyparquet';
import type { Column, ColumnType } from '../../store/dataset.js';
import { exportFields } from '../export-fields.js';
import { exportRows, type ExportTable } from '../export-table.js';

/** About so many bytes of vectors go into a row group, which the writer holds many times over. */
const GROUP_BYTES = 2 * 1024 * 1024;

/** One column being written. */
interface Output {
  readonly name: string;
  readonly schema: readonly SchemaElement[];
  data: unknown[];
}

/**
 * Writes a table with ids, text and attributes, one row group after another.
 *
 * @param vectorField the name of the vector's column
 */
export async function writeParquet(
  table: ExportTable,
  path: string,
  finalPath: string,
  vectorField?: string,
): Promise<void> {
  const { id, text, vector: field } = exportFields(table, finalPath, vectorField);
  const idType = await idTypeOf(table.rowData());
  const ids = idOutput(id, idType);
  const texts = text === null ? [] : [leaf(text, 'text')];
  const attributes = table.columns.map(attributeOutput);
  const vectors = list(field, { type: 'FLOAT' });
  const outputs: readonly Output[] = [ids, ...texts, ...attributes, vectors];

  const writer = await openWriter(path, outputs);
  const rowsPerGroup = Math.max(1, Math.floor(GROUP_BYTES / (4 * table.dimensions)));
  for await (const { vector, row } of exportRows(table)) {
    ids.data.push(idType.cell(row.id));
    for (const output of texts) output.data.push(row.text);
    for (const [i, { name, type }] of table.columns.entries())
      attributes[i]!.data.push(cell(row.attributes[name], type));
    vectors.data.push(Array.from(vector));
    if (ids.data.length === rowsPerGroup) await writer.flush();
  }
  await writer.finish();
}

/**
 * Writes the ids of each query's neighbours as VectorDBBench keeps them: `id` of the query, and `neighbors_id`.
 *
 * @param base the rows, whose ids are written as in their own file
 */
export async function writeIdLists(
  lists: readonly { readonly id: Id; readonly ids: readonly Id[] }[],
  base: ExportTable,
  path: string,
): Promise<void> {
  const queryType = await idTypeOf(lists);
  const rowType = await idTypeOf(base.rowData());
  const ids = idOutput('id', queryType);
  const neighbours = list('neighbors_id', rowType.element);
  ids.data = lists.map(({ id }) => queryType.cell(id));
  neighbours.data = lists.map((each) => each.ids.map(rowType.cell));
  await (await openWriter(path, [ids, neighbours])).finish();
}

/** Writes what the outputs hold as a row group at each `flush`, and at the end. */
async function openWriter(path: string, outputs: readonly Output[]) {
  const { fileWriter, ParquetWriter } = await import('hyparquet-writer');
  const root = { name: 'root', num_children: outputs.length };
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [root, ...outputs.flatMap(({ schema }) => schema)],
  });
  const flush = async (): Promise<void> => {
    const rowGroupSize = outputs[0]!.data.length;
    if (rowGroupSize === 0) return;
    await writer.write({ columnData: outputs.map(({ name, data }) => ({ name, data })), rowGroupSize });
    for (const output of outputs) output.data = [];
  };
  return {
    flush,
    async finish(): Promise<void> {
      await flush();
      await writer.finish();
    },
  };
}

type Id = string | number;

/** How the ids of a column are written. */
interface IdType {
  readonly element: Partial<SchemaElement>;
  readonly cell: (id: Id) => unknown;
}

/** A Parquet column has one type: ids are integers, or numbers, only if all of them are. */
async function idTypeOf(rows: AsyncIterable<{ readonly id: Id }> | Iterable<{ readonly id: Id }>): Promise<IdType> {
  let areIntegers = true;
  for await (const { id } of rows) {
    if (typeof id !== 'number') return { element: ELEMENTS.text, cell: String };
    areIntegers &&= Number.isSafeInteger(id);
  }
  return areIntegers ? { element: { type: 'INT64' }, cell: BigInt } : { element: ELEMENTS.number, cell: (id) => id };
}

const idOutput = (name: string, { element }: IdType): Output => ({
  name,
  schema: [{ name, repetition_type: 'REQUIRED', ...element }],
  data: [],
});

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
