import type { AlterTableCmd, CreateStmt, Node } from 'libpg-query';
import type { Effect } from '../effects.js';
import { hasSameKeys } from './split.js';
import { bareName, schemaOf, strings } from '../sql/names.js';
import {
  changeColumn,
  changeConstraint,
  columnNamed,
  columnsOfConstraint,
  constraintNamed,
  elementsOf,
  hasDefault,
  isComputed,
  isSerial,
  renameIn,
  withDefault,
  withNotNull,
} from './table-elements.js';

type TableEffect = Extract<Effect, { readonly table: string }>;

/**
 * CREATE TABLE with a later change of the table worked into it.
 *
 * @returns null where the change must stay a statement of its own
 */
export function foldIntoTable(create: CreateStmt, effect: TableEffect, later: Node): readonly Node[] | null {
  if ((create.inhRelations ?? []).length > 0 || create.partbound || create.ofTypename) return null;
  const folded = effect.kind === 'rename-table' ? renamedTable(create, effect.to) : changedTable(create, effect, later);
  return folded && [{ CreateStmt: folded }];
}

function changedTable(create: CreateStmt, effect: TableEffect, later: Node): CreateStmt | null {
  const command = commandOf(later);
  // Only changes of columns and constraints can be worked in.
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check
  switch (effect.kind) {
    case 'add-column': {
      const { def } = command ?? {};
      if (!def || !('ColumnDef' in def) || columnNamed(create, effect.column.name)) return null;
      const constraints = elementsOf(create).filter((element) => 'Constraint' in element);
      const others = elementsOf(create).filter((element) => !('Constraint' in element));
      return { ...create, tableElts: [...others, def, ...constraints] };
    }
    case 'drop-column':
      return withoutColumn(create, effect.column);
    case 'set-type': {
      const { def } = command ?? {};
      const column = columnNamed(create, effect.column);
      const type = def && 'ColumnDef' in def ? def.ColumnDef.typeName : undefined;
      // A default keeps the cast of the type that it was written for.
      if (!column || !type || isComputed(column) || hasDefault(column) || isInExpression(create, effect.column))
        return null;
      const { collClause, ...plain } = column;
      const collation = def && 'ColumnDef' in def ? def.ColumnDef.collClause : undefined;
      if (collClause && !collation) return null;
      return changeColumn(create, effect.column, () => ({
        ...plain,
        typeName: type,
        ...(collation ? { collClause: collation } : {}),
      }));
    }
    case 'set-default': {
      const column = columnNamed(create, effect.column);
      if (!column || isComputed(column)) return null;
      return changeColumn(create, effect.column, (own) => withDefault(own, command?.def ?? null));
    }
    case 'set-not-null': {
      const column = columnNamed(create, effect.column);
      if (!column || isComputed(column)) return null;
      return changeColumn(create, effect.column, (own) => withNotNull(own, effect.notNull));
    }
    case 'rename-column': {
      const column = columnNamed(create, effect.column);
      if (!column || isComputed(column) || elementsOf(create).some(isLike)) return null;
      const renamed = changeColumn(create, effect.column, (own) => ({ ...own, colname: effect.to }));
      return {
        ...renamed,
        tableElts: elementsOf(renamed).map((element) => renameIn(element, effect.column, effect.to)),
      };
    }
    case 'add-constraint': {
      const { def } = command ?? {};
      if (!def || !('Constraint' in def) || effect.constraint.usingIndex !== null || effect.constraint.notValid)
        return null;
      const { Constraint: added } = def;
      // Of two keys on the same columns, CREATE TABLE would make one.
      const isKey = added.contype === 'CONSTR_PRIMARY' || added.contype === 'CONSTR_UNIQUE';
      if (isKey && elementsOf(create).some((element) => hasSameKeys(element, added))) return null;
      return { ...create, tableElts: [...elementsOf(create), def] };
    }
    case 'drop-constraint': {
      const constraint = constraintNamed(create, effect.name);
      if (!constraint) return null;
      const without = {
        ...create,
        tableElts: elementsOf(create).filter(
          (element) => !('Constraint' in element && element.Constraint.conname === effect.name),
        ),
      };
      if (constraint.contype !== 'CONSTR_PRIMARY') return without;
      // The columns of a primary key stay NOT NULL without it.
      return strings(constraint.keys).reduce<CreateStmt>(
        (table, name) => changeColumn(table, name, (own) => (isSerial(own) ? own : withNotNull(own, true))),
        without,
      );
    }
    case 'rename-constraint':
      if (!constraintNamed(create, effect.name)) return null;
      return changeConstraint(create, effect.name, (own) => ({ ...own, conname: effect.to }));
    default:
      return null;
  }
}

