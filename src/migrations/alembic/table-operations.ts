import type { Value } from '../python/values.js';
import { CallArguments, type BatchTable } from './call-arguments.js';
import {
  type Column,
  columnOf,
  columnSql,
  commentSql,
  enumerationsOf,
  foreignKeyOptions,
  foreignKeySql,
  isColumn,
  tableConstraintSql,
} from './columns.js';
import {
  elementName,
  expression,
  flag,
  isNone,
  NotStatic,
  quoted,
  quotedIn,
  quotedText,
  optionalString,
  stringOf,
} from './sql-text.js';
import { sqlType, type SqlType } from './types.js';

type Call = Extract<Value, { kind: 'call' }>;

/** What an operation becomes. */
export interface Rendered {
  /** Types that are created unless they exist. */
  readonly typesFirst?: readonly string[];
  /** Statements in order. */
  readonly sql: readonly string[];
  readonly types: readonly SqlType[];
}

export type Renderer = (call: Call, batch: BatchTable | null) => Rendered;

const rendered = (sql: readonly string[], types: readonly SqlType[] = []): Rendered => ({ sql, types });

export const createTable: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['table_name'], batch);
  return createTableSql(args.string('table_name'), args.optional('schema'), call.args.slice(1), call.named);
};

/** CREATE TABLE with all that SQLAlchemy creates with it: enumerations before, indexes and comments after. */
export function createTableSql(
  table: string,
  schema: string | null,
  elements: readonly Value[],
  options: ReadonlyMap<string, Value>,
): Rendered {
  const columns = elements.filter(isColumn).map(columnOf);
  const constraints = elements.filter(
    (value): value is Call => value.kind === 'call' && !isColumn(value) && !isIndex(value) && !isLeftOut(value),
  );
  const others = elements.filter((value) => value.kind !== 'call');
  if (others.length > 0) throw new NotStatic('create_table');
  const own = constraints.map(tableConstraintSql);
  const keys = columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name);
  const hasKey = own.some((sql) => /(^|" )PRIMARY KEY/.test(sql));
  const keyColumns = hasKey ? primaryKeyColumns(constraints) : keys;
  const foreign = new Set(constraints.flatMap(foreignKeyColumns));
  const lines = [
    ...columns.map((column) => columnSql(column, isSerial(column, keyColumns, foreign))),
    ...own,
    ...(hasKey || keys.length === 0 ? [] : [`PRIMARY KEY (${keys.map(quoted).join(', ')})`]),
    ...columns.flatMap(columnConstraints),
  ];
  const comment = optionalString(options.get('comment'), 'comment');
  const exists = flag(options.get('if_not_exists')) ? 'IF NOT EXISTS ' : '';
  const name = quotedIn(schema, table);
  const { sql, types } = rendered(
    [
      `CREATE TABLE ${exists}${name} (${lines.join(', ')})`,
      ...columns.flatMap((column) => columnIndex(table, schema, column)),
      ...elements.filter(isIndex).map((index) => indexElementSql(index, name)),
      ...(comment === null ? [] : [`COMMENT ON TABLE ${name} IS ${quotedText(comment)}`]),
      ...columns.flatMap((column) => commentSql(schema, table, column)),
    ],
    columns.map(({ type }) => type),
  );
  return { typesFirst: enumerationsOf(columns), sql, types };
}

/** SQLAlchemy leaves these for an ALTER TABLE, which Alembic does not write. */
const isLeftOut = ({ named }: Call): boolean => flag(named.get('use_alter'));

const isIndex = (value: Value): value is Call =>
  value.kind === 'call' && value.callee.kind === 'name' && value.callee.path.endsWith('.Index');

function indexElementSql(call: Call, table: string): string {
  const [name, ...columns] = call.args;
  const unique = flag(call.named.get('unique')) ? 'UNIQUE ' : '';
  return `CREATE ${unique}INDEX ${elementName(stringOf(name, 'Index'))} ON ${table} (${columns.map((column) => quoted(stringOf(column, 'Index'))).join(', ')})`;
}

const primaryKeyColumns = (constraints: readonly Call[]): readonly string[] =>
  constraints
    .filter(({ callee }) => callee.kind === 'name' && callee.path.endsWith('PrimaryKeyConstraint'))
    .flatMap(({ args }) => (args.length === 1 && args[0]?.kind === 'list' ? args[0].items : args))
    .map((value) => stringOf(value, 'PrimaryKeyConstraint'));

const foreignKeyColumns = ({ callee, args }: Call): readonly string[] =>
  callee.kind === 'name' && callee.path.endsWith('ForeignKeyConstraint') && args[0]?.kind === 'list'
    ? args[0].items.map((value) => stringOf(value, 'ForeignKeyConstraint'))
    : [];

/** SQLAlchemy's `autoincrement='auto'`: the sole integer key, without a default, that refers to no other table. */
function isSerial(column: Column, keys: readonly string[], foreign: ReadonlySet<string>): boolean {
  if (!keys.includes(column.name) || column.hasDefault || column.type.integer === null) return false;
  if (column.autoincrement === true) return true;
  return (
    column.autoincrement === 'auto' && keys.length === 1 && column.foreignKeys.length === 0 && !foreign.has(column.name)
  );
}

const columnConstraints = (column: Column): readonly string[] => [
  ...(column.unique && !column.index ? [`UNIQUE (${quoted(column.name)})`] : []),
  ...column.foreignKeys.map((key) => foreignKeySql(key, [column.name], [stringOf(key.args[0], 'ForeignKey')])),
  ...(column.type.check
    ? [
        `${column.type.check.name === null ? '' : `CONSTRAINT ${elementName(column.type.check.name)} `}CHECK (${quoted(column.name)} IN (${column.type.check.values.map(quotedText).join(', ')}))`,
      ]
    : []),
];

/** `index=True`: SQLAlchemy's default name. */
const columnIndex = (table: string, schema: string | null, { index, unique, name }: Column): readonly string[] =>
  index
    ? [
        `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${elementName(`ix_${schema ? `${schema}_` : ''}${table}_${name}`)} ON ${quotedIn(schema, table)} (${quoted(name)})`,
      ]
    : [];

export const dropTable: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['table_name'], batch);
  const { table, schema } = args.table();
  return rendered([`DROP TABLE ${flag(args.get('if_exists')) ? 'IF EXISTS ' : ''}${quotedIn(schema, table)}`]);
};

