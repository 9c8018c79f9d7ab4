import { pathOf, textOf, type Value } from '../python/values.js';
import {
  elementName,
  expression,
  flag,
  isNone,
  lastName,
  NotStatic,
  optionalString,
  quoted,
  quotedIn,
  quotedText,
  rawExpression,
  stringOf,
  stringsOf,
  UnknownType,
} from './sql-text.js';
import { createEnum, sqlType, type SqlType } from './types.js';

type Call = Extract<Value, { kind: 'call' }>;

/** A column of SQLAlchemy. */
export interface Column {
  readonly name: string;
  readonly type: SqlType;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly autoincrement: boolean | 'auto';
  /** ` DEFAULT …`, or ` GENERATED …`. */
  readonly defaultSql: string;
  readonly hasDefault: boolean;
  readonly index: boolean;
  readonly unique: boolean;
  readonly foreignKeys: readonly Call[];
  /** SQL of CHECK constraints in the column. */
  readonly checks: readonly string[];
  readonly comment: string | null;
}

const isCall = (value: Value | undefined, name: string): value is Call =>
  value?.kind === 'call' && value.callee.kind === 'name' && lastName(value.callee.path) === name;

export const isColumn = (value: Value): value is Call => isCall(value, 'Column') || isCall(value, 'mapped_column');

/** @throws {NotStatic} */
export function columnOf(call: Call): Column {
  const name = stringOf(call.args[0] ?? call.named.get('name'), 'Column');
  const rest = call.args.slice(1);
  const foreignKeys = rest.filter((value): value is Call => isCall(value, 'ForeignKey'));
  const typeValue = call.named.get('type_') ?? rest.find((value) => isType(value));
  const type: SqlType = typeValue ? sqlType(typeValue) : missingType(foreignKeys);
  const primaryKey = flag(call.named.get('primary_key'));
  const identity = rest.find((value) => isCall(value, 'Identity'));
  const computed = rest.find((value): value is Call => isCall(value, 'Computed'));
  const byDefault = call.named.get('server_default');
  const auto = call.named.get('autoincrement');
  return {
    name,
    type,
    nullable: flag(call.named.get('nullable'), !primaryKey && !identity),
    primaryKey,
    autoincrement: auto === undefined || textOf(auto) === 'auto' ? 'auto' : flag(auto),
    ...defaultOf(byDefault, identity, computed),
    index: flag(call.named.get('index')),
    unique: flag(call.named.get('unique')),
    foreignKeys,
    checks: rest.filter((value): value is Call => isCall(value, 'CheckConstraint')).map(checkSql),
    comment: optionalString(call.named.get('comment'), 'comment'),
  };
}

const NO_TYPE = new Set(['ForeignKey', 'CheckConstraint', 'Identity', 'Computed', 'Sequence', 'FetchedValue']);

const isType = (value: Value): boolean =>
  value.kind === 'name' || (value.kind === 'call' && !NO_TYPE.has(lastName(pathOf(value.callee))));

function missingType(foreignKeys: readonly Call[]): SqlType {
  throw new UnknownType(foreignKeys.length > 0 ? 'type of a foreign key' : 'type');
}

function defaultOf(byDefault: Value | undefined, identity: Value | undefined, computed: Call | undefined) {
  const identityCall = identity ?? (isCall(byDefault, 'Identity') ? byDefault : undefined);
  if (identityCall?.kind === 'call') {
    const always = flag(identityCall.named.get('always'));
    const start = identityCall.named.get('start') ?? identityCall.args[0];
    const options = start?.kind === 'constant' && typeof start.value === 'number' ? ` (START WITH ${start.value})` : '';
    return { defaultSql: ` GENERATED ${always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${options}`, hasDefault: true };
  }
  const computedCall = computed ?? (isCall(byDefault, 'Computed') ? byDefault : undefined);
  if (computedCall) {
    return { defaultSql: ` GENERATED ALWAYS AS (${rawExpression(computedCall.args[0]!)}) STORED`, hasDefault: true };
  }
  if (byDefault === undefined || isNone(byDefault)) return { defaultSql: '', hasDefault: false };
  return { defaultSql: ` DEFAULT ${expression(byDefault)}`, hasDefault: true };
}

const checkSql = (call: Call): string => {
  const name = optionalString(call.named.get('name'), 'name');
  const sql = rawExpression(call.args[0] ?? call.named.get('sqltext') ?? call);
  return `${named(name)}CHECK (${sql})`;
};

const named = (name: string | null): string => (name === null ? '' : `CONSTRAINT ${elementName(name)} `);

