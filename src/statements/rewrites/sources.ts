import type { Node, SelectStmt } from 'libpg-query';
import type { ColumnUse } from '../nodes.js';
import type { KeyedColumn, KeyedTable } from './rewrite.js';

/* Which tables a SELECT reads, and whose its columns are. */

export interface Source {
  readonly alias: string;
  readonly item: Node;
  readonly table: KeyedTable;
  /** On the side of an outer join that may have no row. */
  readonly optional: boolean;
}

/** Parts of a SELECT that only chooses rows: nothing is grouped, sorted, limited, or computed before. */
const PLAIN = ['targetList', 'fromClause', 'whereClause', 'limitOption', 'op'];

/** @param further parts that it may have */
export const isPlain = (select: SelectStmt, ...further: readonly (keyof SelectStmt)[]): boolean =>
  select.op === 'SETOP_NONE' &&
  Object.keys(select).every((key) => PLAIN.includes(key) || further.includes(key as keyof SelectStmt));

/** The tables in FROM; null where there is anything else, or columns that are merged or renamed. */
export function sourcesOf({ fromClause = [] }: SelectStmt, tables: readonly KeyedTable[]): readonly Source[] | null {
  const sources: Source[] = [];
  const visit = (item: Node | undefined, optional: boolean): boolean => {
    if (item && 'RangeVar' in item) {
      const { schemaname, catalogname, relname, alias } = item.RangeVar;
      const table = tables.find(({ schema, name }) => schema === (schemaname ?? null) && name === relname);
      if (!table || catalogname !== undefined || alias?.colnames) return false;
      sources.push({ alias: alias?.aliasname ?? table.name, item, table, optional });
      return true;
    }
    if (!item || !('JoinExpr' in item)) return false;
    const { jointype = 'JOIN_INNER', larg, rarg, usingClause, isNatural, alias } = item.JoinExpr;
    if (usingClause || isNatural === true || alias) return false;
    return (
      visit(larg, optional || jointype === 'JOIN_RIGHT' || jointype === 'JOIN_FULL') &&
      visit(rarg, optional || jointype === 'JOIN_LEFT' || jointype === 'JOIN_FULL')
    );
  };
  const isKnown = fromClause.length > 0 && fromClause.every((item) => visit(item, false));
  return isKnown && new Set(sources.map(({ alias }) => alias)).size === sources.length ? sources : null;
}

export interface SourceColumn {
  readonly source: Source;
  readonly column: KeyedColumn;
}

/** The one column that a name means; null: none of these, or the text does not say which. */
export function columnIn(sources: readonly Source[], { alias, column: name }: ColumnUse): SourceColumn | null {
  const found = sources.flatMap((source) => {
    const column = source.table.columns.find((one) => one.name === name);
    return column && (alias === null || alias === source.alias) ? [{ source, column }] : [];
  });
  return found.length === 1 ? found[0]! : null;
}

/** Whether a column has a value in each row. */
export const hasValue = ({ source, column }: SourceColumn): boolean => column.notNull && !source.optional;
