import type { DataVerb, Effect } from '../effects.js';
import { pathOf, textOf, type Value } from '../python/values.js';
import { withSchema } from '../sql/names.js';
import { expression, lastName, NotStatic, quoted, quotedIn } from './sql-text.js';

const VERBS: Readonly<Record<string, DataVerb>> = { insert: 'insert', update: 'update', delete: 'delete' };

const QUERIES: ReadonlySet<string> = new Set(['select', 'exists', 'query', 'scalar', 'text']);

/**
 * What a statement does that was put together by calls, such as `users.update().where(…)` or `sa.delete(users)`; null
 * where it is no change of data.
 */
export function builtStatement(value: Value): readonly Effect[] | null {
  for (
    let at: Value | undefined = value;
    at?.kind === 'call';
    at = at.callee.kind === 'attribute' ? at.callee.of : undefined
  ) {
    const name = lastName(pathOf(at.callee));
    const verb = VERBS[name];
    const of = at.callee.kind === 'attribute' ? at.callee.of : at.args[0];
    if (verb) return [{ kind: 'data', verb, table: tableOf(of)?.display ?? null }];
    const isQuery = at.callee.kind === 'attribute' ? name === 'select' : QUERIES.has(name);
    if (isQuery) return [];
  }
  return null;
}

interface Table {
  readonly name: string;
  readonly schema: string | null;
  readonly display: string;
}

/** The table that `sa.table('users', …)` or `sa.Table('users', metadata, …)` describes. */
export function tableOf(value: Value | undefined): Table | null {
  if (value?.kind !== 'call' || !/(^|\.)(table|Table)$/.test(pathOf(value.callee))) return null;
  const name = textOf(value.args[0]);
  if (name === undefined) return null;
  const schema = textOf(value.named.get('schema')) ?? null;
  return { name, schema, display: withSchema(schema, name) };
}

/** INSERT of the rows of a `bulk_insert`; null where their values are computed. */
export function bulkInsertSql(table: Value | undefined, rows: Value | undefined): string | null {
  const into = tableOf(table);
  if (!into || rows?.kind !== 'list') return null;
  const [first] = rows.items;
  if (first?.kind !== 'dict') return null;
  try {
    const columns = first.entries.map(([key]) => textOf(key) ?? '');
    const lines = rows.items.map((row) => {
      if (row.kind !== 'dict' || row.entries.length !== columns.length) throw new NotStatic('rows');
      return `(${row.entries.map(([, value]) => expression(value)).join(', ')})`;
    });
    return `INSERT INTO ${quotedIn(into.schema, into.name)} (${columns.map(quoted).join(', ')}) VALUES ${lines.join(', ')}`;
  } catch (error) {
    if (error instanceof NotStatic) return null;
    throw error;
  }
}