/** @param serial the column is the table's automatic primary key */
export function columnSql(column: Column, serial: boolean): string {
  const type = serial && column.type.integer ? column.type.integer.toUpperCase() : column.type.sql;
  const notNull = column.nullable ? '' : ' NOT NULL';
  const checks = column.checks.map((check) => ` ${check}`).join('');
  return `${quoted(column.name)} ${type}${column.defaultSql}${notNull}${checks}`;
}

/** @throws {NotStatic} */
export function foreignKeySql(call: Call, columns: readonly string[], remote: readonly string[]): string {
  const targets = remote.map((target) => {
    const parts = target.split('.');
    return { table: parts.slice(0, -1), column: parts.at(-1) ?? '' };
  });
  const table = (targets[0]?.table ?? []).map(quoted).join('.');
  return [
    `${named(optionalString(call.named.get('name'), 'name'))}FOREIGN KEY (${columns.map(quoted).join(', ')})`,
    `REFERENCES ${table} (${targets.map(({ column }) => quoted(column)).join(', ')})`,
    ...foreignKeyOptions(call),
  ].join(' ');
}

/** MATCH, ON DELETE, ON UPDATE, DEFERRABLE and INITIALLY, NOT VALID. */
export function foreignKeyOptions({ named: options }: Call): readonly string[] {
  const word = (name: string): string | null => optionalString(options.get(name), name);
  const action = (clause: string, value: string | null): string[] => {
    if (value === null) return [];
    if (!/^[a-z ()_,"]+$/i.test(value)) throw new NotStatic(clause);
    return [`${clause} ${value}`];
  };
  return [
    ...action('MATCH', word('match')),
    ...action('ON DELETE', word('ondelete')),
    ...action('ON UPDATE', word('onupdate')),
    ...(flag(options.get('deferrable')) ? ['DEFERRABLE'] : []),
    ...action('INITIALLY', word('initially')),
    ...(flag(options.get('postgresql_not_valid')) ? ['NOT VALID'] : []),
  ];
}

/** A constraint of a table as SQL. @throws {NotStatic} for one that is not known */
export function tableConstraintSql(value: Value): string {
  if (value.kind !== 'call') throw new NotStatic('constraint');
  const name = named(optionalString(value.named.get('name'), 'name'));
  const columns = (): string => {
    const list = value.args.length === 1 && value.args[0]?.kind === 'list' ? value.args[0].items : value.args;
    return list.map((column) => quoted(stringOf(column, 'columns'))).join(', ');
  };
  switch (lastName(pathOf(value.callee))) {
    case 'PrimaryKeyConstraint':
      return `${name}PRIMARY KEY (${columns()})`;
    case 'UniqueConstraint': {
      const nulls = flag(value.named.get('postgresql_nulls_not_distinct')) ? ' NULLS NOT DISTINCT' : '';
      return `${name}UNIQUE${nulls} (${columns()})${flag(value.named.get('deferrable')) ? ' DEFERRABLE' : ''}`;
    }
    case 'CheckConstraint':
      return checkSql(value);
    case 'ForeignKeyConstraint':
      return foreignKeySql(
        value,
        stringsOf(value.args[0] ?? value.named.get('columns'), 'columns'),
        stringsOf(value.args[1] ?? value.named.get('refcolumns'), 'refcolumns'),
      );
    case 'ExcludeConstraint':
      return `${name}${excludeSql(value)}`;
    default:
      throw new NotStatic(pathOf(value.callee));
  }
}

/** `('column', '&&'), using='gist'` */
export function excludeSql({ args, named: options }: Call): string {
  const elements = args.map((pair) => {
    if (pair.kind !== 'list') throw new NotStatic('ExcludeConstraint');
    const [element, operator] = pair.items;
    const text = textOf(element);
    const sql = text === undefined ? expression(element!) : /^\w+$/.test(text) ? quoted(text) : text;
    return `${sql} WITH ${stringOf(operator, 'operator')}`;
  });
  const where = options.get('where');
  const using = optionalString(options.get('using'), 'using') ?? 'gist';
  return `EXCLUDE USING ${quoted(using)} (${elements.join(', ')})${where && !isNone(where) ? ` WHERE (${rawExpression(where)})` : ''}`;
}

/** The enumerations that are created together with a table, each once. */
export const enumerationsOf = (columns: readonly Column[]): readonly string[] => [
  ...new Set(
    columns.flatMap(({ type: { enumeration } }) => (enumeration?.createdWithTable ? [createEnum(enumeration)] : [])),
  ),
];

export const commentSql = (schema: string | null, table: string, { name, comment }: Column): readonly string[] =>
  comment === null ? [] : [`COMMENT ON COLUMN ${quotedIn(schema, table)}.${quoted(name)} IS ${quotedText(comment)}`];
