import type { DatabaseSnapshot } from '../snapshot/database.js';
import type { StatementPlan, WorkloadPlans } from '../snapshot/plans.js';
import { relationsOf, rowsOf } from '../relations.js';
import { name, plainName, relation } from '../sql.js';
import { catalogOf, type FoundColumn } from '../statements/look-up.js';
import type { ColumnUse, StatementShape, TextCause } from '../../statements/index.js';
import { type WriteCause, type WriteParts, writeCauses } from './write-causes.js';

/** What makes a plan expensive. */
export type PlanCause =
  /** It reads a whole table and keeps few of its rows. */
  | { readonly code: 'scan'; readonly data: { readonly table: string; readonly rows: number; readonly kept: number } }
  | { readonly code: 'sort'; readonly data: { readonly rows: number } }
  /** A column has an index, and what is compared is computed from it. */
  | { readonly code: 'computed-column'; readonly data: ComputedColumn }
  | {
      readonly code: 'pattern';
      readonly data: { readonly table: string; readonly column: string; readonly isShown: boolean };
    }
  | Extract<TextCause, { readonly code: 'offset' | 'random-order' }>
  | WriteCause
  /** An index that does not exist would serve it. */
  | { readonly code: 'index'; readonly data: { readonly index: string; readonly costAfter: number } };

interface ComputedColumn {
  readonly table: string;
  readonly column: string;
  readonly expression: string;
}

const LARGE_TABLE = 1000;
const FEW_ROWS = 0.1;
const MANY_SORTED = 10_000;

/** The causes of a plan's cost; none: it takes what it takes. */
export function planCauses(
  { id, role, scans, sortedRows }: StatementPlan,
  shape: StatementShape | null,
  { indexes }: WorkloadPlans,
  parts: WriteParts,
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
    ...(shape ? [...textCauses(shape, scans, parts), ...writeCauses(shape, parts)] : []),
    ...indexes.flatMap(({ tableOid, columns, predicate, statements }) =>
      statements
        .filter((served) => served.id === id && served.role === role)
        .map(({ costAfter }) => ({
          code: 'index' as const,
          data: {
            index: `${plainName(relations.table(tableOid))} (${columns.map((column) => relations.columnName(tableOid, column)).join(', ')})${predicate === null ? '' : ` WHERE ${predicate.sql}`}`,
            costAfter,
          },
        })),
    ),
  ];
}

/** What the text asks for; of columns, where their table is read from the first row to the last. */
function textCauses(
  shape: StatementShape,
  scans: StatementPlan['scans'],
  parts: Pick<DatabaseSnapshot, 'tables' | 'columns' | 'indexes'>,
): readonly PlanCause[] {
  const { find } = catalogOf(parts);
  const scanned = (use: ColumnUse): FoundColumn | null => {
    const found = find(shape, use);
    const isScanned = scans.some(({ table, isFiltered }) => isFiltered && table === found?.table.name);
    return found && isScanned && rowsOf(found.table) >= LARGE_TABLE ? found : null;
  };
  return shape.causes.flatMap((cause): readonly PlanCause[] => {
    if (cause.code === 'offset' || cause.code === 'random-order') return [cause];
    const found = scanned(cause.data.use);
    if (!found) return [];
    const data = { table: relation(found.table), column: name(found.column.name) };
    if (cause.code === 'pattern') return [{ code: 'pattern', data: { ...data, isShown: cause.data.isShown } }];
    const isIndexed = parts.indexes.some(
      ({ tableOid, valid, keys }) => valid && tableOid === found.table.oid && keys[0]?.column === found.column.number,
    );
    return isIndexed ? [{ code: 'computed-column', data: { ...data, expression: cause.data.expression } }] : [];
  });
}
