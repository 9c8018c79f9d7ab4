import type { Condition, Drawn, Filter, Scalar } from '../../filter.js';
import { storedColumn } from '../../json-path.js';

/** Every condition of a filter, from left to right. */
export function conditionsOf(filter: Filter): readonly Condition[] {
  if ('and' in filter) return filter.and.flatMap(conditionsOf);
  if ('or' in filter) return filter.or.flatMap(conditionsOf);
  if ('not' in filter) return conditionsOf(filter.not);
  return [filter];
}

/** The filter with its conditions replaced, from left to right. */
export function mapConditions(filter: Filter, change: (condition: Condition) => Condition): Filter {
  if ('and' in filter) return { and: filter.and.map((part) => mapConditions(part, change)) };
  if ('or' in filter) return { or: filter.or.map((part) => mapConditions(part, change)) };
  if ('not' in filter) return { not: mapConditions(filter.not, change) };
  return change(filter);
}

/** Conditions that must all hold: those of a top-level `and`, or the filter itself. */
export const conjunctsOf = (filter: Filter): readonly Filter[] =>
  'and' in filter ? filter.and.flatMap(conjunctsOf) : [filter];

/** What a filter looks at, each once: columns, and paths into columns of JSON. */
export const namesOf = (filter: Filter): readonly string[] => [
  ...new Set(conditionsOf(filter).map(({ column }) => column)),
];

/** The columns that a filter looks at, each once. */
export const columnsOf = (filter: Filter): readonly string[] => [...new Set(namesOf(filter).map(storedColumn))];

/** What a condition compares with, once nothing in it is drawn. */
export type Constant = Scalar | readonly Scalar[] | object | null;

export const isDrawn = (value: unknown): value is Drawn =>
  typeof value === 'object' && value !== null && 'draw' in value && Object.keys(value).length === 1;

/** The conditions whose value is drawn, from left to right. */
export const drawnConditions = (filter: Filter) =>
  conditionsOf(filter).flatMap((condition) =>
    'value' in condition && isDrawn(condition.value)
      ? [{ column: condition.column, op: condition.op, draw: condition.value.draw }]
      : [],
  );

/** The filter with the constants drawn for one query, in the order of {@link drawnConditions}. */
export function bind(filter: Filter, drawn: readonly Constant[]): Filter {
  const values = [...drawn];
  return mapConditions(filter, (condition) =>
    'value' in condition && isDrawn(condition.value)
      ? ({ ...condition, value: values.shift() } as Condition)
      : condition,
  );
}
