import type { Condition, Filter, Join } from '../../filter.js';
import type { LookupSpec } from '../../vocabulary.js';
import { columnNamed } from './check-filter.js';
import type { Column } from './columns.js';
import { ITEMS } from './strategies/strategy.js';

/** `values`: single rows are found, by btree or GIN. `ranges`: the blocks that may hold them, by BRIN. */
type LookupBy = 'values' | 'ranges';

/**
 * Indexes by which PostgreSQL can find the rows that a filter leaves, or most of the others can be skipped; null when
 * no index can: every row has to be looked at. For a join they lead from the joined table's rows to those of the items.
 */
export function lookupIndexes(
  filter: Filter,
  {
    columns,
    join,
    by = 'values',
  }: { readonly columns: readonly Column[]; readonly join: Join | null; readonly by?: LookupBy },
): readonly LookupSpec[] | null {
  const found = lookups(filter, columns, by);
  if (found === null) return null;
  const distinct = [...new Map(found.map((lookup) => [lookup.column, lookup])).values()];
  if (join === null) return distinct;
  const placed = distinct.map((lookup) =>
    join.columns.includes(lookup.column) ? { ...lookup, table: join.table } : lookup,
  );
  const isReached = placed.some(({ table }) => table === join.table);
  return isReached ? [...placed, { method: 'btree', table: ITEMS, column: join.key }] : placed;
}

function lookups(filter: Filter, columns: readonly Column[], by: LookupBy): readonly LookupSpec[] | null {
  if ('and' in filter) {
    const found = filter.and.flatMap((part) => lookups(part, columns, by) ?? []);
    return found.length > 0 ? found : null;
  }
  if ('or' in filter) {
    const found = filter.or.map((part) => lookups(part, columns, by));
    return found.every((part) => part !== null) ? found.flat() : null;
  }
  if ('not' in filter) return null;
  const method = by === 'ranges' ? rangeMethod(filter) : lookupMethod(filter, columnNamed(columns, filter.column));
  return method && [{ method, table: ITEMS, column: filter.column }];
}

const RANGES: readonly Condition['op'][] = ['<', '<=', '>', '>=', 'between', 'window'];

const rangeMethod = ({ op }: Condition): LookupSpec['method'] | null => (RANGES.includes(op) ? 'brin' : null);

function lookupMethod({ op }: Condition, { type }: Column): LookupSpec['method'] | null {
  if (op === 'contains') return 'gin';
  return op === '<>' || type === 'text[]' || type === 'json' ? null : 'btree';
}
