import type { Condition, Filter } from '../../filter.js';
import { columnNamed } from './check-filter.js';
import { type Attributes, type Column, comparable, compare, valueReader } from './columns.js';
import { isDrawn } from './conditions.js';
import { jsonContains } from './json-contains.js';

/** SQL's truth values; null is unknown. */
export type Truth = boolean | null;

/**
 * What a filter says of a row, in SQL's three-valued logic: a comparison with a missing value is unknown, and only what
 * is true is returned by a query.
 *
 * @param filter with nothing left to be drawn
 * @returns a function of {@link comparableRow}
 */
export function filterPredicate(filter: Filter, columns: readonly Column[]): (row: Attributes) => Truth {
  if ('and' in filter) return all(filter.and.map((part) => filterPredicate(part, columns)));
  if ('or' in filter) {
    const none = all(filter.or.map((part) => negation(filterPredicate(part, columns))));
    return negation(none);
  }
  if ('not' in filter) return negation(filterPredicate(filter.not, columns));
  return conditionPredicate(filter, columnNamed(columns, filter.column));
}

/** Makes the values of some columns comparable, once for all filters that a row is put to. */
export function comparableRow(columns: readonly Column[]): (attributes: Attributes) => Attributes {
  const readers = columns.map((column) => [column, valueReader(column.name)] as const);
  return (attributes) =>
    Object.fromEntries(readers.map(([column, read]) => [column.name, comparable(column, read(attributes))] as const));
}

type Predicate = (row: Attributes) => Truth;

function all(parts: readonly Predicate[]): Predicate {
  return (row) => {
    let truth: Truth = true;
    for (const part of parts) {
      const value = part(row);
      if (value === false) return false;
      if (value === null) truth = null;
    }
    return truth;
  };
}

const negation =
  (part: Predicate): Predicate =>
  (row) => {
    const value = part(row);
    return value === null ? null : !value;
  };

function conditionPredicate(condition: Condition, column: Column): Predicate {
  const { name } = column;
  if (condition.op === 'is_null') return (row) => row[name] === null;
  if (isDrawn(condition.value)) throw new TypeError(`The value of ${name} has not been drawn yet.`);
  const test = testOf(condition, (value) => comparable(column, value), column.type === 'json');
  return (row) => {
    const value = row[name];
    return value === null ? null : test(value);
  };
}

function testOf(
  { op, value }: Exclude<Condition, { op: 'is_null' }>,
  toComparable: (value: unknown) => unknown,
  isJson: boolean,
): (value: unknown) => boolean {
  const one = toComparable(value);
  const list = Array.isArray(value) ? value.map(toComparable) : [];
  switch (op) {
    case '=':
      return (x) => x === one;
    case '<>':
      return (x) => x !== one;
    case '<':
      return (x) => compare(x, one) < 0;
    case '<=':
      return (x) => compare(x, one) <= 0;
    case '>':
      return (x) => compare(x, one) > 0;
    case '>=':
      return (x) => compare(x, one) >= 0;
    case 'in': {
      const wanted = new Set(list);
      return (x) => wanted.has(x);
    }
    case 'between':
      return (x) => compare(x, list[0]) >= 0 && compare(x, list[1]) <= 0;
    case 'window':
      return (x) => compare(x, list[0]) >= 0 && compare(x, list[1]) < 0;
    case 'contains':
      return isJson
        ? (x) => jsonContains(x, value)
        : (x) => list.every((item) => (x as readonly unknown[]).includes(item));
  }
}
