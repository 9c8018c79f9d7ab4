import { PgvtuneError } from '../../errors.js';
import type { Condition, Draw, Filter } from '../../filter.js';
import { columnOf, kindOf } from '../../columns.js';
import { type JsonPath, jsonPathOf } from '../../json-path.js';
import { WHOLE_BITS } from './cast-text.js';
import { type Column, type ColumnType, instantOf, sqlTypeOf, stepMs } from './columns.js';
import { conditionsOf, isDrawn } from './conditions.js';

type Operator = Condition['op'];

const ORDER: readonly Operator[] = ['<', '<=', '>', '>=', 'between'];
const EQUALITY: readonly Operator[] = ['=', '<>', 'in'];

/** What can be asked of a column. */
const OPERATORS: Readonly<Record<ColumnType, readonly Operator[]>> = {
  number: [...EQUALITY, ...ORDER, 'is_null'],
  text: [...EQUALITY, ...ORDER, 'is_null'],
  boolean: [...EQUALITY, 'is_null'],
  date: [...EQUALITY, ...ORDER, 'window', 'is_null'],
  'text[]': ['contains', 'is_null'],
  json: ['contains', 'is_null'],
};

/** What a query's own value can be drawn for, and what values with a selectivity can be. */
const KEYS: readonly Operator[] = ['=', 'in', 'contains'];
const RANGES: readonly Operator[] = ['<=', '>=', 'between', 'window'];

/**
 * Refuses a filter that does not fit the columns, before anything is read or built for it.
 *
 * @throws {PgvtuneError} `usage`: a column that is not there, an operator that its type does not have, a value of
 *   another type, or a value that cannot be drawn so
 */
export function checkFilter(filter: Filter, columns: readonly Column[]): void {
  for (const condition of conditionsOf(filter)) checkCondition(condition, columnNamed(columns, condition.column));
}

/**
 * A column by its name; by a path into one of JSON, what is there, as a column of that name.
 *
 * @throws {PgvtuneError} `usage` when there is none of that name, or it has no members
 */
export function columnNamed(columns: readonly Column[], name: string): Column {
  const path = jsonPathOf(name);
  if (path) return memberColumn(columnNamed(columns, path.column), name, path);
  const column = columns.find((candidate) => candidate.name === name);
  if (column) return column;
  const known = columns.map((candidate) => candidate.name).join(', ');
  throw new PgvtuneError('usage', `Expected a column of the dataset in the filter, got "${name}".`, {
    hint: looksLikePath(name)
      ? PATHS
      : known === ''
        ? 'The dataset has no columns beside its vectors.'
        : `Its columns are ${known}.`,
  });
}

const looksLikePath = (name: string): boolean => /->|#>|::/.test(name);
const PATHS =
  "Write a member of JSON as metadata->>'tenant' or metadata->'author'->>'name', and cast it as (metadata->>'year')::int: to integers, numeric, real, double precision or boolean. A cast to a date depends on the session (DateStyle, TimeZone), so that no index can hold it.";

function memberColumn(column: Column, name: string, { cast }: JsonPath): Column {
  if (column.type === 'json') return cast === null ? { name, type: 'text' } : columnOf(name, kindOf(cast), cast);
  throw new PgvtuneError(
    'usage',
    `The column ${column.name} holds ${typeText(column)}, which has no member for ${name}.`,
    {
      hint: 'A path leads into a column of JSON.',
    },
  );
}

function checkCondition(condition: Condition, column: Column): void {
  const { name, type } = column;
  const allowed = isEqualityOnly(column) ? [...EQUALITY, 'is_null' as const] : OPERATORS[type];
  if (!allowed.includes(condition.op)) {
    throw new PgvtuneError(
      'usage',
      `The column ${name} holds ${typeText(column)}, which "${condition.op}" cannot be asked of.`,
      {
        hint: `Use one of ${allowed.join(', ')}.`,
      },
    );
  }
  if (condition.op === 'is_null') return;
  if (isDrawn(condition.value)) return checkDraw(condition, condition.value.draw, column);
  if (type === 'json') return;
  const values = Array.isArray(condition.value) ? condition.value : [condition.value];
  const isList = condition.op === 'contains';
  const misfit = isList && !Array.isArray(condition.value) ? condition.value : values.find((v) => !fits(column, v));
  if (misfit === undefined) return;
  throw new PgvtuneError(
    'usage',
    `Expected ${expectedText(column)} for the column ${name}, got ${JSON.stringify(misfit)}.`,
    {
      hint:
        type === 'text' && typeof misfit !== 'string'
          ? 'Put the value in quotes.'
          : `The column holds ${typeText(column)}.`,
    },
  );
}