/** The command of an ALTER TABLE; undefined for another statement. */
export function commandOf(node: Node): AlterTableCmd | undefined {
  if (!('AlterTableStmt' in node)) return undefined;
  const [command] = node.AlterTableStmt.cmds ?? [];
  return command && 'AlterTableCmd' in command ? command.AlterTableCmd : undefined;
}

const isLike = (element: Node): boolean => 'TableLikeClause' in element;

const isInExpression = (create: CreateStmt, column: string): boolean =>
  elementsOf(create).some((element) =>
    'Constraint' in element
      ? element.Constraint.contype !== 'CONSTR_FOREIGN' &&
        element.Constraint.contype !== 'CONSTR_UNIQUE' &&
        element.Constraint.contype !== 'CONSTR_PRIMARY' &&
        columnsOfConstraint(element.Constraint).includes(column)
      : 'ColumnDef' in element && isComputed(element.ColumnDef) && JSON.stringify(element).includes(`"${column}"`),
  );

/** Constraints of a column go with it; a primary key leaves its other columns NOT NULL. */
function withoutColumn(create: CreateStmt, name: string): CreateStmt | null {
  if (!columnNamed(create, name)) return null;
  const others = elementsOf(create).filter(
    (element) => !('ColumnDef' in element && element.ColumnDef.colname === name),
  );
  const isUsed = others.some(
    (element) =>
      'ColumnDef' in element &&
      isComputed(element.ColumnDef) &&
      !isSerial(element.ColumnDef) &&
      JSON.stringify(element).includes(`"${name}"`),
  );
  if (isUsed) return null;
  const gone = others.flatMap((element) =>
    'Constraint' in element && columnsOfConstraint(element.Constraint).includes(name) ? [element.Constraint] : [],
  );
  const kept = others.filter((element) => !('Constraint' in element && gone.includes(element.Constraint)));
  const keys = gone.filter(({ contype }) => contype === 'CONSTR_PRIMARY').flatMap(({ keys: own }) => strings(own));
  return keys
    .filter((key) => key !== name)
    .reduce<CreateStmt>(
      (table, key) => changeColumn(table, key, (own) => (isSerial(own) ? own : withNotNull(own, true))),
      {
        ...create,
        tableElts: kept,
      },
    );
}

/** Under its new name. The sequences of serial columns would keep the old name, so a table that has any is left alone. */
function renamedTable(create: CreateStmt, to: string): CreateStmt | null {
  const relation = create.relation ?? {};
  const from = relation.relname ?? '';
  const hasSequence = elementsOf(create).some((element) => 'ColumnDef' in element && isComputed(element.ColumnDef));
  if (hasSequence || schemaOf(to) !== (relation.schemaname === 'public' ? null : (relation.schemaname ?? null)))
    return null;
  const own = elementsOf(create).map((element) => retarget(element, relation.schemaname, from, bareName(to)));
  return { ...create, relation: { ...relation, relname: bareName(to) }, tableElts: own };
}

/** A foreign key of the table to itself. */
function retarget(element: Node, schema: string | undefined, from: string, to: string): Node {
  if (!('Constraint' in element) || !element.Constraint.pktable) return element;
  const { pktable } = element.Constraint;
  if (pktable.relname !== from || (pktable.schemaname ?? 'public') !== (schema ?? 'public')) return element;
  return { Constraint: { ...element.Constraint, pktable: { ...pktable, relname: to } } };
}
