import { type Value, textOf } from '../python/values.js';
import { withSchema } from '../sql/names.js';
import { CallArguments } from './call-arguments.js';
import { excludeSql } from './columns.js';
import {
  elementName,
  expression,
  flag,
  isNone,
  NotStatic,
  quoted,
  quotedIn,
  rawExpression,
  stringOf,
} from './sql-text.js';
import { columnsOf, type Renderer } from './table-operations.js';

const only = (...sql: readonly string[]) => ({ sql, types: [] });

export const createIndex: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['index_name', 'table_name', 'columns'], batch);
  const { table, schema } = args.table();
  const name = args.optional('index_name');
  const columns = args.get('columns');
  if (columns?.kind !== 'list') throw new NotStatic('columns');
  const classes = args.get('postgresql_ops');
  const using = args.optional('postgresql_using');
  const [include, where, options] = ['postgresql_include', 'postgresql_where', 'postgresql_with'].map((key) =>
    args.get(key),
  );
  const given = (value: Value | undefined): value is Value => value !== undefined && !isNone(value);
  return only(
    [
      `CREATE ${flag(args.get('unique')) ? 'UNIQUE ' : ''}INDEX`,
      ...(flag(args.get('postgresql_concurrently')) ? ['CONCURRENTLY'] : []),
      ...(flag(args.get('if_not_exists')) ? ['IF NOT EXISTS'] : []),
      ...(name === null ? [] : [elementName(name)]),
      `ON ${quotedIn(schema, table)}`,
      ...(using === null ? [] : [`USING ${quoted(using)}`]),
      `(${columns.items.map((column) => keySql(column, classes)).join(', ')})`,
      ...(given(include) ? [`INCLUDE (${columnsOf(include)})`] : []),
      ...(flag(args.get('postgresql_nulls_not_distinct')) ? ['NULLS NOT DISTINCT'] : []),
      ...(given(options) ? [`WITH (${optionsSql(options)})`] : []),
      ...(given(where) ? [`WHERE ${rawExpression(where)}`] : []),
    ].join(' '),
  );
};

function keySql(column: Value, classes: Value | undefined): string {
  const name = textOf(column);
  const written = name === undefined ? expression(column) : quoted(name);
  const isPlain =
    name !== undefined ||
    /^("[^"]+"|[a-z_]\w*)( (asc|desc)( nulls (first|last))?)?$/i.test(written) ||
    /^\w+\(.*\)$/.test(written);
  const sql = isPlain || /\)\s*(\w+_ops|asc|desc)\b|_ops$/i.test(written) ? written : `(${written})`;
  const operatorClass = name === undefined ? undefined : classOf(classes, name);
  return operatorClass === undefined ? sql : `${sql} ${operatorClass}`;
}

function classOf(classes: Value | undefined, column: string): string | undefined {
  if (classes?.kind !== 'dict') return undefined;
  const entry = classes.entries.find(([key]) => textOf(key) === column);
  return entry ? stringOf(entry[1], 'postgresql_ops') : undefined;
}

function optionsSql(options: Value): string {
  if (options.kind !== 'dict') throw new NotStatic('postgresql_with');
  return options.entries
    .map(([key, value]) => {
      if (value.kind !== 'constant') throw new NotStatic('postgresql_with');
      return `${stringOf(key, 'postgresql_with')} = ${String(value.value)}`;
    })
    .join(', ');
}

export const dropIndex: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['index_name', 'table_name'], batch);
  const schema = batch ? batch.schema : args.optional('schema');
  const concurrently = flag(args.get('postgresql_concurrently')) ? 'CONCURRENTLY ' : '';
  const exists = flag(args.get('if_exists')) ? 'IF EXISTS ' : '';
  return only(
    `DROP INDEX ${concurrently}${exists}${schema ? `${quoted(schema)}.` : ''}${elementName(args.string('index_name'))}`,
  );
};

const constraintName = (args: CallArguments): string => {
  const name = args.optional('constraint_name');
  return name === null ? '' : ` CONSTRAINT ${elementName(name)}`;
};

export const uniqueConstraint: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['constraint_name', 'table_name', 'columns'], batch);
  const { table, schema } = args.table();
  const nulls = flag(args.get('postgresql_nulls_not_distinct')) ? ' NULLS NOT DISTINCT' : '';
  return only(
    `ALTER TABLE ${quotedIn(schema, table)} ADD${constraintName(args)} UNIQUE${nulls} (${columnsOf(args.get('columns'))})${flag(args.get('deferrable')) ? ' DEFERRABLE' : ''}`,
  );
};

export const primaryKey: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['constraint_name', 'table_name', 'columns'], batch);
  const { table, schema } = args.table();
  return only(
    `ALTER TABLE ${quotedIn(schema, table)} ADD${constraintName(args)} PRIMARY KEY (${columnsOf(args.get('columns'))})`,
  );
};

export const checkConstraint: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['constraint_name', 'table_name', 'condition'], batch);
  const { table, schema } = args.table();
  const condition = args.get('condition');
  if (!condition) throw new NotStatic('condition');
  const notValid = flag(args.get('postgresql_not_valid')) ? ' NOT VALID' : '';
  return only(
    `ALTER TABLE ${quotedIn(schema, table)} ADD${constraintName(args)} CHECK (${rawExpression(condition)})${notValid}`,
  );
};

export const excludeConstraint: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['constraint_name', 'table_name'], batch);
  const { table, schema } = args.table();
  const elements = call.args.slice(batch ? 1 : 2);
  return only(
    `ALTER TABLE ${quotedIn(schema, table)} ADD${constraintName(args)} ${excludeSql({ ...call, args: elements })}`,
  );
};

/** Alembic cannot drop a constraint without its name: the migration fails at this call. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly table: string;

  constructor(table: string) {
    super('a constraint without a name');
    this.table = table;
  }
}

export const dropConstraint: Renderer = (call, batch) => {
  const args = new CallArguments(call, ['constraint_name', 'table_name', 'type_'], batch);
  const { table, schema } = args.table();
  const exists = flag(args.get('if_exists')) ? 'IF EXISTS ' : '';
  const name = args.optional('constraint_name');
  if (name === null) throw new Refused(withSchema(schema, table));
  return only(`ALTER TABLE ${quotedIn(schema, table)} DROP CONSTRAINT ${exists}${elementName(name)}`);
};
