import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';

/** A number to be written as these digits: JavaScript could not hold it. */
export class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A small table to be written in the way of any format that holds records. */
export interface TestTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Writes the table into a file of the folder, and gives its path. */
export type WriteTable = (folder: string, name: string, table: TestTable) => string;

const written = (path: string, content: string | Uint8Array): string => {
  writeFileSync(path, content);
  return path;
};

function json(value: unknown): string {
  if (value instanceof Digits) return value.text;
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, part]) => `${JSON.stringify(name)}:${json(part)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

const objects = ({ columns, rows }: TestTable): string[] =>
  rows.map((row) => json(Object.fromEntries(columns.map((name, i) => [name, row[i]]))));

const cell = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : json(value);
};

function csvWith(delimiter: string, extension: string): WriteTable {
  const quoted = (value: unknown): string => {
    const text = cell(value);
    return text === null ? '' : `"${text.replaceAll('"', '""')}"`;
  };
  return (folder, name, { columns, rows }) => {
    const header = columns.map((column) => (column === 'Unnamed: 0' ? '' : column)).join(delimiter);
    const lines = [header, ...rows.map((row) => row.map(quoted).join(delimiter))];
    return written(join(folder, `${name}${extension}`), `${lines.join('\n')}\n`);
  };
}

const copyLine = (row: readonly unknown[]): string =>
  row
    .map((value) => {
      const text = cell(value);
      if (text === null) return '\\N';
      return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
    })
    .join('\t');

function parquetColumn(values: readonly unknown[]) {
  const plain = values.map((value) => (value instanceof Digits ? BigInt(value.text) : value));
  const isBytes = plain.some((value) => value instanceof Uint8Array);
  if (isBytes) return { data: plain, type: 'BYTE_ARRAY' as const };
  if (plain.every((value) => Number.isSafeInteger(value)))
    return { data: plain.map((value) => BigInt(value as number)) };
  return { data: plain };
}

/** Every format that holds records, with the way to write one. */
export const recordFormats: Readonly<Record<string, WriteTable>> = {
  '.jsonl': (folder, name, table) => written(join(folder, `${name}.jsonl`), `${objects(table).join('\n')}\n`),
  '.json': (folder, name, table) => written(join(folder, `${name}.json`), `[\n${objects(table).join(',\n')}\n]\n`),
  '.csv': csvWith(',', '.csv'),
  '.csv with semicolons': csvWith(';', '.semicolons.csv'),
  '.tsv': csvWith('\t', '.tsv'),
  '.tsv by COPY': (folder, name, { columns, rows }) =>
    written(join(folder, `${name}.copy.tsv`), `${[columns.join('\t'), ...rows.map(copyLine)].join('\n')}\n`),
  '.sql': (folder, name, { columns, rows }) => {
    const names = columns.map((column) => `"${column}"`).join(', ');
    const other = 'COPY public.other (id) FROM stdin;\n1\n\\.\n\n';
    const table = `COPY public.items (${names}) FROM stdin;\n${rows.map((row) => `${copyLine(row)}\n`).join('')}\\.\n`;
    return written(join(folder, `${name}.sql`), `--\n-- PostgreSQL database dump\n--\n\n${other}${table}\n`);
  },
  '.parquet': (folder, name, { columns, rows }) => {
    const path = join(folder, `${name}.parquet`);
    parquetWriteFile({
      filename: path,
      columnData: columns.map((column, i) => ({
        name: column === 'Unnamed: 0' ? '__index_level_0__' : column,
        ...parquetColumn(rows.map((row) => row[i])),
      })),
    });
    return path;
  },
};
