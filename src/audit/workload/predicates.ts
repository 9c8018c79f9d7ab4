import { isUnread } from '../../findings.js';
import { rowsOf } from '../relations.js';
import type { DatabaseSnapshot } from '../snapshot/database.js';
import type { Table } from '../snapshot/relations.js';
import type { Statement } from '../snapshot/statements.js';
import { name, text } from '../sql.js';
import { catalogOf } from '../statements/look-up.js';

/** A condition that few rows of a table meet, and every row that a statement asks for. */
export interface Predicate {
  readonly column: number;
  /** `"deleted_at" IS NULL` */
  readonly sql: string;
  /** Of the rows, by the last ANALYZE. */
  readonly share: number;
  /** The value that the statement must have asked for, by the rows that it returned; null: its text shows the condition. */
  readonly value: string | null;
}

/** Of more rows a partial index is hardly smaller than one of all. */
const MOST_ROWS = 0.1;
/** A value is told by the rows of a call where they are as many as it has, give or take. */
const FACTOR = 2;

type Parts = Pick<DatabaseSnapshot, 'tables' | 'columns' | 'columnStatistics'>;

/** Those of a statement on one table, the rarest first. */
export function predicatesOf(statement: Statement, table: Table, parts: Parts): readonly Predicate[] {
  const { columnStatistics } = parts;
  if (isUnread(columnStatistics) || !statement.shape) return [];
  const { find } = catalogOf(parts);
  const { shape } = statement;
  const known = (use: Parameters<typeof find>[1]) => {
    const found = find(shape, use);
    const statistics = columnStatistics.find(
      (one) => one.tableOid === table.oid && one.columnNumber === found?.column.number,
    );
    return found?.table.oid === table.oid && statistics ? [{ column: found.column, statistics }] : [];
  };
  const shown = shape.tests.flatMap((test) =>
    known(test).map(({ column, statistics: { nullFraction, commonValues } }) => ({
      column: column.number,
      sql: `${name(column.name)}${{ null: ' IS NULL', 'not null': ' IS NOT NULL', true: '', false: ' IS FALSE' }[test.is]}`,
      share: {
        null: nullFraction,
        'not null': 1 - nullFraction,
        true: shareOf(commonValues, 't'),
        false: shareOf(commonValues, 'f'),
      }[test.is],
      value: null,
    })),
  );
  return [...shown, ...toldByRows(statement, table, known)]
    .filter(({ share }) => share <= MOST_ROWS)
    .toSorted((a, b) => a.share - b.share);
}

type Values = readonly { readonly value: string; readonly share: number }[];

/** One that ANALYZE did not see is no value to build an index for. */
const shareOf = (values: Values, value: string): number => values.find((one) => one.value === value)?.share ?? 1;

/** Which value `status = $1` asks for, where that is its only condition: of those with other numbers of rows it is the only one. */
function toldByRows(
  { shape, calls, rows }: Statement,
  table: Table,
  known: (use: { readonly alias: string | null; readonly column: string }) => readonly {
    readonly column: { readonly number: number; readonly name: string };
    readonly statistics: { readonly commonValues: Values };
  }[],
): readonly Predicate[] {
  if (!shape || shape.kind !== 'select' || shape.limited || shape.aggregates || shape.conditions !== 1) return [];
  if (shape.relations.length !== 1) return [];
  const asked = rows / calls / Math.max(1, rowsOf(table));
  return shape.equalities.flatMap(known).flatMap(({ column, statistics: { commonValues } }) => {
    const [found, ...others] = commonValues.filter(({ share }) => asked >= share / FACTOR && asked <= share * FACTOR);
    if (!found || others.length > 0) return [];
    const sql = `${name(column.name)} = ${text(found.value)}`;
    return [{ column: column.number, sql, share: found.share, value: found.value }];
  });
}
