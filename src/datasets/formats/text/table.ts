import { fileError, type Place } from '../file-error.js';
import type { FieldOptions } from '../format.js';
import { inputSize, type OnRead } from '../input-file.js';
import type { FileRecord } from '../records/field.js';
import { detectFields, detectRowFields, type RowFields } from '../records/record-fields.js';
import type { PlacedRecord, RecordFile } from '../records/record-file.js';
import type { VectorRecordFile } from '../records/record-source.js';
import { SAMPLE_RECORDS } from '../records/shapes.js';
import { vectorShapeOf } from '../vectors/vector-shape.js';
import { parseNumber } from '../vectors/vector-text.js';
import { type CellReader, guessIdReader, guessReader } from './cells.js';

export type Cell = string | null;

export interface PlacedCells {
  readonly cells: Cell[];
  readonly place: Place;
}

/** A text file of rows and cells, whatever separates them. */
export interface CellFile {
  readonly path: string;
  readonly format: string;
  readonly rows: (onRead?: OnRead) => AsyncIterable<PlacedCells>;
  /** The columns' names, where the file says them apart from its rows. */
  readonly header?: readonly string[];
}

/** The first rows of a file with the names of its columns. */
interface SampledTable {
  readonly header: readonly string[];
  /** False when the first line was a row already, so that the columns are merely numbered. */
  readonly isNamed: boolean;
  readonly rows: readonly (readonly Cell[])[];
}

/** @throws {PgvtuneError} `dataset` as `detectFields`, and for a header or rows that contradict themselves */
export async function vectorTable(file: CellFile, options: FieldOptions): Promise<VectorRecordFile> {
  const table = await sampleTable(file);
  const fields = detectFields(file.path, recordsOf(table), withGuesses(table, options));
  return { ...(await recordFile(file, table, fields)), fields, expectedRows: null };
}

/** The same without vectors. */
export async function rowTable(file: CellFile, options: FieldOptions): Promise<RecordFile> {
  const table = await sampleTable(file);
  return recordFile(file, table, detectRowFields(file.path, recordsOf(table), withGuesses(table, options)));
}

/** Rows and columns as their separators have them: a wrong separator leaves one column, or rows of different lengths. */
export async function isTable(file: CellFile): Promise<boolean> {
  const rows = await firstRows(file);
  const columns = rows[0]?.cells.length ?? 0;
  if (columns < 2 || rows.some(({ cells }) => cells.length !== columns)) return false;
  // Between the numbers of a vector is no separator of columns.
  return rows.every(({ cells }) => cells.every((cell) => !/\[[^\]]*$/.test(cell ?? '')));
}

async function firstRows(file: CellFile): Promise<PlacedCells[]> {
  const rows: PlacedCells[] = [];
  for await (const row of file.rows()) if (rows.push(row) > SAMPLE_ROWS) break;
  return rows;
}

/** More than of other files: what kind of values a column holds is told by all of them. */
const SAMPLE_ROWS = 1000;

async function sampleTable(file: CellFile): Promise<SampledTable> {
  const rows = await firstRows(file);
  const [first] = rows;
  if (first === undefined) throw fileError(file.path, {}, 'expected a header and records below it, got no records.');
  const all = rows.map(({ cells }) => cells);
  if (file.header) return { header: checkHeader(file.header, file.path, first.place), isNamed: true, rows: all };
  if (isRow(first.cells)) {
    return { header: first.cells.map((_, i) => `column${i + 1}`), isNamed: false, rows: all };
  }
  if (rows.length === 1) throw fileError(file.path, {}, 'expected a header and records below it, got no records.');
  return { header: checkHeader(first.cells, file.path, first.place), isNamed: true, rows: all.slice(1) };
}

/** No column is called `[0.1,0.2]` or 0.25: a first line with a vector or nothing but numbers is no header. */
function isRow(cells: readonly Cell[]): boolean {
  const areNumbers = cells.every((cell) => Number.isFinite(parseNumber(cell ?? '')));
  return areNumbers || cells.some((cell) => vectorShapeOf([cell]) !== null);
}