export const renameTable: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['old_table_name', 'new_table_name'], batch);
  const from = quotedIn(args.optional('schema'), args.string('old_table_name'));
  return rendered([`ALTER TABLE ${from} RENAME TO ${quoted(args.string('new_table_name'))}`]);
};

export const tableComment: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['table_name', 'comment'], batch);
  const { table, schema } = args.table();
  const comment = args.optional('comment');
  return rendered([
    `COMMENT ON TABLE ${quotedIn(schema, table)} IS ${comment === null ? 'NULL' : quotedText(comment)}`,
  ]);
};

export const dropTableComment: Renderer = (call, batch) => {
  const { table, schema } = new CallArguments(call, ['table_name'], batch).table();
  return rendered([`COMMENT ON TABLE ${quotedIn(schema, table)} IS NULL`]);
};

export const addColumn: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['table_name', 'column'], batch);
  const { table, schema } = args.table();
  const value = args.get('column');
  if (!value || !isColumn(value)) throw new NotStatic('column');
  const column = columnOf(value);
  const name = quotedIn(schema, table);
  const exists = flag(args.get('if_not_exists')) ? 'IF NOT EXISTS ' : '';
  return rendered(
    [
      `ALTER TABLE ${name} ADD COLUMN ${exists}${columnSql(column, false)}`,
      ...columnConstraints(column).map((sql) => `ALTER TABLE ${name} ADD ${sql}`),
      ...columnIndex(table, schema, column),
      ...commentSql(schema, table, column),
    ],
    [column.type],
  );
};

export const dropColumn: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['table_name', 'column_name'], batch);
  const { table, schema } = args.table();
  const exists = flag(args.get('if_exists')) ? 'IF EXISTS ' : '';
  return rendered([
    `ALTER TABLE ${quotedIn(schema, table)} DROP COLUMN ${exists}${quoted(args.string('column_name'))}`,
  ]);
};

/** The order in which Alembic's dialect of PostgreSQL writes the changes: nullable, default, type, comment, name. */
export const alterColumn: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['table_name', 'column_name'], batch);
  const { table, schema } = args.table();
  const column = args.string('column_name');
  const name = quotedIn(schema, table);
  const alter = `ALTER TABLE ${name} ALTER COLUMN ${quoted(column)}`;
  const [nullable, byDefault, type, comment] = ['nullable', 'server_default', 'type_', 'comment'].map((key) =>
    args.get(key),
  );
  const newName = args.optional('new_column_name') ?? args.optional('name');
  const using = args.optional('postgresql_using');
  const changed = type === undefined || isNone(type) ? null : sqlType(type);
  const clearsDefault = byDefault?.kind === 'constant' && (byDefault.value === null || byDefault.value === false);
  return rendered(
    [
      ...(nullable === undefined || isNone(nullable) ? [] : [`${alter} ${flag(nullable) ? 'DROP' : 'SET'} NOT NULL`]),
      ...(byDefault === undefined || (byDefault.kind === 'constant' && byDefault.value === false)
        ? []
        : [clearsDefault ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${expression(byDefault)}`]),
      ...(changed === null ? [] : [`${alter} TYPE ${changed.sql}${using === null ? '' : ` USING ${using}`}`]),
      ...(comment === undefined || (comment.kind === 'constant' && comment.value === false)
        ? []
        : [
            `COMMENT ON COLUMN ${name}.${quoted(column)} IS ${isNone(comment) ? 'NULL' : quotedText(stringOf(comment, 'comment'))}`,
          ]),
      ...(newName === null ? [] : [`ALTER TABLE ${name} RENAME ${quoted(column)} TO ${quoted(newName)}`]),
    ],
    changed === null ? [] : [changed],
  );
};

export const foreignKey: Renderer = (call, batch) => {
  const args = new CallArguments(
    call,
    ['constraint_name', 'source_table', 'referent_table', 'local_cols', 'remote_cols'],
    batch,
  );
  const source = batch ?? { table: args.string('source_table'), schema: args.optional('source_schema') };
  const referent = quotedIn(args.optional('referent_schema'), args.string('referent_table'));
  const [local, remote] = ['local_cols', 'remote_cols'].map((key) => columnsOf(args.get(key)));
  const name = args.optional('constraint_name');
  const sql = [
    `ALTER TABLE ${quotedIn(source.schema, source.table)} ADD${name === null ? '' : ` CONSTRAINT ${elementName(name)}`}`,
    `FOREIGN KEY (${local}) REFERENCES ${referent} (${remote})`,
    ...foreignKeyOptions(call),
  ];
  return rendered([sql.join(' ')]);
};

/** A list of names, or one name, as SQL. */
export function columnsOf(value: Value | undefined): string {
  if (value?.kind === 'list') return value.items.map((item) => quoted(stringOf(item, 'columns'))).join(', ');
  return quoted(stringOf(value, 'columns'));
}
