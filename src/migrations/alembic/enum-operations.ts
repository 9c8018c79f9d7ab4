import { pathOf, type Value } from '../python/values.js';
import { CallArguments } from './call-arguments.js';
import { isNone, lastName, NotStatic, optionalString, quoted, quotedIn, quotedText, stringOf } from './sql-text.js';
import type { Renderer } from './table-operations.js';
import { createEnum } from './types.js';

/**
 * `op.sync_enum_values` of alembic-postgresql-enum: the type is created anew under its name, and the columns that have it
 * are converted.
 */
export const syncEnumValues: Renderer = (call) => {
  const args = new CallArguments(
    call,
    ['enum_schema', 'enum_name', 'new_values', 'affected_columns', 'enum_values_to_rename'],
    null,
  );
  const [schema, name] = [args.optional('enum_schema'), args.string('enum_name')];
  const values = listOf(args.get('new_values'), 'new_values').map((value) => stringOf(value, 'new_values'));
  const renamed = listOf(args.get('enum_values_to_rename'), 'enum_values_to_rename').map((pair) =>
    listOf(pair, 'enum_values_to_rename').map((value) => stringOf(value, 'enum_values_to_rename')),
  );
  const old = `${name}_old`;
  return {
    sql: [
      `ALTER TYPE ${quotedIn(schema, name)} RENAME TO ${quoted(old)}`,
      createEnum({ schema, name, values, createdWithTable: false }),
      ...listOf(args.get('affected_columns'), 'affected_columns').flatMap((column) =>
        converted(columnOf(column, schema), quotedIn(schema, name), renamed),
      ),
      `DROP TYPE ${quotedIn(schema, old)}`,
    ],
    types: [],
  };
};

interface AffectedColumn {
  /** Quoted. */
  readonly table: string;
  readonly column: string;
  readonly isArray: boolean;
  /** SQL of its default; null without one. */
  readonly byDefault: string | null;
}

/** `TableReference(table_name=…, column_name=…)`, or a pair of names. @throws {NotStatic} */
function columnOf(value: Value, schema: string | null): AffectedColumn {
  if (value.kind === 'list') {
    const [table, column, kind] = value.items;
    return {
      table: quotedIn(schema, stringOf(table, 'affected_columns')),
      column: stringOf(column, 'affected_columns'),
      isArray: isArray(kind),
      byDefault: null,
    };
  }
  if (value.kind !== 'call') throw new NotStatic('affected_columns');
  const args = new CallArguments(value, [], null);
  return {
    table: quotedIn(optionalString(args.get('table_schema'), 'table_schema') ?? schema, args.string('table_name')),
    column: args.string('column_name'),
    isArray: isArray(args.get('column_type')),
    byDefault: args.optional('existing_server_default'),
  };
}

const isArray = (kind: Value | undefined): boolean => kind !== undefined && lastName(pathOf(kind)) === 'ARRAY';

function converted(
  { table, column, isArray: array, byDefault }: AffectedColumn,
  type: string,
  renamed: readonly (readonly string[])[],
): readonly string[] {
  const alter = `ALTER TABLE ${table} ALTER COLUMN ${quoted(column)}`;
  const as = array ? `${type}[]` : type;
  const text = `${quoted(column)}::text${array ? '[]' : ''}`;
  const cases = renamed.map(([from = '', to = '']) => `WHEN ${quotedText(from)} THEN ${quotedText(to)}::${type}`);
  if (array && cases.length > 0) throw new NotStatic('enum_values_to_rename');
  const using = cases.length === 0 ? `${text}::${as}` : `CASE ${text} ${cases.join(' ')} ELSE ${text}::${as} END`;
  return [
    ...(byDefault === null ? [] : [`${alter} DROP DEFAULT`]),
    `${alter} TYPE ${as} USING ${using}`,
    ...(byDefault === null ? [] : [`${alter} SET DEFAULT ${byDefault}`]),
  ];
}

/** @throws {NotStatic} */
function listOf(value: Value | undefined, what: string): readonly Value[] {
  if (value === undefined || isNone(value)) return [];
  if (value.kind !== 'list') throw new NotStatic(what);
  return value.items;
}
