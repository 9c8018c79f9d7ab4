import { canonicalJson } from '../../canonical-json.js';
import type { Condition, Filter, Join } from '../../filter.js';
import type { ColumnIndexSpec } from '../../vocabulary.js';
import { columnNamed } from './check-filter.js';
import type { Column } from './columns.js';
import { conjunctsOf } from './conditions.js';
import { stepOf, stepsOf } from './joins.js';
import { isKey } from './key-index.js';
import { ITEMS } from './strategies/strategy.js';

/** `values`: single rows are found, by btree or GIN. `ranges`: the blocks that may hold them, by BRIN. */
type ReadBy = 'values' | 'ranges';

/**
 * Indexes by which PostgreSQL can find the rows that a filter leaves, or most of the others can be skipped; none where the
 * primary key's own index finds them; null when no index can: every row has to be looked at. Conditions that must all hold
 * share one index of several columns. For a join they lead from the joined table's rows to those of the items.
 */
export function columnIndexes(
  filter: Filter,
  {
    columns,
    join,
    by = 'values',
  }: { readonly columns: readonly Column[]; readonly join: Join | null; readonly by?: ReadBy },
): readonly ColumnIndexSpec[] | null {
  const steps = stepsOf(join);
  const tableOf = (column: string): string => stepOf(steps, column)?.table ?? ITEMS;
  const columnIndexOf = (condition: Condition): ColumnIndexSpec | null => {
    const { column } = condition;
    // The primary key has its btree.
    if (by === 'ranges' && isKey(columns, column)) return null;
    const method =
      by === 'ranges' ? rangeMethod(condition) : columnIndexMethod(condition, columnNamed(columns, column));
    return method && { method, table: tableOf(column), columns: [column] };
  };
  const namesRows = (condition: Condition): boolean =>
    (condition.op === '=' || condition.op === 'in') && isKey(columns, condition.column);
  const found = indexesFor(filter, columnIndexOf, namesRows);
  if (found === null) return null;
  const needed = found.filter((index) => index.columns.length > 1 || !isKey(columns, index.columns[0]!));
  const distinct = [...new Map(needed.map((columnIndex) => [canonicalJson(columnIndex), columnIndex])).values()];
  // The way back from the farthest table that an index leads to.
  const reached = steps.findLastIndex(({ table }) => distinct.some((index) => index.table === table));
  const back = steps.slice(0, reached + 1).map(({ key }, i): ColumnIndexSpec => ({
    method: 'btree',
    table: steps[i - 1]?.table ?? ITEMS,
    columns: [key],
  }));
  return [...distinct, ...back.toReversed()];
}

type IndexOf = (condition: Condition) => ColumnIndexSpec | null;

/** @param namesRows whether a condition names single rows by the primary key: nothing finds them sooner */
function indexesFor(
  filter: Filter,
  columnIndexOf: IndexOf,
  namesRows: (condition: Condition) => boolean,
): readonly ColumnIndexSpec[] | null {
  if ('and' in filter) {
    const parts = conjunctsOf(filter);
    const naming = parts.find((part) => 'op' in part && namesRows(part));
    if (naming) return indexesFor(naming, columnIndexOf, namesRows);
    // A btree is descended by equalities, and read along one range behind them.
    const conditions = parts.filter((part) => 'op' in part).toSorted((a, b) => Number(isRange(a)) - Number(isRange(b)));
    const others = parts.filter((part) => !('op' in part));
    const found = [
      ...together(conditions.flatMap((condition) => columnIndexOf(condition) ?? [])),
      ...others.flatMap((part) => indexesFor(part, columnIndexOf, namesRows) ?? []),
    ];
    return found.length > 0 ? found : null;
  }
  if ('or' in filter) {
    const found = filter.or.map((part) => indexesFor(part, columnIndexOf, namesRows));
    return found.every((part) => part !== null) ? found.flat() : null;
  }
  if ('not' in filter) return null;
  const found = columnIndexOf(filter);
  return found && [found];
}

/** One index for all that can be in one. */
function together(indexesFor: readonly ColumnIndexSpec[]): readonly ColumnIndexSpec[] {
  const merged = new Map<string, ColumnIndexSpec>();
  for (const { method, table, columns } of indexesFor) {
    const place = canonicalJson([method, table]);
    const before = merged.get(place)?.columns ?? [];
    merged.set(place, { method, table, columns: [...new Set([...before, ...columns])] });
  }
  return [...merged.values()];
}

const RANGES: readonly Condition['op'][] = ['<', '<=', '>', '>=', 'between', 'window'];

const isRange = ({ op }: Condition): boolean => RANGES.includes(op);

const rangeMethod = (condition: Condition): ColumnIndexSpec['method'] | null => (isRange(condition) ? 'brin' : null);

function columnIndexMethod({ op }: Condition, { type }: Column): ColumnIndexSpec['method'] | null {
  if (op === 'contains') return 'gin';
  return op === '<>' || type === 'text[]' || type === 'json' ? null : 'btree';
}
