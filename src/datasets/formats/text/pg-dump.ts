import { fileError } from '../file-error.js';
import type { FileFormat } from '../format.js';
import type { OnRead } from '../input-file.js';
import { recordSource } from '../records/record-source.js';
import { readCopyCells, readDump } from './copy-cells.js';
import { type CellFile, type PlacedCells, rowTable, vectorTable } from './table.js';

/** The output of `pg_dump`, of which the table with vectors is read. */
export const pgDump: FileFormat = {
  name: 'pg_dump',
  extensions: ['.sql', '.sql.gz', '.sql.zst'],
  open: async (path, options) => recordSource(await onlyTable(path, (table) => vectorTable(table, options))),
  openRecords: (path, options) => onlyTable(path, (table) => rowTable(table, options)),
};

/** What `COPY … TO` writes without options: no header, columns between tabs. */
export const copyText: FileFormat = {
  name: 'COPY text',
  extensions: ['.copy', '.copy.gz', '.copy.zst'],
  open: async (path, options) => recordSource(await vectorTable(copyFile(path), options)),
  openRecords: async (path, options) => rowTable(copyFile(path), options),
};

const copyFile = (path: string): CellFile => ({
  path,
  format: copyText.name,
  rows: (onRead) => readCopyCells(path, onRead),
});

/** What can be made of one of the dumped tables. @throws {PgvtuneError} `dataset` when that can be made of none or several */
async function onlyTable<T>(path: string, make: (table: CellFile) => Promise<T>): Promise<T> {
  const made: { readonly name: string; readonly table: T }[] = [];
  const failures: unknown[] = [];
  const tables = await tablesIn(path);
  for (const [name, columns] of tables) {
    try {
      made.push({ name, table: await make(dumpedTable(path, name, columns)) });
    } catch (error) {
      failures.push(error);
    }
  }
  const [only, ...others] = made;
  if (only !== undefined && others.length === 0) return only.table;
  // The widest table is the likeliest to have been meant.
  if (only === undefined && failures.length > 0) throw widestFailure(tables, failures);
  const names = only === undefined ? [...tables.keys()] : made.map(({ name }) => name);
  throw fileError(path, {}, `expected the rows of one table with vectors, got ${names.join(', ') || 'no tables'}.`, {
    hint: 'Dump that table alone: pg_dump --data-only --table=items.',
  });
}

function widestFailure(tables: ReadonlyMap<string, readonly string[]>, failures: readonly unknown[]): unknown {
  const widths = Array.from(tables.values(), (columns) => columns.length);
  return failures[widths.indexOf(Math.max(...widths))];
}

function dumpedTable(path: string, name: string, header: readonly string[]): CellFile {
  async function* rows(onRead?: OnRead): AsyncGenerator<PlacedCells> {
    for await (const { table, cells, place } of readDump(path, onRead)) if (table.name === name) yield { cells, place };
  }
  return { path, format: pgDump.name, header, rows };
}

/** The tables that have rows, with their columns. */
async function tablesIn(path: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = new Map<string, readonly string[]>();
  for await (const { table } of readDump(path)) tables.set(table.name, table.columns);
  return tables;
}
