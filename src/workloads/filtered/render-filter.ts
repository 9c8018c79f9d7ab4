import type { Condition, Filter } from '../../filter.js';
import { literal } from '../../identifiers.js';
import { arrayText, type Column, type ColumnType, sqlTypeOf, valueText } from './columns.js';
import { columnNamed } from './check-filter.js';
import { isDrawn } from './conditions.js';

/** Writes a constant: as a parameter, or as text. `sqlType` is the type that it must have. */
type WriteConstant = (text: string, sqlType: string) => string;

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
  const text = render(filter, options, (value, sqlType) => `$${first + values.push(value) - 1}::${sqlType}`);
  return { text, values };
}

/**
 * A filter in SQL with its constants in the text: for the predicate of a partial index, whose query the planner must be
 * able to compare with it, and for reports.
 */
export const literalFilter = (filter: Filter, options: RenderOptions): string =>
  render(filter, options, (value, sqlType) => `${literal(value)}::${sqlType}`);

/** Among constants, null is that of JSON: nothing is compared with SQL's. */
const constantText = (type: ColumnType, value: unknown): string => valueText(type, value) ?? 'null';

/** A constant of a column in SQL, with its type. */
export const literalConstant = (type: ColumnType, value: unknown): string =>
  `${literal(constantText(type, value))}::${sqlTypeOf(type)}`;

/** A filter as people read it: `status = 'Final' AND year >= 2020`. */
export const describeFilter = (filter: Filter, columns: readonly Column[]): string =>
  render(filter, { columns, columnSql: (name) => name }, (value, sqlType) =>
    sqlType === 'double precision' || sqlType === 'boolean' ? value : literal(value),
  );

function render(filter: Filter, options: RenderOptions, constant: WriteConstant): string {
  const join = (parts: readonly Filter[], word: string): string =>
    parts
      .map((part) => ('op' in part ? render(part, options, constant) : `(${render(part, options, constant)})`))
      .join(word);
  if ('and' in filter) return join(filter.and, ' AND ');
  if ('or' in filter) return join(filter.or, ' OR ');
  if ('not' in filter) return `NOT (${render(filter.not, options, constant)})`;
  return renderCondition(filter, options, constant);
}

function renderCondition(condition: Condition, options: RenderOptions, constant: WriteConstant): string {
  const { type } = columnNamed(options.columns, condition.column);
  const column = options.columnSql(condition.column);
  const sqlType = sqlTypeOf(type);
  if (condition.op === 'is_null') return `${column} IS NULL`;
  const { value } = condition;
  if (isDrawn(value)) throw new TypeError(`The value of ${condition.column} has not been drawn yet.`);
  const one = (item: unknown): string => constant(constantText(type, item), sqlType);
  switch (condition.op) {
    case 'in': {
      const texts = (value as readonly unknown[]).map((item) => valueText(type, item));
      return `${column} = ANY (${constant(arrayText(texts), `${sqlType}[]`)})`;
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
