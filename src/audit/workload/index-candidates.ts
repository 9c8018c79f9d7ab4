import { isUnread } from '../../findings.js';
import { relationsOf, rowsOf } from '../relations.js';
import type { DatabaseSnapshot } from '../snapshot/database.js';
import type { Statement } from '../snapshot/statements.js';
import { name, relation } from '../sql.js';
import { consolidate, type IndexCandidate } from './consolidate.js';
import { wantsOf } from './wants.js';

/** Indexes that statements could use and that do not exist, as few as possible. */
export function indexCandidates(
  statements: readonly Statement[],
  parts: Pick<DatabaseSnapshot, 'tables' | 'columns' | 'indexes' | 'columnStatistics'>,
): readonly IndexCandidate[] {
  const statistics = isUnread(parts.columnStatistics) ? [] : parts.columnStatistics;
  const rows = new Map(parts.tables.map((table) => [table.oid, rowsOf(table)]));
  const distinct = (tableOid: number, column: number): number => {
    const known =
      statistics.find((one) => one.tableOid === tableOid && one.columnNumber === column)?.distinctValues ?? 0;
    return known < 0 ? -known : known / Math.max(1, rows.get(tableOid) ?? 1);
  };
  return consolidate(wantsOf(statements, parts), distinct);
}

/** The statement that creates one, as HypoPG wants it. */
export function indexDefinition(
  { tableOid, columns, predicate }: IndexCandidate,
  parts: Pick<DatabaseSnapshot, 'tables' | 'columns'>,
): string {
  const { table, columnName } = relationsOf(parts);
  return `CREATE INDEX ON ${relation(table(tableOid))} (${columns.map((column) => name(columnName(tableOid, column))).join(', ')})${predicate === null ? '' : ` WHERE ${predicate.sql}`}`;
}
