import type { ColumnDefinition, ConstraintDefinition } from '../effects.js';
import { nameParts } from '../sql/names.js';

/*
 * Statements that come to the same with weaker or shorter locks. They are shown, not run; every name is quoted.
 */

export const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A name that may have a schema. */
export const qualifiedName = (text: string): string =>
  nameParts(text)
    .flatMap((part) => (part === null ? [] : name(part)))
    .join('.');

/** Outside of a transaction. */
export function concurrently(sql: string | null): readonly string[] {
  if (sql === null) return [];
  const again = sql.replace(/\b(CREATE\s+(?:UNIQUE\s+)?INDEX|DROP\s+INDEX)\s+(?!CONCURRENTLY)/i, '$1 CONCURRENTLY ');
  return [`${again};`];
}

export function notNull(table: string, column: string): readonly string[] {
  const check = name(`${column}_not_null`);
  const alter = `ALTER TABLE ${qualifiedName(table)}`;
  return [
    `${alter} ADD CONSTRAINT ${check} CHECK (${name(column)} IS NOT NULL) NOT VALID;`,
    `${alter} VALIDATE CONSTRAINT ${check};`,
    `${alter} ALTER COLUMN ${name(column)} SET NOT NULL;`,
    `${alter} DROP CONSTRAINT ${check};`,
  ];
}

export function requiredColumn(table: string, column: ColumnDefinition): readonly string[] {
  return [
    `ALTER TABLE ${qualifiedName(table)} ADD COLUMN ${name(column.name)} ${column.type};`,
    ...notNull(table, column.name),
  ];
}

export function volatileDefault(table: string, column: ColumnDefinition): readonly string[] {
  if (column.default === null) return [];
  const alter = `ALTER TABLE ${qualifiedName(table)}`;
  return [
    `${alter} ADD COLUMN ${name(column.name)} ${column.type};`,
    `${alter} ALTER COLUMN ${name(column.name)} SET DEFAULT ${column.default};`,
    ...(column.notNull ? notNull(table, column.name) : []),
  ];
}

export function notValid(table: string, constraint: ConstraintDefinition): readonly string[] {
  const alter = `ALTER TABLE ${qualifiedName(table)}`;
  return [
    `${alter} ADD CONSTRAINT ${name(constraint.name)} ${constraint.sql} NOT VALID;`,
    `${alter} VALIDATE CONSTRAINT ${name(constraint.name)};`,
  ];
}

export function usingIndex(table: string, constraint: ConstraintDefinition): readonly string[] {
  if (constraint.kind === 'exclude') return [];
  const columns = constraint.columns.map(name).join(', ');
  const kind = constraint.kind === 'primary-key' ? 'PRIMARY KEY' : 'UNIQUE';
  return [
    `CREATE UNIQUE INDEX CONCURRENTLY ${name(constraint.name)} ON ${qualifiedName(table)} (${columns});`,
    `ALTER TABLE ${qualifiedName(table)} ADD CONSTRAINT ${name(constraint.name)} ${kind} USING INDEX ${name(constraint.name)};`,
  ];
}
