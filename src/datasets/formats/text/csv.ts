import { exportRows, type ExportTable } from '../export-table.js';
import { exportFields } from '../export-fields.js';
import { fileError } from '../file-error.js';
import type { FieldOptions, FileFormat } from '../format.js';
import type { OnRead } from '../input-file.js';
import { oneTableAFile } from '../one-table-a-file.js';
import { recordSource } from '../records/record-source.js';
import { formatVector } from '../vectors/vector-text.js';
import { firstLines, looksLikeCopy, readCopyCells } from './copy-cells.js';
import { type Delimiter, DELIMITERS, readCsvCells } from './csv-cells.js';
import { writeLines } from './file.js';
import { type CellFile, isTable, type PlacedCells, rowTable, vectorTable } from './table.js';

/**
 * CSV with or without a header, its cells between commas, semicolons, tabs or bars; the vector in a text form, as
 * `\\copy … TO 'file.csv' (FORMAT csv, HEADER)` writes it, or a column a dimension. An empty cell without quotes is null.
 * A file of tabs may also be in COPY's text format.
 */
export const csv: FileFormat = {
  name: 'CSV',
  extensions: ['.csv', '.csv.gz', '.csv.zst', '.tsv', '.tsv.gz', '.tsv.zst'],
  open: async (path, options) => recordSource(await vectorTable(await cellsOf(path), options)),
  openRecords: async (path, options: FieldOptions) => rowTable(await cellsOf(path), options),
  write: oneTableAFile((table, path, finalPath) => writeLines(path, finalPath, linesOf(table, finalPath))),
};

const isTabbed = (path: string): boolean => /\.tsv(\.|$)/i.test(path);

const cellsWith = (path: string, delimiter: Delimiter): CellFile => ({
  path,
  format: 'CSV',
  rows: (onRead) => readCsvCells(path, delimiter, onRead),
});

/** Lines that tell whether a file of tabs was written by COPY. */
const FIRST_LINES = 1000;

async function cellsOf(path: string): Promise<CellFile> {
  if (isTabbed(path)) {
    if (!looksLikeCopy(await firstLines(path, FIRST_LINES)))
      return { ...cellsWith(path, '\t'), rows: (onRead) => tabbedCells(path, onRead) };
    return { path, format: 'COPY text', rows: (onRead) => readCopyCells(path, onRead) };
  }
  for (const delimiter of DELIMITERS) {
    if (await isTable(cellsWith(path, delimiter))) return cellsWith(path, delimiter);
  }
  return cellsWith(path, ',');
}

/** @throws {PgvtuneError} `dataset` where it turns out late that the file is COPY's: its escapes would be taken for text */
async function* tabbedCells(path: string, onRead?: OnRead): AsyncGenerator<PlacedCells> {
  for await (const row of readCsvCells(path, '\t', onRead)) {
    if (row.cells.includes('\\N')) {
      throw fileError(
        path,
        row.place,
        String.raw`expected cells as in the rows before, got \N, the null of COPY's text format.`,
        {
          hint: 'Let the name of a file that COPY wrote end with .copy.',
        },
      );
    }
    yield row;
  }
}

async function* linesOf(table: ExportTable, path: string): AsyncGenerator<string> {
  const { id, text, attributes, vector: field } = exportFields(table, path);
  const quote = isTabbed(path) ? quoteFor('\t') : quoteFor(',');
  const texts = text === null ? [] : [text];
  yield quote([id, ...texts, ...attributes, field]);
  for await (const { vector, row } of exportRows(table)) {
    const cells = [row.id, ...texts.map(() => row.text), ...attributes.map((name) => row.attributes[name] ?? null)];
    yield quote([...cells, formatVector(vector)]);
  }
}

/** RFC 4180; null is an empty cell without quotes, empty text one with quotes. */
function quoteFor(delimiter: string): (cells: readonly unknown[]) => string {
  const quoted = (cell: unknown): string => {
    if (cell === null || cell === undefined) return '';
    const text = typeof cell === 'string' ? cell : JSON.stringify(cell);
    const isPlain = text !== '' && !/["\r\n]/.test(text) && !text.includes(delimiter) && text.trim() === text;
    return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
  };
  return (cells) => cells.map(quoted).join(delimiter);
}
