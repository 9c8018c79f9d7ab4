import { fileError } from '../file-error.js';
import type { OnRead } from '../input-file.js';
import type { Cell, PlacedCells } from './table.js';
import { readTextLines } from './text-lines.js';

/*
 * PostgreSQL's text format of COPY (its manual, "COPY", File Formats): tabs between columns, `\N` for null, backslashes
 * before what would be mistaken for a separator, never quotation marks.
 */

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const ESCAPE = /\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[^])/g;
/** The escapes that PostgreSQL writes: others would mean that the file was written by something else. */
const WRITTEN_ESCAPE = /\\(?:[bfnrtv\\]|N$)/g;

/** The line that ends the rows in the output of pg_dump. */
export const END_OF_ROWS = '\\.';

export function readCopyLine(line: string): Cell[] {
  return line.split('\t').map((cell) => (cell === '\\N' ? null : cell.includes('\\') ? unescape(cell) : cell));
}

function unescape(cell: string): string {
  return cell.replaceAll(ESCAPE, (_, code: string) => {
    if (/^x[0-9a-fA-F]/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return ESCAPES[code] ?? code;
  });
}

/** Whether lines look like COPY's: some backslashes, all of them escapes as it writes them, and no cell in quotes. */
export function looksLikeCopy(lines: readonly string[]): boolean {
  const cells = lines.flatMap((line) => line.split('\t'));
  const isEscape = (cell: string): boolean => !cell.replaceAll(WRITTEN_ESCAPE, '').includes('\\');
  return cells.some((cell) => cell.includes('\\')) && cells.every((cell) => !cell.startsWith('"') && isEscape(cell));
}

/** The rows of a file that `COPY … TO` or `\copy … to` wrote in its text format. */
export async function* readCopyCells(path: string, onRead?: OnRead): AsyncGenerator<PlacedCells> {
  for await (const { text, place } of readTextLines(path, 'Write one row a line.', onRead)) {
    if (text === END_OF_ROWS) return;
    yield { cells: readCopyLine(text), place };
  }
}

/** The first lines of a file. */
export async function firstLines(path: string, count: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of readTextLines(path, 'Write one row a line.')) {
    if (lines.push(text) === count) break;
  }
  return lines;
}

/** One table of a dump: its columns, and where its rows are. */
export interface DumpedTable {
  /** As it is written: `public.items`. */
  readonly name: string;
  readonly columns: readonly string[];
}

const COPY_FROM_STDIN = /^COPY (.+?) \((.*)\) FROM stdin/;

/** The rows of each table in the output of `pg_dump`, with the table that they belong to. */
export async function* readDump(
  path: string,
  onRead?: OnRead,
): AsyncGenerator<PlacedCells & { readonly table: DumpedTable }> {
  let table: DumpedTable | null = null;
  for await (const { text, place } of readTextLines(path, 'Write one row a line.', onRead)) {
    if (table !== null) {
      if (text === END_OF_ROWS) table = null;
      else yield { cells: readCopyLine(text), place, table };
      continue;
    }
    const [, name, columns] = COPY_FROM_STDIN.exec(text) ?? [];
    if (name !== undefined && columns !== undefined) {
      table = { name, columns: columns.split(', ').map(unquoted) };
    }
    if (text.startsWith('INSERT INTO ')) {
      throw fileError(path, place, 'expected the rows as COPY, got INSERT statements.', {
        hint: 'Dump it without --inserts: pg_dump --data-only --table=items.',
      });
    }
  }
}

const unquoted = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);
