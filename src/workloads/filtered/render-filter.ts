import type { Condition, Filter } from '../../filter.js';
import { literal } from '../../identifiers.js';
import { arrayText, type Column, isBareConstant, valueText } from './columns.js';
import { columnNamed } from './check-filter.js';
import { isDrawn } from './conditions.js';

/**
 * Writes a constant: as a parameter, or as text. It gets no type of its own: PostgreSQL gives it that of the column that it
 * is compared with, and so the condition fits the reader's column whatever its type is, can be served by an index on it,
 * and may be the predicate of one (a comparison of two types need not be immutable).
 */
type WriteConstant = (text: string, isBare: boolean) => string;

export interface RenderOptions {
  readonly columns: readonly Column[];
  /** A column's name in the statement, quoted: `"status"`, or `d."status"` in a join. */
  readonly columnSql: (name: string) => string;
}

/** A filter in SQL, with its constants as bound parameters. */
export interface ParameterisedFilter {
  /** A boolean expression with `$first`, `$first+1` … It does not depend on the constants, not even on their number. */
  readonly text: string;
  /** The constants as PostgreSQL's text, in the order of the parameters. */
  readonly values: readonly string[];
}

/**
 * @param filter with nothing left to be drawn
 * @param options.first number of the first parameter
 */
export function parameterisedFilter(
  filter: Filter,
  { first, ...options }: RenderOptions & { readonly first: number },
): ParameterisedFilter {
  const values: string[] = [];
  const text = render(filter, options, (value) => `$${first + values.push(value) - 1}`);
  return { text, values };
}

/**
 * A filter in SQL with its constants in the text: for the predicate of a partial index, whose query the planner must be
 * able to compare with it, and for reports.
 */
export const literalFilter = (filter: Filter, options: RenderOptions): string => render(filter, options, writeLiteral);

const writeLiteral: WriteConstant = (text, isBare) => (isBare ? text : literal(text));

/** Among constants, null is that of JSON: nothing is compared with SQL's. */
const constantText = (column: Column, value: unknown): string => valueText(column, value) ?? 'null';

/** A constant of a column in SQL. */
export const literalConstant = (column: Column, value: unknown): string =>
  writeLiteral(constantText(column, value), isBareConstant(column));

/** A filter as people read it: `status = 'Final' AND year >= 2020`. */
export const describeFilter = (filter: Filter, columns: readonly Column[]): string =>
  render(filter, { columns, columnSql: (name) => name }, (text, isBare) =>
    isBare || text === 'true' || text === 'false' ? text : literal(text),
  );

function render(filter: Filter, options: RenderOptions, constant: WriteConstant): string {
  const join = (parts: readonly Filter[], word: string): string =>
    parts
      .map((part) => ('op' in part ? render(part, options, constant) : `(${render(part, options, constant)})`))
      .join(word);
  if ('and' in filter) return filter.and.length === 0 ? 'true' : join(filter.and, ' AND ');
  if ('or' in filter) return join(filter.or, ' OR ');
  if ('not' in filter) return `NOT (${render(filter.not, options, constant)})`;
  return renderCondition(filter, options, constant);
}

function renderCondition(condition: Condition, options: RenderOptions, constant: WriteConstant): string {
  const named = columnNamed(options.columns, condition.column);
  const column = options.columnSql(condition.column);
  if (condition.op === 'is_null') return `${column} IS NULL`;
  const { value } = condition;
  if (isDrawn(value)) throw new TypeError(`The value of ${condition.column} has not been drawn yet.`);
  const one = (item: unknown): string => constant(constantText(named, item), isBareConstant(named));
  switch (condition.op) {
    case 'in': {
      const texts = (value as readonly unknown[]).map((item) => valueText(named, item));
      return `${column} = ANY (${constant(arrayText(texts), false)})`;
    }
    case 'between': {
      const [low, high] = value as readonly [unknown, unknown];
      return `${column} BETWEEN ${one(low)} AND ${one(high)}`;
    }
    case 'window': {
      const [from, to] = value as readonly [unknown, unknown];
      return `(${column} >= ${one(from)} AND ${column} < ${one(to)})`;
    }
    case 'contains':
      return `${column} @> ${one(value)}`;
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return `${column} ${condition.op} ${one(value)}`;
  }
}
