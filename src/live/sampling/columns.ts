import { PgvtuneError } from '../../errors.js';
import { ident, type Session } from '../../postgres/index.js';
import { findJoinedColumn, type JoinedColumn, joinedScalar, type NamedJoin } from '../catalog/joins.js';
import { readColumns, type TableColumn } from '../catalog/columns.js';
import type { LiveRelation } from '../catalog/relation.js';
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
  /** @param rows alias of the table of the vectors */
  readonly sql: (rows: string) => string;
  read(value: unknown): unknown;
}

const INTEGERS = ['int2', 'int4', 'int8', 'oid'];
const NUMBERS = [...INTEGERS, 'float4', 'float8', 'numeric'];

/** A column to keep beside the vectors. */
export interface Attribute {
  /** That of the column, whatever table it is in. */
  readonly name: string;
  readonly column: TableColumn;
  /** @param rows alias of the table of the vectors */
  readonly value: (rows: string) => string;
  /** The way to it; null for a column of the table itself. */
  readonly joined: JoinedColumn | null;
}

/**
 * Finds the columns: `tenant_id` in the table, `documents.tenant_id` in a table that it refers to.
 *
 * @throws {PgvtuneError} `usage` for a column that is in neither, no way to the other table, two of one name, or one of another
 *   table whose name a column of the table has: statements that filter by it would mean that one
 */
export async function findAttributes(
  session: Session,
  relation: LiveRelation,
  { names, joins }: { readonly names: readonly string[]; readonly joins: readonly NamedJoin[] },
): Promise<readonly Attribute[]> {
  const found: Attribute[] = [];
  for (const name of names) {
    const attribute = await findAttribute(session, relation, name, joins);
    if (found.some((other) => other.name === attribute.name)) {
      throw new PgvtuneError('usage', `Two attributes would be called "${attribute.name}".`, {
        hint: 'Keep one of them: a filter could not tell them apart.',
      });
    }
    if (attribute.joined !== null && relation.columns.some((own) => own.name === attribute.name)) {
      throw new PgvtuneError(
        'usage',
        `${relation.label} has a column "${attribute.name}" itself, which ${name} would be taken for.`,
        { hint: 'Sample a query that gives one of them another name.' },
      );
    }
    found.push(attribute);
  }
  return found;
}

async function findAttribute(
  session: Session,
  relation: LiveRelation,
  name: string,
  joins: readonly NamedJoin[],
): Promise<Attribute> {
  const [, other, column] = /^(.+)\.([^.]+)$/.exec(name) ?? [];
  if (other === undefined || column === undefined || relation.columns.some((own) => own.name === name)) {
    return { name, column: columnOf(relation, name), value: () => ident(name), joined: null };
  }
  if (relation.joined === null) {
    throw new PgvtuneError('usage', `${relation.label} has no column "${name}".`, {
      hint: 'Select it in the query, and give its name alone.',
    });
  }
  const joined = await findJoinedColumn(session, relation.joined, { table: other, column }, joins);
  const columns = await readColumns(session, joined.steps.at(-1)!.table.oid);
  return {
    name: column,
    column: columns.find((candidate) => candidate.name === column)!,
    value: (rows) => joinedScalar(joined, rows),
    joined,
  };
}

export function attributeReaders(attributes: readonly Attribute[]): readonly ColumnReader[] {
  return attributes.map(({ name, column: { baseType, isArray }, value }, i) => {
    const alias = `pgvtune_${i}`;
    return NUMBERS.includes(baseType) && !isArray
      ? { name, alias, sql: (rows) => `${value(rows)}::text AS ${alias}`, read: readNumber }
      : { name, alias, sql: (rows) => `to_json(${value(rows)}) AS ${alias}`, read: (json) => json };
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

/** The types of these columns; those that a dataset cannot keep are left out. */
export function attributeTypes(attributes: readonly Attribute[]): ReadonlyMap<string, SqlType> {
  const typeOf = ({ baseType, isArray, labels }: TableColumn): SqlType | undefined => {
    if (isArray) return SQL_TYPES[baseType] === 'text' ? 'text[]' : undefined;
    return labels ? { enum: baseType, labels } : SQL_TYPES[baseType];
  };
  return new Map(
    attributes.flatMap(({ name, column }) => {
      const type = typeOf(column);
      return type === undefined ? [] : [[name, type]];
    }),
  );
}

/** @throws {PgvtuneError} `usage` when the table has no such column */
export function textReader(relation: LiveRelation, name: string): ColumnReader {
  columnOf(relation, name);
  return { name, alias: 'pgvtune_text', sql: () => `${ident(name)}::text AS pgvtune_text`, read: (value) => value };
}

/** The primary key; null when there is none. Of several columns it is a JSON array. */
export function idReader(relation: LiveRelation): ColumnReader | null {
  const { primaryKey } = relation;
  const [name] = primaryKey;
  if (name === undefined) return null;
  const alias = 'pgvtune_id';
  if (primaryKey.length > 1) {
    const sql = (): string => `json_build_array(${primaryKey.map(ident).join(', ')})::text AS ${alias}`;
    return { name: primaryKey.join(', '), alias, sql, read: String };
  }
  const isInteger = INTEGERS.includes(columnOf(relation, name).baseType);
  const read = (value: unknown): string | number => (isInteger ? safeInteger(String(value)) : String(value));
  return { name, alias, sql: () => `${ident(name)}::text AS ${alias}`, read };
}

function columnOf({ label, columns }: LiveRelation, name: string): TableColumn {
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
