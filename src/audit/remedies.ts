import type { Remedy } from './checks/database.js';
import type { Index, Table } from './snapshot/relations.js';
import { name, relation } from './sql.js';

/** Longest name that PostgreSQL does not cut off, in bytes. */
const LONGEST_NAME = 63;

const indexOf = (index: Index): string => relation({ schema: index.schema, name: index.name });

/** Makes a definition do nothing where the index exists, and lock out no writer where that is possible. */
export function createStatement(index: Index): string {
  const [, unique = ''] = /^CREATE (UNIQUE )?INDEX /.exec(index.definition) ?? [];
  return `${index.definition.replace(/^CREATE (UNIQUE )?INDEX /, `CREATE ${unique}INDEX ${index.partitioned ? '' : 'CONCURRENTLY '}IF NOT EXISTS `)};`;
}

/** Drops an index, or the constraint that it enforces; null where it is part of another index. */
export function dropIndex(index: Index, table: Table): Remedy | null {
  if (index.attached) return null;
  if (index.constraint) {
    const { name: constraint, definition } = index.constraint;
    return {
      step: 'drop',
      statements: [`ALTER TABLE ${relation(table)} DROP CONSTRAINT IF EXISTS ${name(constraint)};`],
      lock: { mode: 'ACCESS EXCLUSIVE', held: 'for a moment' },
      rollback: [`ALTER TABLE ${relation(table)} ADD CONSTRAINT ${name(constraint)} ${definition};`],
    };
  }
  return {
    step: 'drop',
    statements: [`DROP INDEX ${index.partitioned ? '' : 'CONCURRENTLY '}IF EXISTS ${indexOf(index)};`],
    lock: index.partitioned
      ? { mode: 'ACCESS EXCLUSIVE', held: 'for a moment' }
      : { mode: 'SHARE UPDATE EXCLUSIVE', held: 'for a moment' },
    rollback: [createStatement(index)],
  };
}

/** Builds an index anew beside the old one. A rebuild takes nothing away, so there is nothing to undo. */
export const reindex = (index: Index): Remedy => ({
  step: 'rebuild',
  statements: [`REINDEX INDEX ${index.constraint?.kind === 'exclusion' ? '' : 'CONCURRENTLY '}${indexOf(index)};`],
  lock:
    index.constraint?.kind === 'exclusion'
      ? { mode: 'SHARE', held: 'while it builds' }
      : { mode: 'SHARE UPDATE EXCLUSIVE', held: 'while it builds' },
  rollback: [],
});

/**
 * Creates an index that is not there. PostgreSQL builds that of a partitioned table only under a lock on writers.
 *
 * @param of.where the condition of a partial index, which is part of its name: another one may be on the same columns
 */
export function createIndex(
  table: Table,
  { columns, where, taken }: { columns: readonly string[]; where?: string; taken: readonly Index[] },
): Remedy {
  const index = newIndexName(
    table.name,
    [
      ...columns,
      ...(where === undefined ? [] : [where.toLowerCase().replaceAll(/\W+/g, '_').replaceAll(/^_|_$/g, '')]),
    ],
    taken.filter(({ schema }) => schema === table.schema).map(({ name: own }) => own),
  );
  const partitioned = table.kind === 'partitioned';
  const condition = where === undefined ? '' : ` WHERE ${where}`;
  return {
    step: 'create',
    statements: [
      `CREATE INDEX ${partitioned ? '' : 'CONCURRENTLY '}IF NOT EXISTS ${name(index)} ON ${relation(table)} (${columns.map(name).join(', ')})${condition};`,
    ],
    lock: partitioned
      ? { mode: 'SHARE', held: 'while it builds' }
      : { mode: 'SHARE UPDATE EXCLUSIVE', held: 'while it builds' },
    rollback: [
      `DROP INDEX ${partitioned ? '' : 'CONCURRENTLY '}IF EXISTS ${relation({ schema: table.schema, name: index })};`,
    ],
  };
}

/**
 * Replaces an index by another on the same keys of the same rows, with `settings` in between: statements and their rollback.
 *
 * @param by.keys writes its keys with other operator classes
 *
 * @returns null where the definition is not as pgvector's indexes have it
 */
export function replaceIndex(
  index: Index,
  table: Table,
  by: {
    readonly method: string;
    readonly parameters: Readonly<Record<string, number | string>>;
    readonly settings: Pick<Remedy, 'statements' | 'rollback'>;
    readonly keys?: (keys: string) => string;
    readonly taken: readonly Index[];
  },
): Remedy | null {
  const options = index.options.map((option) => option.replace(/=(.*)$/, "='$1'")).join(', ');
  const rest = `${options === '' ? '' : ` WITH (${options})`}${index.predicate === null ? '' : ` WHERE ${index.predicate}`}`;
  const using = ` USING ${index.method} (`;
  const at = index.definition.indexOf(using);
  const old = dropIndex(index, table);
  if (at < 0 || old === null || !index.definition.endsWith(`)${rest}`)) return null;
  const ownKeys = index.definition.slice(at + using.length, -`)${rest}`.length);
  const keys = by.keys?.(ownKeys) ?? ownKeys;
  const [key] = index.keys;
  // An expression has no name.
  const columns = key!.column === 0 ? [] : [key!.text.replaceAll('"', '').replaceAll(/\W+/g, '_')];
  const created = newIndexName(
    table.name,
    [...columns, by.method],
    by.taken.filter(({ schema }) => schema === index.schema).map(({ name: own }) => own),
  );
  const concurrently = index.partitioned ? '' : 'CONCURRENTLY ';
  const parameters = Object.entries(by.parameters).map(([key, value]) => `${key} = ${value}`);
  return {
    step: 'alter',
    statements: [
      `CREATE INDEX ${concurrently}IF NOT EXISTS ${name(created)} ON ${relation(table)} USING ${by.method} (${keys}) WITH (${parameters.join(', ')})${index.predicate === null ? '' : ` WHERE ${index.predicate}`};`,
      ...by.settings.statements,
      ...old.statements,
    ],
    lock: index.partitioned
      ? { mode: 'SHARE', held: 'while it builds' }
      : { mode: 'SHARE UPDATE EXCLUSIVE', held: 'while it builds' },
    rollback: [
      ...old.rollback,
      ...by.settings.rollback,
      `DROP INDEX ${concurrently}IF EXISTS ${relation({ schema: index.schema, name: created })};`,
    ],
  };
}

/** `orders_customer_id_idx`, as PostgreSQL would name it, or with a number where that is taken. */
function newIndexName(table: string, columns: readonly string[], taken: readonly string[]): string {
  for (let attempt = 0; ; attempt++) {
    const suffix = `_idx${attempt === 0 ? '' : attempt}`;
    const candidate = `${cut(`${table}_${columns.join('_')}`, LONGEST_NAME - suffix.length)}${suffix}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

/** The longest beginning that has at most so many bytes. */
function cut(text: string, bytes: number): string {
  let result = text;
  while (Buffer.byteLength(result) > bytes) result = Array.from(result).slice(0, -1).join('');
  return result;
}
