import { Readable } from 'node:stream';
import { parse, type Info } from 'csv-parse';
import { PgvtuneError } from '../../../errors.js';
import { formatBytes } from '../../../units.js';
import { MAX_LINE_BYTES } from './lines.js';
import { exportRows, type ExportTable } from '../export-table.js';
import { exportFields } from '../export-fields.js';
import { guessReader, type CellReader } from './cells.js';
import { fileError, type Place } from '../file-error.js';
import type { FileFormat } from '../format.js';
import { inputSize, readText, type OnRead } from '../input-file.js';
import { oneTableAFile } from '../one-table-a-file.js';
import { detectFields, detectRowFields, type FieldShape, type RowFields } from '../record-fields.js';
import type { PlacedRecord } from '../record-file.js';
import { recordSource } from '../record-source.js';
import { writeLines } from './file.js';
import { formatVector, parseVector } from './vector-text.js';

type Cell = string | null;

/** How many records tell what kind of values a column holds. */
const SAMPLE_RECORDS = 1000;

/**
 * CSV with a header, the vector in pgvector's or JSON's text form, as `\copy … TO 'file.csv' (FORMAT csv, HEADER)` writes
 * it. An empty cell without quotes is null.
 */
export const csv: FileFormat = {
  name: 'CSV',
  extensions: ['.csv', '.csv.gz', '.csv.zst', '.tsv', '.tsv.gz', '.tsv.zst'],
  async open(path, options) {
    const columns = await readColumns(path);
    const fields = detectFields(path, columns, options);
    const cells = columns.find(({ name }) => name === fields.vector)?.cells ?? [];
    const dimensions = cells.map((cell) => parseVector(cell ?? '')).find((vector) => vector !== null)?.length ?? 0;
    return recordSource({ ...(await recordFile(path, columns, fields)), dimensions, expectedRows: null });
  },
  async openRecords(path, options) {
    const columns = await readColumns(path);
    return recordFile(path, columns, detectRowFields(path, columns, options));
  },
  write: oneTableAFile((table, path, finalPath) => writeLines(path, finalPath, linesOf(table, finalPath))),
};

async function* linesOf(table: ExportTable, path: string): AsyncGenerator<string> {
  const { id, text, attributes, vector: field } = exportFields(table, path);
  const quote = /\.tsv(\.|$)/i.test(path) ? quoteFor('\t') : quoteFor(',');
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

/** A column of the header, with its cells in the first records. */
interface SampledColumn extends FieldShape {
  readonly cells: readonly Cell[];
}

async function readColumns(path: string): Promise<SampledColumn[]> {
  let header: readonly string[] | null = null;
  const sample: Cell[][] = [];
  for await (const { cells, place } of readCells(path)) {
    if (header === null) header = checkHeader(cells, path, place);
    else if (sample.push(cells) === SAMPLE_RECORDS) break;
  }
  if (header === null || sample.length === 0)
    throw fileError(path, {}, 'expected a header and records below it, got no records.');
  return header.map((name, column) => {
    const cells = sample.map((record) => record[column] ?? null);
    const filled = cells.filter((cell) => cell !== null);
    // Most of them: one that cannot be read is better named than the column overlooked.
    const isVector = filled.filter((cell) => parseVector(cell) !== null).length * 2 > filled.length;
    return { name, cells, isVector, isText: !isVector };
  });
}

async function recordFile<Fields extends RowFields>(path: string, columns: readonly SampledColumn[], fields: Fields) {
  const readers = columns.map(({ name, cells }): CellReader => {
    return name === fields.vector || name === fields.text ? (cell) => cell : guessReader(cells);
  });
  const header = columns.map(({ name }) => name);
  return {
    path,
    format: csv.name,
    bytes: await inputSize(path),
    fields,
    records: (onRead?: OnRead) => readRecords(path, header, readers, onRead),
  };
}

function checkHeader(cells: readonly Cell[], path: string, place: Place): readonly string[] {
  const names = cells.map((cell) => cell ?? '');
  const doubtful = names.find((name, i) => name === '' || names.indexOf(name) !== i);
  if (doubtful === undefined) return names;
  throw fileError(
    path,
    place,
    `expected a header of different column names, got ${JSON.stringify(doubtful)} ${doubtful === '' ? 'among them' : 'twice'}.`,
  );
}

async function* readRecords(
  path: string,
  header: readonly string[],
  readers: readonly CellReader[],
  onRead?: OnRead,
): AsyncGenerator<PlacedRecord> {
  let isHeader = true;
  for await (const { cells, place } of readCells(path, onRead)) {
    if (cells.length !== header.length) {
      throw fileError(path, place, `expected ${header.length} cells as in the header, got ${cells.length}.`);
    }
    if (!isHeader) {
      const values = cells.map(
        (cell, column) => [header[column]!, cell === null ? null : readers[column]!(cell)] as const,
      );
      yield { record: Object.fromEntries(values), place };
    }
    isHeader = false;
  }
}

async function* readCells(
  path: string,
  onRead?: OnRead,
): AsyncGenerator<{ readonly cells: Cell[]; readonly place: Place }> {
  const text = Readable.from(readText(path, onRead), { objectMode: false });
  const parser = parse({
    bom: true,
    delimiter: /\.tsv(\.|$)/i.test(path) ? '\t' : ',',
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_LINE_BYTES,
    cast: (cell, { quoting }) => (cell === '' && !quoting ? null : cell),
  });
  // A failure to read must end the parser too; its own failures end the reading in `finally`.
  text.on('error', (error) => parser.destroy(error));
  let place = { line: 1, byte: 0 };
  try {
    for await (const { record, info } of text.pipe(parser) as AsyncIterable<{ record: Cell[]; info: Info }>) {
      yield { cells: record, place };
      place = { line: info.lines + 1, byte: info.bytes };
    }
  } catch (error) {
    if (error instanceof PgvtuneError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const isTooLong = /max_record_size/i.test(reason);
    throw fileError(
      path,
      place,
      isTooLong ? `the record is longer than ${formatBytes(MAX_LINE_BYTES)}.` : `expected CSV (${reason}).`,
      {
        cause: error,
      },
    );
  } finally {
    text.destroy();
    parser.destroy();
  }
}