function checkHeader(cells: readonly Cell[], path: string, place: Place): readonly string[] {
  // pandas writes the index of a table under no name, and calls it so when it reads it.
  const names = cells.map((cell, i) => cell ?? (i === 0 ? 'Unnamed: 0' : ''));
  const doubtful = names.find((name, i) => name === '' || names.indexOf(name) !== i);
  if (doubtful === undefined) return names;
  const got = doubtful === '' ? 'among them' : 'twice';
  throw fileError(path, place, `expected a header of different column names, got ${JSON.stringify(doubtful)} ${got}.`);
}

const recordsOf = ({ header, rows }: SampledTable): FileRecord[] => {
  const readers = header.map((_, column) => readJsonCells(rows.map((row) => row[column] ?? null)));
  return rows.slice(0, SAMPLE_RECORDS).map((row) => toRecord(header, readers, row));
};

/** JSON is taken apart, so that places within it can be fields; all else is looked at as it is written. */
function readJsonCells(cells: readonly Cell[]): CellReader {
  const reader = guessReader(cells);
  return (cell) => {
    const value = reader(cell);
    return typeof value === 'object' && !Array.isArray(value) ? value : cell;
  };
}

/**
 * Where nothing is named, the first column is the id if it is one of whole numbers or UUIDs that differ, and the only
 * column of text is the text.
 */
function withGuesses({ header, isNamed, rows }: SampledTable, options: FieldOptions): FieldOptions {
  if (isNamed) return options;
  const columns = header.map((name, i) => ({ name, cells: rows.flatMap((row) => row[i] ?? []) }));
  const id = header.length > 1 && areIds(columns[0]!.cells, rows) ? columns[0] : undefined;
  const texts = columns.filter((column) => column !== id && areTexts(column.cells));
  return {
    ...(id === undefined ? {} : { idField: id.name }),
    ...(texts.length === 1 ? { textField: texts[0]!.name } : {}),
    ...options,
  };
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Among nothing but whole numbers, ids are only those that count the rows. */
function areIds(cells: readonly string[], rows: readonly (readonly Cell[])[]): boolean {
  const isWhole = (cell: Cell): boolean => /^\d{1,19}$/.test(cell ?? '');
  if (cells.length !== rows.length || new Set(cells).size !== cells.length) return false;
  if (cells.every((cell) => UUID.test(cell))) return true;
  const isCount = cells.every((cell, i) => Number(cell) === Number(cells[0]) + i);
  return cells.every(isWhole) && (isCount || rows.some((row) => !row.every(isWhole)));
}

const areTexts = (cells: readonly string[]): boolean =>
  cells.length > 0 && vectorShapeOf(cells) === null && cells.every((cell) => guessReader([cell])(cell) === cell);

async function recordFile<Fields extends RowFields>(file: CellFile, table: SampledTable, fields: Fields) {
  const { header, isNamed, rows } = table;
  const readers = header.map((name, column): CellReader => {
    const cells = rows.map((row) => row[column] ?? null);
    if (fields.id?.name === name) return guessIdReader(cells);
    const isText = fields.text?.name === name;
    const isVector = fields.vector?.kind !== 'path' && (fields.vector?.steps.includes(name) ?? false);
    return isText || isVector ? (cell) => cell : guessReader(cells);
  });
  return {
    path: file.path,
    format: file.format,
    bytes: await inputSize(file.path),
    fields,
    records: (onRead?: OnRead) => readRecords(file, { header, hasHeader: isNamed && !file.header, readers }, onRead),
  };
}

interface Columns {
  readonly header: readonly string[];
  readonly hasHeader: boolean;
  readonly readers: readonly CellReader[];
}

async function* readRecords(
  { path, rows }: CellFile,
  { header, hasHeader, readers }: Columns,
  onRead?: OnRead,
): AsyncGenerator<PlacedRecord> {
  let isHeader = hasHeader;
  for await (const { cells, place } of rows(onRead)) {
    if (cells.length !== header.length) {
      const like = hasHeader ? 'as in the header' : 'as in the first row';
      throw fileError(path, place, `expected ${header.length} cells ${like}, got ${cells.length}.`);
    }
    if (!isHeader) yield { record: toRecord(header, readers, cells), place };
    isHeader = false;
  }
}

const toRecord = (header: readonly string[], readers: readonly CellReader[], cells: readonly Cell[]): FileRecord =>
  Object.fromEntries(
    header.map((name, column) => {
      const cell = cells[column] ?? null;
      return [name, cell === null ? null : readers[column]!(cell)];
    }),
  );
