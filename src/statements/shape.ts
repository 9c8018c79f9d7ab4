import type { Node, SelectStmt } from 'libpg-query';
import type { TextCause } from './causes/cause.js';
import { CAUSES } from './causes/registry.js';
import { distanceIn } from './distances.js';
import {
  aggregatesRows,
  bareColumnOf,
  columnOf,
  type ColumnUse,
  conjunctsOf,
  limitOf,
  locksRows,
  type NamedRelation,
  operatorOf,
  relationOf,
  writesRows,
} from './nodes.js';
import { rowsToDelete, rowsToUpdate } from './reading-part.js';

/*
 * What a normalised statement asks of which table, as far as its text says it. Names are those of the text: whoever uses them
 * looks them up in the catalog.
 */

export interface StatementShape {
  readonly kind: 'select' | 'insert' | 'update' | 'delete' | 'other';
  readonly relations: readonly NamedRelation[];
  /** Columns that must equal a parameter, all at once. */
  readonly equalities: readonly ColumnUse[];
  /** Columns that must be in a list. */
  readonly lists: readonly ColumnUse[];
  /** Columns that are compared by `<`, `<=`, `>`, `>=` or BETWEEN. */
  readonly ranges: readonly ColumnUse[];
  /** Columns that are equal to one of another relation, in WHERE or in an inner join. */
  readonly joined: readonly ColumnUse[];
  /** Tests that its text shows whole, with no parameter in them. */
  readonly tests: readonly ColumnTest[];
  /** Conditions that must all hold, those among them that nothing is said of here included. */
  readonly conditions: number;
  /** Columns of ORDER BY, all in one direction and with NULLs where a B-tree has them; empty for any other order. */
  readonly order: readonly ColumnUse[];
  readonly limited: boolean;
  readonly aggregates: boolean;
  /** A SELECT that neither locks rows nor writes some in a common table expression. */
  readonly readsOnly: boolean;
  readonly nearest: NearestSearch | null;
  /** Columns that an UPDATE sets. */
  readonly assigned: readonly string[];
  /** What it asks for that costs much. */
  readonly causes: readonly TextCause[];
}

export interface ColumnTest extends ColumnUse {
  readonly is: 'null' | 'not null' | 'true' | 'false';
}

/** A search for the nearest vectors: ORDER BY with a distance in it. */
export interface NearestSearch extends ColumnUse {
  /** `<=>` */
  readonly operator: string;
  /** Null: an index can serve the order; otherwise why it cannot. */
  readonly defect: OrderDefect | null;
  readonly filtered: boolean;
}

export type OrderDefect = 'descending' | 'expression' | 'further-key' | 'no-limit';

/** @param node a statement, as PostgreSQL's grammar has it */
export function shapeOf(node: Node): StatementShape {
  if ('SelectStmt' in node) return shapeOfSelect(node.SelectStmt);
  const none = {
    relations: [],
    ...conditions([]),
    order: [],
    limited: false,
    aggregates: false,
    readsOnly: false,
    nearest: null,
    assigned: [],
    causes: [],
  };
  if ('InsertStmt' in node) return { ...none, kind: 'insert', relations: relationOf(node.InsertStmt.relation) };
  if ('UpdateStmt' in node) {
    const assigned = (node.UpdateStmt.targetList ?? []).flatMap((target) =>
      'ResTarget' in target ? (target.ResTarget.name ?? []) : [],
    );
    return { ...shapeOfSelect(rowsToUpdate(node.UpdateStmt)), kind: 'update', readsOnly: false, assigned };
  }
  if ('DeleteStmt' in node) {
    return { ...shapeOfSelect(rowsToDelete(node.DeleteStmt)), kind: 'delete', readsOnly: false };
  }
  return { ...none, kind: 'other' };
}

function shapeOfSelect(select: SelectStmt): StatementShape {
  return {
    kind: 'select',
    relations: (select.fromClause ?? []).flatMap(relationsIn),
    ...conditions([select.whereClause, ...(select.fromClause ?? []).flatMap(innerConditionsIn)]),
    order: orderOf(select),
    limited: limitOf(select) !== undefined,
    aggregates: (select.groupClause ?? []).length > 0 || aggregatesRows(select),
    readsOnly: !locksRows(select) && !writesRows(select),
    nearest: nearestOf(select),
    assigned: [],
    causes: CAUSES.flatMap(({ find }) => find(select)),
  };
}

function relationsIn(node: Node): readonly NamedRelation[] {
  if ('RangeVar' in node) return relationOf(node.RangeVar);
  if ('JoinExpr' in node) {
    return [node.JoinExpr.larg, node.JoinExpr.rarg].flatMap((side) => (side ? relationsIn(side) : []));
  }
  return [];
}

