import { canonicalJson } from '../../canonical-json.js';
import type { Condition, Filter, Join } from '../../filter.js';
import type { LookupSpec } from '../../vocabulary.js';
import { columnNamed } from './check-filter.js';
import type { Column } from './columns.js';
import { conjunctsOf } from './conditions.js';
import { ITEMS } from './strategies/strategy.js';

/** `values`: single rows are found, by btree or GIN. `ranges`: the blocks that may hold them, by BRIN. */
type LookupBy = 'values' | 'ranges';

/**
 * Indexes by which PostgreSQL can find the rows that a filter leaves, or most of the others can be skipped; null when
 * no index can: every row has to be looked at. Conditions that must all hold share one index of several columns. For a
 * join they lead from the joined table's rows to those of the items.
 */
export function lookupIndexes(
  filter: Filter,
  {
    columns,
    join,
    by = 'values',
  }: { readonly columns: readonly Column[]; readonly join: Join | null; readonly by?: LookupBy },
): readonly LookupSpec[] | null {
  const tableOf = (column: string): string => (join?.columns.includes(column) ? join.table : ITEMS);
  const lookupOf = (condition: Condition): LookupSpec | null => {
    const { column } = condition;
    const method = by === 'ranges' ? rangeMethod(condition) : lookupMethod(condition, columnNamed(columns, column));
    return method && { method, table: tableOf(column), columns: [column] };
  };
  const found = lookups(filter, lookupOf);
  if (found === null) return null;
  const distinct = [...new Map(found.map((lookup) => [canonicalJson(lookup), lookup])).values()];
  const isReached = join !== null && distinct.some(({ table }) => table === join.table);
  return isReached ? [...distinct, { method: 'btree', table: ITEMS, columns: [join.key] }] : distinct;
}

type LookupOf = (condition: Condition) => LookupSpec | null;

function lookups(filter: Filter, lookupOf: LookupOf): readonly LookupSpec[] | null {
  if ('and' in filter) {
    const parts = conjunctsOf(filter);
    // A btree is descended by equalities, and read along one range behind them.
    const conditions = parts.filter((part) => 'op' in part).toSorted((a, b) => Number(isRange(a)) - Number(isRange(b)));
    const others = parts.filter((part) => !('op' in part));
    const found = [
      ...together(conditions.flatMap((condition) => lookupOf(condition) ?? [])),
      ...others.flatMap((part) => lookups(part, lookupOf) ?? []),
    ];
    return found.length > 0 ? found : null;
  }
  if ('or' in filter) {
    const found = filter.or.map((part) => lookups(part, lookupOf));
    return found.every((part) => part !== null) ? found.flat() : null;
  }
  if ('not' in filter) return null;
  const found = lookupOf(filter);
  return found && [found];
}

/** One index for all that can be in one. */
function together(lookups: readonly LookupSpec[]): readonly LookupSpec[] {
  const merged = new Map<string, LookupSpec>();
  for (const { method, table, columns } of lookups) {
    const place = canonicalJson([method, table]);
    const before = merged.get(place)?.columns ?? [];
    merged.set(place, { method, table, columns: [...new Set([...before, ...columns])] });
  }
  return [...merged.values()];
}

const RANGES: readonly Condition['op'][] = ['<', '<=', '>', '>=', 'between', 'window'];

const isRange = ({ op }: Condition): boolean => RANGES.includes(op);

const rangeMethod = (condition: Condition): LookupSpec['method'] | null => (isRange(condition) ? 'brin' : null);

function lookupMethod({ op }: Condition, { type }: Column): LookupSpec['method'] | null {
  if (op === 'contains') return 'gin';
  return op === '<>' || type === 'text[]' || type === 'json' ? null : 'btree';
}
