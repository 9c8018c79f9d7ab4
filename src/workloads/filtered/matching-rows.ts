import { canonicalJson } from '../../canonical-json.js';
import { PgvtuneError } from '../../errors.js';
import type { Filter } from '../../filter.js';
import { columnNamed } from './check-filter.js';
import type { Attributes, Column } from './columns.js';
import { namesOf } from './conditions.js';
import { comparableRow, filterPredicate } from './predicate.js';
import { describeFilter } from './render-filter.js';

/** Filters without repetition, and which of them each query has. */
export interface FiltersOfQueries {
  /** With nothing left to be drawn, no two alike. */
  readonly filters: readonly Filter[];
  /** Per query: index into `filters`. */
  readonly ofQuery: Int32Array;
}

/** Which rows the filters leave; usable as the row filter of an exact search. */
export interface MatchingRows extends FiltersOfQueries {
  /** Per filter: one bit a row, in row order from the lowest bit of the first byte. */
  readonly bitmaps: readonly Uint8Array[];
  /** Per filter: how many rows it leaves. */
  readonly matches: readonly number[];
  readonly rows: number;
  /** Rows that match nothing because they point to nothing that could be joined. */
  readonly orphans: number;
}

export function distinctFilters(filterOfQuery: readonly Filter[]): FiltersOfQueries {
  const numbers = new Map<string, number>();
  const filters: Filter[] = [];
  const ofQuery = Int32Array.from(filterOfQuery, (filter) => {
    const text = canonicalJson(filter);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, filters.length);
    return filters.push(filter) - 1;
  });
  return { filters, ofQuery };
}

/**
 * Puts every row to every filter, in one pass.
 *
 * @param rows the base rows' attributes, in row order
 * @param options.rowCount how many there are
 * @param options.keys columns that other tables are joined by: rows without a value in one of them match nothing
 * @throws {PgvtuneError} `usage` when there are filters, and none leaves any row, unless that is what is asked for
 */
export async function matchingRows(
  rows: AsyncIterable<{ readonly attributes: Attributes }>,
  { filters, ofQuery }: FiltersOfQueries,
  options: {
    readonly rowCount: number;
    readonly columns: readonly Column[];
    readonly keys?: readonly string[];
    readonly mayBeEmpty?: boolean;
  },
): Promise<MatchingRows> {
  const { rowCount, columns, keys = [], mayBeEmpty = false } = options;
  const names = new Set([...filters.flatMap(namesOf), ...keys]);
  const toComparable = comparableRow([...names].map((name) => columnNamed(columns, name)));
  const predicates = filters.map((filter) => filterPredicate(filter, columns));
  const bitmaps = filters.map(() => new Uint8Array(Math.ceil(rowCount / 8)));
  const matches = filters.map(() => 0);

  let row = 0;
  let orphans = 0;
  for await (const { attributes } of rows) {
    const values = toComparable(attributes);
    // An inner join loses the rows that point to nothing.
    const isOrphan = keys.some((key) => values[key] === null);
    if (isOrphan) orphans++;
    const candidates = isOrphan ? [] : predicates;
    for (const [i, predicate] of candidates.entries()) {
      if (predicate(values) !== true) continue;
      bitmaps[i]![row >> 3]! |= 1 << (row & 7);
      matches[i]! += 1;
    }
    row++;
  }
  if (filters.length > 0 && !mayBeEmpty && matches.every((count) => count === 0))
    throw matchesNothing(filters, columns, row);
  return { filters, ofQuery, bitmaps, matches, rows: row, orphans };
}

function matchesNothing(filters: readonly Filter[], columns: readonly Column[], rows: number): PgvtuneError {
  const text = ` ${describeFilter(filters[0]!, columns)}`;
  const what =
    filters.length === 1 ? `The filter${text} leaves` : `Of ${filters.length} filters, such as${text}, each leaves`;
  return new PgvtuneError('usage', `${what} none of the ${rows} rows.`, {
    hint: 'Check the values: pgvtune dataset show names the most frequent ones of each column.',
  });
}

/** Whether a row's bit is set. */
export const hasRow = (bitmap: Uint8Array, row: number): boolean => ((bitmap[row >> 3]! >> (row & 7)) & 1) === 1;