/** Conditions of inner joins: those of outer ones hold for the rows that match alone. */
function innerConditionsIn(node: Node): readonly (Node | undefined)[] {
  if (!('JoinExpr' in node) || (node.JoinExpr.jointype ?? 'JOIN_INNER') !== 'JOIN_INNER') return [];
  const { larg, rarg, quals } = node.JoinExpr;
  return [quals, ...[larg, rarg].flatMap((side) => (side ? innerConditionsIn(side) : []))];
}

/** Conditions that must all hold. Those below OR and NOT say nothing about every row. */
function conditions(
  wheres: readonly (Node | undefined)[],
): Pick<StatementShape, 'equalities' | 'lists' | 'ranges' | 'joined' | 'tests' | 'conditions'> {
  const [equalities, lists, ranges, joined]: [ColumnUse[], ColumnUse[], ColumnUse[], ColumnUse[]] = [[], [], [], []];
  const all = wheres.flatMap(conjunctsOf);
  const visit = (node: Node): void => {
    if (!('A_Expr' in node)) return;
    const { kind, lexpr, rexpr } = node.A_Expr;
    const left = columnOf(lexpr);
    const right = columnOf(rexpr);
    const isRange = kind === 'AEXPR_BETWEEN' || (kind === 'AEXPR_OP' && /^[<>]=?$/.test(operatorOf(node) ?? ''));
    if (isRange && (left === null || right === null)) ranges.push(...[left, right].filter((use) => use !== null));
    if (operatorOf(node) !== '=') return;
    if (kind === 'AEXPR_OP' && left && right && left.alias !== right.alias) joined.push(left, right);
    if (kind === 'AEXPR_OP' && left && !right) equalities.push(left);
    else if (kind === 'AEXPR_OP' && right && !left) equalities.push(right);
    else if ((kind === 'AEXPR_IN' || kind === 'AEXPR_OP_ANY') && left) lists.push(left);
  };
  for (const one of all) visit(one);
  return { equalities, lists, ranges, joined, tests: all.flatMap(testOf), conditions: all.length };
}

function testOf(node: Node): readonly ColumnTest[] {
  const of = (side: Node | undefined, is: ColumnTest['is']): readonly ColumnTest[] => {
    const use = bareColumnOf(side);
    return use ? [{ ...use, is }] : [];
  };
  if ('NullTest' in node) return of(node.NullTest.arg, node.NullTest.nulltesttype === 'IS_NULL' ? 'null' : 'not null');
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'NOT_EXPR') return of(node.BoolExpr.args?.[0], 'false');
  if ('BooleanTest' in node) {
    const is = ({ IS_TRUE: 'true', IS_FALSE: 'false' } as const)[String(node.BooleanTest.booltesttype)];
    return is ? of(node.BooleanTest.arg, is) : [];
  }
  return of(node, 'true');
}

function orderOf({ sortClause = [] }: SelectStmt): readonly ColumnUse[] {
  const keys = sortClause.flatMap((key) => ('SortBy' in key ? [key.SortBy] : []));
  const isOf = (descending: boolean): boolean =>
    keys.every(
      ({ sortby_dir, sortby_nulls }) =>
        (sortby_dir === 'SORTBY_DESC') === descending &&
        (sortby_nulls ?? 'SORTBY_NULLS_DEFAULT') === 'SORTBY_NULLS_DEFAULT',
    );
  const columns = keys.flatMap(({ node }) => columnOf(node) ?? []);
  return columns.length === keys.length && (isOf(false) || isOf(true)) ? columns : [];
}

function nearestOf(select: SelectStmt): NearestSearch | null {
  const keys = (select.sortClause ?? []).flatMap((key) => ('SortBy' in key ? [key.SortBy] : []));
  const first = keys[0];
  if (!first?.node) return null;
  const ordered = resolved(first.node, select);
  const distance = distanceIn(ordered);
  const [use] = distance?.sides.flatMap((side) => columnOf(side) ?? []) ?? [];
  if (!distance || !use) return null;
  const defect: OrderDefect | null =
    ordered !== distance.node || distance.function !== null
      ? 'expression'
      : first.sortby_dir === 'SORTBY_DESC'
        ? 'descending'
        : keys.length > 1
          ? 'further-key'
          : limitOf(select) === undefined
            ? 'no-limit'
            : null;
  return { ...use, operator: distance.operator, defect, filtered: select.whereClause !== undefined };
}

/** What an output name in ORDER BY stands for. */
function resolved(node: Node, select: SelectStmt): Node {
  const name = columnOf(node);
  if (!name || name.alias !== null || !('ColumnRef' in node)) return node;
  for (const target of select.targetList ?? []) {
    if ('ResTarget' in target && target.ResTarget.name === name.column && target.ResTarget.val)
      return target.ResTarget.val;
  }
  return node;
}
