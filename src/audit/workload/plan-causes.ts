import type { DatabaseSnapshot } from '../snapshot/database.js';
import type { StatementPlan, WorkloadPlans } from '../snapshot/plans.js';
import { relationsOf, rowsOf } from '../relations.js';
import { plainName } from '../sql.js';

/** What makes a plan expensive. */
export type PlanCause =
  /** It reads a whole table and keeps few of its rows. */
  | { readonly code: 'scan'; readonly data: { readonly table: string; readonly rows: number; readonly kept: number } }
  | { readonly code: 'sort'; readonly data: { readonly rows: number } }
  /** An index that does not exist would serve it. */
  | { readonly code: 'index'; readonly data: { readonly index: string; readonly costAfter: number } };

const LARGE_TABLE = 1000;
const FEW_ROWS = 0.1;
const MANY_SORTED = 10_000;

/** The causes of a plan's cost; none: it takes what it takes. */
export function planCauses(
  { id, role, scans, sortedRows }: StatementPlan,
  { indexes }: WorkloadPlans,
  parts: Pick<DatabaseSnapshot, 'tables' | 'columns'>,
): readonly PlanCause[] {
  const relations = relationsOf(parts);
  return [
    ...scans.flatMap(({ table: name, rows: kept, isFiltered }) => {
      const [table, ...others] = parts.tables.filter((one) => one.name === name);
      if (!isFiltered || !table || others.length > 0) return [];
      const rows = rowsOf(table);
      if (rows < LARGE_TABLE || kept > FEW_ROWS * rows) return [];
      return [{ code: 'scan' as const, data: { table: plainName(table), rows, kept } }];
    }),
    ...(sortedRows !== null && sortedRows >= MANY_SORTED
      ? [{ code: 'sort' as const, data: { rows: sortedRows } }]
      : []),
    ...indexes.flatMap(({ tableOid, columns, statements }) =>
      statements
        .filter((served) => served.id === id && served.role === role)
        .map(({ costAfter }) => ({
          code: 'index' as const,
          data: {
            index: `${plainName(relations.table(tableOid))} (${columns.map((column) => relations.columnName(tableOid, column)).join(', ')})`,
            costAfter,
          },
        })),
    ),
  ];
}
