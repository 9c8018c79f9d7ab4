import type { Condition, Filter } from '../../../filter.js';
import { indexKind, placedTables, queriedTable } from '../../../indexes/index.js';
import type { Placement } from '../../../vocabulary.js';
import { columnNamed } from '../check-filter.js';
import { type Column, comparable, valueOfInstant } from '../columns.js';
import { conjunctsOf } from '../conditions.js';
import { stepOf, stepsOf } from '../joins.js';
import { readsPartitions } from '../plan-rule.js';
import { literalConstant } from '../render-filter.js';
import { tunable } from '../search-settings.js';
import { selectNearest } from '../select-nearest.js';
import { MOST_INDEXES } from './partial-index.js';
import { type FilteredQuestion, type FilteredStrategy, ITEMS } from './strategy.js';
import { iterativeLimit, vectorIndexLimit } from './vector-index.js';

type Window = Extract<Condition, { op: 'window' | 'between' }>;

const isWindow = (filter: Filter): filter is Window =>
  'op' in filter && (filter.op === 'window' || filter.op === 'between');

/** The condition that tells which partitions a query needs: it must hold, whatever else must. */
const windowOf = (filter: Filter): Window | undefined => conjunctsOf(filter).find(isWindow);

const numberOf = (column: Column, value: unknown): number => Number(comparable(column, value));

/** Where partitions begin, ascending: they are as long as the windows usually are, from the first on to the end of the last. */
function boundsOf({ matching, columns }: FilteredQuestion): { readonly column: Column; readonly bounds: number[] } {
  const windows = matching.filters.map((filter) => windowOf(filter)!);
  const column = columnNamed(columns, windows[0]!.column);
  const ranges = windows.map(({ value }) => (value as readonly unknown[]).map((end) => numberOf(column, end)));
  const lengths = ranges.map(([low, high]) => high! - low!).sort((a, b) => a - b);
  const first = Math.min(...ranges.map(([low]) => low!));
  const last = Math.max(...ranges.map(([, high]) => high!));
  const length = lengths[lengths.length >> 1]!;
  const count = length > 0 ? Math.ceil((last - first) / length) : Infinity;
  // One more than may be: too many are refused, and need not be counted.
  const bounds = Array.from({ length: Math.min(count, MOST_INDEXES) + 1 }, (_, i) => first + i * length);
  return { column, bounds };
}

function placementOf(question: FilteredQuestion): Extract<Placement, { kind: 'range' }> {
  const { column, bounds } = boundsOf(question);
  const textOf = (bound: number): string =>
    literalConstant(column, column.type === 'date' ? valueOfInstant(column, bound) : bound);
  return { kind: 'range', column: column.name, bounds: bounds.map(textOf) };
}

/** Partitions that a window lies in: it begins in one, and ends in one. */
function partitionsOf({ op, value }: Window, column: Column, bounds: readonly number[]): number {
  const [low, high] = (value as readonly unknown[]).map((end) => numberOf(column, end)) as [number, number];
  const inside = bounds.filter((bound) => bound > low && (op === 'between' ? bound <= high : bound < high));
  return inside.length + 1;
}

/**
 * Partitions of as long a time as the windows that are asked for, each with a vector index: a window lies in two of them, as a
 * rule, and the others are not read. Each gives its rows in order, to be merged: scans go on past the rows beside the window in
 * strict order.
 */
export const rangePartitions: FilteredStrategy = {
  name: 'range-partitions',
  isApproximate: true,
  protection: null,
  copies: 'table',
  limit(question, spec) {
    const { join, matching, pgvector, columns } = question;
    const [filter] = matching.filters;
    const condition = filter && windowOf(filter);
    if (join && condition && stepOf(stepsOf(join), condition.column)) {
      return { code: 'partition-by-joined-column', data: { table: join.table } };
    }
    if (join) return { code: 'partition-with-join', data: {} };
    if (condition === undefined || columnNamed(columns, condition.column).type === 'text') {
      return { code: 'no-window', data: {} };
    }
    if (matching.matches.includes(0)) return { code: 'no-rows', data: {} };
    const values = boundsOf(question).bounds.length + 1;
    if (values > MOST_INDEXES) return { code: 'too-many-partitions', data: { values, most: MOST_INDEXES } };
    return vectorIndexLimit(spec) ?? iterativeLimit(spec, 'strict_order', pgvector);
  },
  indexes: (question, spec) => [{ kind: 'vector', spec, placement: placementOf(question) }],
  settings: () => ({ iterative_scan: 'strict_order' }),
  knobs: (_question, { method }) => tunable(indexKind(method).knobs, 'iterative_scan'),
  query: (question, spec, place) =>
    selectNearest(question, { ...place, spec, table: queriedTable(ITEMS, placementOf(question)) }),
  planRule(question) {
    const { filters, ofQuery } = question.matching;
    const { column, bounds } = boundsOf(question);
    const tables = placedTables(ITEMS, placementOf(question));
    const asked = filters.map((filter) => partitionsOf(windowOf(filter)!, column, bounds));
    return (plan, query) => readsPartitions(plan, tables, asked[ofQuery[query]!]!);
  },
};
