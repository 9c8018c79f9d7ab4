import { PgvtuneError } from '../../errors.js';
import { ident } from '../../postgres/index.js';
import type { LiveTable, TableColumn } from '../catalog/table.js';
import type { SqlType } from '../../columns.js';

/*
 * Columns of a live table other than the vector, as SQL to read and as the values that a dataset keeps. The server
 * turns values into JSON, so that dates become ISO 8601 text, arrays arrays and enums text. Numbers come as text: JSON
 * would lose the last digits of large ones.
 */

/** One column: what to select under `alias`, and what becomes of it. */
export interface ColumnReader {
  readonly name: string;
  readonly alias: string;
  readonly sql: string;
  read(value: unknown): unknown;
}

const INTEGERS = ['int2', 'int4', 'int8', 'oid'];
const NUMBERS = [...INTEGERS, 'float4', 'float8', 'numeric'];

/** @throws {PgvtuneError} `usage` when the table has no such column */
export function attributeReaders(table: LiveTable, names: readonly string[]): readonly ColumnReader[] {
  return names.map((name, i) => {
    const alias = `pgvtune_${i}`;
    const { baseType, isArray } = columnOfTable(table, name);
    return NUMBERS.includes(baseType) && !isArray
      ? { name, alias, sql: `${ident(name)}::text AS ${alias}`, read: readNumber }
      : { name, alias, sql: `to_json(${ident(name)}) AS ${alias}`, read: (value) => value };
  });
}

/** How the catalog calls the types that a dataset can keep. */
const SQL_TYPES: Readonly<Record<string, SqlType>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  numeric: 'numeric',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  uuid: 'uuid',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
  text: 'text',
  varchar: 'text',
  jsonb: 'jsonb',
};

/**
 * The types of these columns; those that a dataset cannot keep are left out.
 *
 * @throws {PgvtuneError} `usage` when the table has no such column
 */
export function attributeTypes(table: LiveTable, names: readonly string[]): ReadonlyMap<string, SqlType> {
  const typeOf = ({ baseType, isArray, labels }: TableColumn): SqlType | undefined => {
    if (isArray) return SQL_TYPES[baseType] === 'text' ? 'text[]' : undefined;
    return labels ? { enum: baseType, labels } : SQL_TYPES[baseType];
  };
  return new Map(
    names.flatMap((name) => {
      const type = typeOf(columnOfTable(table, name));
      return type === undefined ? [] : [[name, type]];
    }),
  );
}

/** @throws {PgvtuneError} `usage` when the table has no such column */
export function textReader(table: LiveTable, name: string): ColumnReader {
  columnOfTable(table, name);
  return { name, alias: 'pgvtune_text', sql: `${ident(name)}::text AS pgvtune_text`, read: (value) => value };
}

/** The primary key; null when there is none. Of several columns it is a JSON array. */
export function idReader(table: LiveTable): ColumnReader | null {
  const { primaryKey } = table;
  const [name] = primaryKey;
  if (name === undefined) return null;
  const alias = 'pgvtune_id';
  if (primaryKey.length > 1) {
    const sql = `json_build_array(${primaryKey.map(ident).join(', ')})::text AS ${alias}`;
    return { name: primaryKey.join(', '), alias, sql, read: String };
  }
  const isInteger = INTEGERS.includes(columnOfTable(table, name).baseType);
  const read = (value: unknown): string | number => (isInteger ? safeInteger(String(value)) : String(value));
  return { name, alias, sql: `${ident(name)}::text AS ${alias}`, read };
}

function columnOfTable({ label, columns }: LiveTable, name: string): TableColumn {
  const column = columns.find((candidate) => candidate.name === name);
  if (column) return column;
  throw new PgvtuneError('usage', `${label} has no column "${name}".`, {
    hint: `It has ${columns.map((candidate) => candidate.name).join(', ')}.`,
  });
}

/** As a number where that loses nothing. */
const safeInteger = (text: string): string | number => (Number.isSafeInteger(Number(text)) ? Number(text) : text);

/** NaN and infinities are no value that a dataset can keep. */
function readNumber(value: string | null): string | number | null {
  if (value === null) return null;
  if (/^-?\d+$/.test(value)) return safeInteger(value);
  return Number.isFinite(Number(value)) ? Number(value) : null;
}
