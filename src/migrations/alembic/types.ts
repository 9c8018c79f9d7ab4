import { type Value, pathOf } from '../python/values.js';
import {
  flag,
  isNone,
  lastName,
  NotStatic,
  quotedIn,
  quotedText,
  optionalString,
  stringOf,
  stringsOf,
  UnknownType,
} from './sql-text.js';

/** A type of SQLAlchemy as PostgreSQL's dialect writes it. */
export interface SqlType {
  readonly sql: string;
  /** Whether a sole primary key of this type becomes a serial column. */
  readonly integer: 'smallserial' | 'serial' | 'bigserial' | null;
  /** A named enumeration, which is a type of its own. */
  readonly enumeration: Enumeration | null;
  /** The name of a class whose definition lies elsewhere, and that was taken for another. */
  readonly assumed: string | null;
  /** SQLAlchemy adds `CHECK (column IN (…))` with this name; only when asked for. */
  readonly check?: { readonly name: string | null; readonly values: readonly string[] };
}

export interface Enumeration {
  readonly name: string;
  readonly schema: string | null;
  readonly values: readonly string[];
  /** False where the migration creates the type by itself (`create_type=False`). */
  readonly createdWithTable: boolean;
}

const plain = (sql: string, integer: SqlType['integer'] = null): SqlType => ({
  sql,
  integer,
  enumeration: null,
  assumed: null,
});

type Call = Extract<Value, { kind: 'call' }>;
type Maker = (call: Call) => SqlType;

const argument = (call: Call, position: number, name: string): Value | undefined =>
  call.named.get(name) ?? call.args[position];

function numberText(value: Value | undefined): string | null {
  if (value === undefined || isNone(value)) return null;
  if (value.kind === 'constant' && typeof value.value === 'number') return String(value.value);
  throw new NotStatic('number');
}

const sized =
  (name: string): Maker =>
  (call) => {
    const length = numberText(argument(call, 0, 'length'));
    return plain(length === null ? name : `${name}(${length})`);
  };

const timed =
  (name: string): Maker =>
  (call) => {
    const precision = numberText(call.named.get('precision'));
    const zone = flag(argument(call, 0, 'timezone')) ? 'WITH TIME ZONE' : 'WITHOUT TIME ZONE';
    return plain(`${name}${precision === null ? '' : `(${precision})`} ${zone}`);
  };

const exact: Maker = (call) => {
  const [precision, scale] = [numberText(argument(call, 0, 'precision')), numberText(argument(call, 1, 'scale'))];
  if (precision === null) return plain('NUMERIC');
  return plain(scale === null ? `NUMERIC(${precision})` : `NUMERIC(${precision}, ${scale})`);
};

const vectorOf =
  (name: string): Maker =>
  (call) => {
    const dimensions = numberText(argument(call, 0, 'dim') ?? call.named.get('dimensions'));
    return plain(dimensions === null ? name : `${name}(${dimensions})`);
  };

const always =
  (sql: string, integer: SqlType['integer'] = null): Maker =>
  () =>
    plain(sql, integer);

const TYPES: Readonly<Record<string, Maker>> = {
  String: sized('VARCHAR'),
  Unicode: sized('VARCHAR'),
  VARCHAR: sized('VARCHAR'),
  NVARCHAR: sized('VARCHAR'),
  AutoString: sized('VARCHAR'),
  CHAR: sized('CHAR'),
  Text: always('TEXT'),
  TEXT: always('TEXT'),
  UnicodeText: always('TEXT'),
  CLOB: always('TEXT'),
  CITEXT: always('CITEXT'),
  Integer: always('INTEGER', 'serial'),
  INTEGER: always('INTEGER', 'serial'),
  INT: always('INTEGER', 'serial'),
  BigInteger: always('BIGINT', 'bigserial'),
  BIGINT: always('BIGINT', 'bigserial'),
  SmallInteger: always('SMALLINT', 'smallserial'),
  SMALLINT: always('SMALLINT', 'smallserial'),
  Boolean: always('BOOLEAN'),
  BOOLEAN: always('BOOLEAN'),
  Float: (call) => {
    const precision = numberText(argument(call, 0, 'precision'));
    return plain(precision === null ? 'FLOAT' : `FLOAT(${precision})`);
  },
  FLOAT: always('FLOAT'),
  REAL: always('REAL'),
  Double: always('DOUBLE PRECISION'),
  DOUBLE: always('DOUBLE PRECISION'),
  DOUBLE_PRECISION: always('DOUBLE PRECISION'),
  Numeric: exact,
  NUMERIC: exact,
  DECIMAL: exact,
  DateTime: timed('TIMESTAMP'),
  DATETIME: timed('TIMESTAMP'),
  TIMESTAMP: timed('TIMESTAMP'),
  Time: timed('TIME'),
  TIME: timed('TIME'),
  Date: always('DATE'),
  DATE: always('DATE'),
  Interval: always('INTERVAL'),
  INTERVAL: always('INTERVAL'),
  LargeBinary: always('BYTEA'),
  BINARY: always('BYTEA'),
  VARBINARY: always('BYTEA'),
  PickleType: always('BYTEA'),
  BLOB: always('BYTEA'),
  BYTEA: always('BYTEA'),
  JSON: always('JSON'),
  JSONB: always('JSONB'),
  UUID: always('UUID'),
  Uuid: always('UUID'),
  TSVECTOR: always('TSVECTOR'),
  TSQUERY: always('TSQUERY'),
  INET: always('INET'),
  CIDR: always('CIDR'),
  MACADDR: always('MACADDR'),
  MONEY: always('MONEY'),
  OID: always('OID'),
  HSTORE: always('HSTORE'),
  XML: always('XML'),
  BIT: (call) => {
    const [length, varying] = [numberText(argument(call, 0, 'length')), flag(argument(call, 1, 'varying'))];
    return plain(`BIT${varying ? ' VARYING' : ''}${length === null ? '' : `(${length})`}`);
  },
  INT4RANGE: always('INT4RANGE'),
  INT8RANGE: always('INT8RANGE'),
  NUMRANGE: always('NUMRANGE'),
  DATERANGE: always('DATERANGE'),
  TSRANGE: always('TSRANGE'),
  TSTZRANGE: always('TSTZRANGE'),
  LtreeType: always('LTREE'),
  Vector: vectorOf('VECTOR'),
  VECTOR: vectorOf('VECTOR'),
  HALFVEC: vectorOf('HALFVEC'),
  SPARSEVEC: vectorOf('SPARSEVEC'),
  ARRAY: (call) => {
    const item = argument(call, 0, 'item_type');
    if (!item) throw new NotStatic('ARRAY');
    const inner = sqlType(item);
    const dimensions = Number(numberText(call.named.get('dimensions')) ?? 1);
    return { ...inner, sql: `${inner.sql}${'[]'.repeat(dimensions)}`, integer: null };
  },
  Enum: enumeration,
  ENUM: enumeration,
};

