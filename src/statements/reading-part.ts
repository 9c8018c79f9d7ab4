import type { DeleteStmt, Node, ResTarget, SelectStmt, UpdateStmt } from 'libpg-query';
import { grammar } from './grammar.js';
import { column, copyOf, locksRows, nodesIn, relationOf, selectsIn, writesRows } from './nodes.js';

/** How much of a statement its reading part is. */
export type ReadingPart = 'all' | 'without row locks' | 'rows to write';

/** What a statement reads, as a SELECT that locks and writes nothing. */
export interface Reading {
  readonly sql: string;
  readonly part: ReadingPart;
}

/**
 * The part of a statement that anybody who may read its tables may plan: EXPLAIN of an UPDATE wants the right to update, and locks
 * the table against index builds. A SELECT stays as it was given.
 *
 * @returns null where there is none: an INSERT, or a common table expression that writes
 */
export function readingOf(text: string): Reading | null {
  const [statement] = (grammar().parse(text).stmts ?? []).flatMap(({ stmt }) => stmt ?? []);
  if (!statement) return null;
  if ('SelectStmt' in statement && !locksRows(statement.SelectStmt)) {
    return writesRows(statement.SelectStmt) ? null : { sql: text, part: 'all' };
  }
  const select = selectOf(statement);
  if (!select || writesRows(select)) return null;
  const unlocked = withoutLocks(select);
  return {
    sql: grammar().write({ SelectStmt: unlocked }),
    part: 'SelectStmt' in statement ? 'without row locks' : 'rows to write',
  };
}

const selectOf = (statement: Node): SelectStmt | null => {
  if ('SelectStmt' in statement) return statement.SelectStmt;
  if ('UpdateStmt' in statement) return rowsToUpdate(statement.UpdateStmt);
  return 'DeleteStmt' in statement ? rowsToDelete(statement.DeleteStmt) : null;
};

/** Finds the rows that an UPDATE writes, with what it writes into them. */
export const rowsToUpdate = (update: UpdateStmt): SelectStmt =>
  rowsToWrite(update, update.fromClause, (update.targetList ?? []).flatMap(valueOf));

/** Finds the rows that a DELETE removes. */
export const rowsToDelete = (statement: DeleteStmt): SelectStmt => rowsToWrite(statement, statement.usingClause, []);

/** Its parameters all stay, or the server could not tell their types. */
function rowsToWrite(
  { relation, whereClause, withClause, returningClause }: UpdateStmt | DeleteStmt,
  from: readonly Node[] = [],
  values: readonly Node[],
): SelectStmt {
  const alias = relationOf(relation)[0]?.alias ?? '';
  const returned = (returningClause?.exprs ?? []).flatMap((one) =>
    'ResTarget' in one ? (one.ResTarget.val ?? []) : [],
  );
  const targets = [
    column(alias, 'ctid'),
    ...values,
    ...returned.filter((value) => [...nodesIn(value)].some((node) => 'ParamRef' in node)),
  ];
  return {
    targetList: targets.map((val) => ({ ResTarget: { val } })),
    fromClause: [...(relation ? [{ RangeVar: relation }] : []), ...from],
    ...(whereClause ? { whereClause } : {}),
    ...(withClause ? { withClause } : {}),
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  };
}

/** What is assigned to a column, unless it is DEFAULT. The columns of a row share their source: the first brings it. */
function valueOf(target: Node): readonly Node[] {
  const { val }: ResTarget = 'ResTarget' in target ? target.ResTarget : {};
  if (!val || 'SetToDefault' in val) return [];
  if (!('MultiAssignRef' in val)) return [val];
  const { colno, source } = val.MultiAssignRef;
  if (colno !== 1 || !source) return [];
  return 'RowExpr' in source ? (source.RowExpr.args ?? []) : [source];
}

function withoutLocks(select: SelectStmt): SelectStmt {
  const copy = copyOf(select);
  for (const one of selectsIn(copy)) delete one.lockingClause;
  return copy;
}