/** Enums have an order of their own, an order of uuids means nothing, and that of a path's texts is the database's. */
const isEqualityOnly = (column: Column): boolean => {
  const type = sqlTypeOf(column);
  return type === 'uuid' || typeof type === 'object' || jsonPathOf(column.name)?.cast === null;
};

function typeText(column: Column): string {
  const type = sqlTypeOf(column);
  if (typeof type !== 'object') return column.sqlType === undefined ? column.type : type;
  return `one of ${type.labels.map((label) => JSON.stringify(label)).join(', ')}`;
}

function expectedText(column: Column): string {
  const type = sqlTypeOf(column);
  if (typeof type === 'object') return typeText(column);
  if (type === 'text[]') return 'a list of texts';
  if (type === 'date') return 'a date without a time (ISO 8601)';
  if (type in WHOLE_BITS) return `a whole number that ${type} can hold`;
  if (type === 'uuid') return 'a uuid in lower case';
  return column.type === 'date' ? 'an ISO 8601 date' : `a ${column.type}`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a value is one that the column can hold: others PostgreSQL would refuse, or round. */
function fits(column: Column, value: unknown): boolean {
  const type = sqlTypeOf(column);
  if (typeof type === 'object') return typeof value === 'string' && type.labels.includes(value);
  if (type === 'uuid') return typeof value === 'string' && UUID.test(value);
  switch (column.type) {
    case 'number': {
      const bits = WHOLE_BITS[type];
      if (typeof value !== 'number' || bits === undefined) return typeof value === 'number';
      return Number.isSafeInteger(value) && value >= -(2 ** bits) && value < 2 ** bits;
    }
    case 'boolean':
      return typeof value === 'boolean';
    case 'date': {
      const instant = typeof value === 'string' ? instantOf(value) : Number.NaN;
      return Number.isFinite(instant) && instant % stepMs(column) === 0;
    }
    case 'text':
    case 'text[]':
    case 'json':
      return typeof value === 'string' && !value.includes('\0');
  }
}

function checkDraw({ op }: Condition, draw: Draw, column: Column): void {
  const { name, type } = column;
  const isRange = RANGES.includes(op) && (type === 'number' || type === 'date');
  const how = howDrawn(draw);
  const isPossible = {
    own: KEYS.includes(op) || op === '<>',
    selectivity: KEYS.includes(op) || isRange,
    rows:
      (op === '=' && !NO_OTHER_VALUE.includes(type) && typeof sqlTypeOf(column) !== 'object') ||
      (op === 'in' && column.key === true),
    days: op === 'window',
  }[how];
  if (isPossible) return;
  throw new PgvtuneError(
    'usage',
    `A query's value for "${op}" on ${name} (${type}) cannot be drawn ${HOW[how].text}.`,
    {
      hint: HOW[how].hint,
    },
  );
}

type HowDrawn = 'own' | 'selectivity' | 'rows' | 'days';

function howDrawn(draw: Draw): HowDrawn {
  if (draw === 'own') return 'own';
  if ('rows' in draw) return 'rows';
  return 'days' in draw ? 'days' : 'selectivity';
}

const HOW: Readonly<Record<HowDrawn, { readonly text: string; readonly hint: string }>> = {
  own: { text: 'as its own', hint: 'Draw own values for =, <>, in and contains; ranges by a selectivity.' },
  selectivity: {
    text: 'by a selectivity',
    hint: 'Draw by selectivity for =, in and contains, and for <=, >=, between and window on numbers and dates.',
  },
  rows: {
    text: 'by a number of rows',
    hint: 'Draw by a number of rows for = on texts, numbers and dates, and for in on the primary key.',
  },
  days: { text: 'by days', hint: 'Draw by days for window.' },
};

/** Kinds of values of which there are no others than those of the rows, or too many to say so. */
const NO_OTHER_VALUE: readonly ColumnType[] = ['boolean', 'text[]', 'json'];
