import { PgvtuneError } from '../../errors.js';
import type { Condition, Filter } from '../../filter.js';
import { type Column, type ColumnType, instantOf } from './columns.js';
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

/** @throws {PgvtuneError} `usage` when there is none of that name */
export function columnNamed(columns: readonly Column[], name: string): Column {
  const column = columns.find((candidate) => candidate.name === name);
  if (column) return column;
  const known = columns.map((candidate) => candidate.name).join(', ');
  throw new PgvtuneError('usage', `Expected a column of the dataset in the filter, got "${name}".`, {
    hint: known === '' ? 'The dataset has no columns beside its vectors.' : `Its columns are ${known}.`,
  });
}

function checkCondition(condition: Condition, { name, type }: Column): void {
  const allowed = OPERATORS[type];
  if (!allowed.includes(condition.op)) {
    throw new PgvtuneError('usage', `The column ${name} holds ${type}, which "${condition.op}" cannot be asked of.`, {
      hint: `Use one of ${allowed.join(', ')}.`,
    });
  }
  if (condition.op === 'is_null') return;
  if (isDrawn(condition.value)) return checkDraw(condition, condition.value.draw === 'own', { name, type });
  if (type === 'json') return;
  const values = Array.isArray(condition.value) ? condition.value : [condition.value];
  const isList = condition.op === 'contains';
  const misfit = isList && !Array.isArray(condition.value) ? condition.value : values.find((v) => !fits(type, v));
  if (misfit === undefined) return;
  const expected = type === 'text[]' ? 'a list of texts' : type === 'date' ? 'an ISO 8601 date' : `a ${type}`;
  throw new PgvtuneError('usage', `Expected ${expected} for the column ${name}, got ${JSON.stringify(misfit)}.`, {
    hint: type === 'text' ? 'Put the value in quotes.' : `The column holds ${type}.`,
  });
}

function fits(type: ColumnType, value: unknown): boolean {
  switch (type) {
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'date':
      return typeof value === 'string' && !Number.isNaN(instantOf(value));
    case 'text':
    case 'text[]':
    case 'json':
      return typeof value === 'string' && !value.includes('\0');
  }
}

function checkDraw({ op }: Condition, isOwn: boolean, { name, type }: Column): void {
  const isRange = RANGES.includes(op) && (type === 'number' || type === 'date');
  if (KEYS.includes(op) || (isOwn ? op === '<>' : isRange)) return;
  const how = isOwn ? 'as its own' : 'by a selectivity';
  throw new PgvtuneError('usage', `A query's value for "${op}" on ${name} (${type}) cannot be drawn ${how}.`, {
    hint: isOwn
      ? 'Draw own values for =, <>, in and contains; ranges by a selectivity.'
      : 'Draw by selectivity for =, in and contains, and for <=, >=, between and window on numbers and dates.',
  });
}