/** Types whose definition lies in the application: what their name says is taken for what they are. */
const ASSUMED: readonly (readonly [RegExp, string])[] = [
  [/^(GUID|.*U[Uu][Ii][Dd].*)$/, 'UUID'],
  [/ts_?vector/i, 'TSVECTOR'],
  [/jsonb/i, 'JSONB'],
  [/json/i, 'JSON'],
  [/(date_?time|timestamp)/i, 'TIMESTAMP WITH TIME ZONE'],
  [/(binary|bytes|blob|encrypted)/i, 'BYTEA'],
  [/(long|medium).*text/i, 'TEXT'],
  [/(enum|string|email|url|password|choice)/i, 'VARCHAR'],
  [/text/i, 'TEXT'],
  [/bigint/i, 'BIGINT'],
  [/int/i, 'INTEGER'],
  [/bool/i, 'BOOLEAN'],
];

/** @throws {NotStatic} for a type that is not known */
export function sqlType(value: Value): SqlType {
  if (value.kind === 'name')
    return sqlType({ kind: 'call', callee: value, args: [], named: new Map(), line: 0, isStatement: true });
  if (value.kind !== 'call') throw new UnknownType('type');
  const path = pathOf(value.callee);
  const name = lastName(path);
  if (value.callee.kind === 'attribute') {
    if (name === 'with_variant') return variant(value, value.callee.of);
    if (name === 'evaluates_none' || name === 'as_mutable') return sqlType(value.callee.of);
    throw new NotStatic(name);
  }
  if (name === 'as_mutable' && value.args[0]) return sqlType(value.args[0]);
  const maker = TYPES[name];
  if (maker) return maker(value);
  const taken = ASSUMED.find(([pattern]) => pattern.test(name));
  if (!taken) {
    // Whatever it is, a column of it can be followed.
    if (!/^[A-Z]/.test(name)) throw new UnknownType(path);
    return { ...plain('TEXT'), assumed: path };
  }
  const length =
    value.args[0]?.kind === 'constant' ? numberOr(value.args[0]) : (numberOr(value.named.get('length')) ?? null);
  const sql = taken[1] === 'VARCHAR' && length !== null ? `VARCHAR(${length})` : taken[1];
  return { ...plain(sql), assumed: path };
}

const numberOr = (value: Value | undefined): string | null =>
  value?.kind === 'constant' && typeof value.value === 'number' ? String(value.value) : null;

/** `JSON().with_variant(JSONB(), 'postgresql')`: the variant of this dialect, or else the type itself. */
function variant(call: Call, of: Value): SqlType {
  const [other, ...dialects] = call.args;
  const names = dialects.map((dialect) => stringOf(dialect, 'dialect'));
  return other && names.includes('postgresql') ? sqlType(other) : sqlType(of);
}

function enumeration(call: Call): SqlType {
  const [first] = call.args;
  if (call.args.length === 1 && first?.kind === 'name' && !flag(call.named.get('native_enum'), true)) {
    // The values are those of a class of the application: SQLAlchemy makes the column as long as the longest.
    const length = numberOr(call.named.get('length'));
    return {
      ...plain(length === null ? 'VARCHAR' : `VARCHAR(${length})`),
      assumed: length === null ? first.path : null,
    };
  }
  const values =
    call.args.length === 1 && first?.kind === 'list'
      ? stringsOf(first, 'Enum')
      : call.args.map((value) => stringOf(value, 'Enum'));
  const name = optionalString(call.named.get('name'), 'name');
  const native = flag(call.named.get('native_enum'), true);
  if (!native || name === null) {
    const longest = Math.max(1, ...values.map((value) => value.length));
    const length = numberOr(call.named.get('length')) ?? String(longest);
    const check = flag(call.named.get('create_constraint')) ? { check: { name, values } } : {};
    return { ...plain(`VARCHAR(${length})`), ...check };
  }
  const schema = optionalString(call.named.get('schema'), 'schema');
  return {
    ...plain(quotedIn(schema, name)),
    enumeration: { name, schema, values, createdWithTable: flag(call.named.get('create_type'), true) },
  };
}

/** CREATE TYPE of an enumeration. */
export const createEnum = ({ schema, name, values }: Enumeration): string =>
  `CREATE TYPE ${quotedIn(schema, name)} AS ENUM (${values.map(quotedText).join(', ')})`;
