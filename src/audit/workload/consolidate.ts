import { groupBy } from '../../group-by.js';
import type { Predicate } from './predicates.js';
import { begins, type Want } from './wants.js';

/** An index that serves one statement or more. */
export interface IndexCandidate {
  readonly tableOid: number;
  readonly columns: readonly number[];
  /** Of a partial index; null: it has all rows. */
  readonly predicate: Predicate | null;
  readonly wants: readonly Want[];
}

/** Wider ones cost more at each write than their last columns save. */
const MOST_COLUMNS = 4;

/**
 * As few indexes as serve all statements: one whose columns begin with what another statement wants serves that as well, and one of all
 * rows those that a partial one would.
 *
 * @param distinct how many distinct values a column has, as a share of the rows; what tells most rows apart comes first
 */
export function consolidate(
  wants: readonly Want[],
  distinct: (tableOid: number, column: number) => number,
): readonly IndexCandidate[] {
  const [partial, whole] = [wants.filter(({ predicate }) => predicate), wants.filter(({ predicate }) => !predicate)];
  const candidates = ofWhole(whole, distinct);
  const left = partial.filter((want) => {
    const served = candidates.find(
      ({ tableOid, columns }) =>
        tableOid === want.tableOid && want.equal.length > 0 && begins(columns, want.equal, want.behind),
    );
    served?.wants.push(want);
    return !served;
  });
  const byPredicate = groupBy(left, ({ tableOid, predicate }) => `${tableOid} ${predicate!.sql}`);
  return [
    ...candidates,
    ...[...byPredicate.values()].flatMap((same) =>
      ofWhole(same, distinct).map((one) => ({ ...one, predicate: same[0]!.predicate })),
    ),
  ];
}

/** Candidates for wants of the same rows of a table. */
function ofWhole(
  wants: readonly Want[],
  distinct: (tableOid: number, column: number) => number,
): readonly (IndexCandidate & { readonly wants: Want[] })[] {
  return [...groupBy(wants, ({ tableOid }) => tableOid).values()].flatMap((ofTable) => {
    const candidates: { columns: readonly number[]; readonly wants: Want[] }[] = [];
    for (const want of ofTable.toSorted((a, b) => lengthOf(a) - lengthOf(b))) {
      const served = candidates.find(({ columns }) => begins(columns, want.equal, want.behind));
      // The longest that can become what is wanted, for all whom it serves already; of equals, what tells most rows apart.
      const extended = candidates
        .filter(({ columns }) => extension(columns, want) !== null)
        .toSorted(
          (a, b) =>
            b.columns.length - a.columns.length ||
            distinct(want.tableOid, b.columns[0]!) - distinct(want.tableOid, a.columns[0]!),
        )[0];
      if (served) served.wants.push(want);
      else if (extended) {
        extended.columns = [...extended.columns, ...extension(extended.columns, want)!];
        extended.wants.push(want);
      } else candidates.push({ columns: ordered(want, distinct), wants: [want] });
    }
    return candidates.map(({ columns, wants: own }) => ({
      tableOid: ofTable[0]!.tableOid,
      columns,
      predicate: null,
      wants: own,
    }));
  });
}

const lengthOf = ({ equal, behind }: Want): number => equal.length + behind.length;

function ordered({ tableOid, equal, behind }: Want, distinct: (tableOid: number, column: number) => number) {
  const first = equal.toSorted((a, b) => distinct(tableOid, b) - distinct(tableOid, a));
  return [...first, ...behind].slice(0, MOST_COLUMNS);
}

/** What has to follow some columns for an index to serve a statement; null: they cannot begin it. */
function extension(columns: readonly number[], { equal, behind }: Want): readonly number[] | null {
  if (columns.length > equal.length || !columns.every((column) => equal.includes(column))) return null;
  const more = [...equal.filter((column) => !columns.includes(column)), ...behind];
  return columns.length + more.length > MOST_COLUMNS ? null : more;
}
