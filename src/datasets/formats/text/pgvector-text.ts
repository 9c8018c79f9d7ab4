import { exportRows, type ExportTable } from '../export-table.js';
import { fileError } from '../file-error.js';
import type { FileFormat } from '../format.js';
import { inputSize, type OnRead } from '../input-file.js';
import { oneTableAFile } from '../one-table-a-file.js';
import type { PlacedRecord } from '../record-file.js';
import { recordSource } from '../record-source.js';
import { writeLines } from './file.js';
import { readTextLines } from './text-lines.js';
import { formatVector, parseVector } from './vector-text.js';

const FIELD = 'embedding';

/** pgvector's text form, one vector a line, as `\copy (SELECT embedding FROM …) TO 'file.vec'` writes it. */
export const pgvectorText: FileFormat = {
  name: 'pgvector text',
  extensions: ['.vec', '.vec.gz', '.txt', '.txt.gz'],
  async open(path) {
    const bytes = await inputSize(path);
    const records = (onRead?: OnRead): AsyncIterable<PlacedRecord> => readVectors(path, onRead);
    for await (const { record } of records()) {
      const dimensions = (record[FIELD] as readonly number[]).length;
      const fields = { vector: FIELD, text: null, id: null };
      return recordSource({ path, format: pgvectorText.name, bytes, fields, dimensions, expectedRows: null, records });
    }
    throw fileError(path, {}, 'there is nothing but blank lines.');
  },
  write: oneTableAFile((table, path, finalPath) => writeLines(path, finalPath, linesOf(table))),
};

async function* linesOf(table: ExportTable): AsyncGenerator<string> {
  for await (const { vector } of exportRows(table)) yield formatVector(vector);
}

async function* readVectors(path: string, onRead?: OnRead): AsyncGenerator<PlacedRecord> {
  for await (const { text, place } of readTextLines(path, 'Write one vector a line.', onRead)) {
    const vector = parseVector(text);
    if (vector === null) {
      throw fileError(path, place, `expected a vector such as [1,2,3], got ${JSON.stringify(text.slice(0, 40))}.`);
    }
    yield { record: { [FIELD]: vector }, place };
  }
}
