import type { AlterTableCmd, ColumnDef, Constraint, CreateStmt, Node } from 'libpg-query';
import { constraintOf } from '../sql/columns.js';
import { indexOf } from '../sql/index-definition.js';
import { bareName, strings, tableName } from '../sql/names.js';

/*
 * Statements in the form that reductions work on: one command an ALTER TABLE, every constraint one of its table and named
 * as the server would name it, so that nothing depends on the name that the table has at the moment.
 */

/**
 * The parts of a statement, in order; the statement itself where it has none.
 *
 * @param taken names of relations and constraints that exist, by table: the server avoids them when it chooses a name
 */
export function splitStatement(node: Node, taken: TakenNames): readonly Node[] {
  if ('CreateStmt' in node) return [{ CreateStmt: withNamedConstraints(node.CreateStmt, taken) }];
  if ('IndexStmt' in node) {
    const { concurrent: _concurrent, ...statement } = node.IndexStmt;
    const name = statement.idxname ?? bareName(indexOf(statement, taken.relations()).name);
    return [{ IndexStmt: { ...statement, idxname: name } }];
  }
  if ('DropStmt' in node) {
    const { concurrent, ...statement } = node.DropStmt;
    if (statement.objects?.length === 1 && concurrent !== true) return [node];
    return (statement.objects ?? []).map((object) => ({ DropStmt: { ...statement, objects: [object] } }));
  }
  if ('AlterTableStmt' in node && node.AlterTableStmt.objtype === 'OBJECT_TABLE') {
    const { AlterTableStmt: statement } = node;
    const table = tableName(statement.relation);
    const commands = (statement.cmds ?? []).flatMap((command) =>
      'AlterTableCmd' in command ? [command.AlterTableCmd] : [],
    );
    const dropped = new Set(
      commands.flatMap(({ subtype, name = '' }) => (subtype === 'AT_DropConstraint' ? [name] : [])),
    );
    return commands
      .toSorted((a, b) => passOf(a) - passOf(b))
      .flatMap((command) => splitCommand(table, command, taken, dropped))
      .map((own) => ({ AlterTableStmt: { ...statement, cmds: [{ AlterTableCmd: own }] } }));
  }
  return [node];
}

/** The commands of one ALTER TABLE run in passes: what is dropped first, then types, then all others (tablecmds.c). */
function passOf({ subtype, def }: AlterTableCmd): number {
  const isDrop =
    subtype === 'AT_DropColumn' ||
    subtype === 'AT_DropConstraint' ||
    subtype === 'AT_DropNotNull' ||
    (subtype === 'AT_ColumnDefault' && def === undefined);
  if (isDrop) return 0;
  return subtype === 'AT_AlterColumnType' ? 1 : 2;
}

/** Names that are in use, without their schemas. */
export interface TakenNames {
  relations(): ReadonlySet<string>;
  constraintsOf(table: string): ReadonlySet<string>;
}

function withNamedConstraints(statement: CreateStmt, taken: TakenNames): CreateStmt {
  const table = tableName(statement.relation);
  const used = new Set([...taken.relations(), ...taken.constraintsOf(table)]);
  const columns: Node[] = [];
  const constraints: Node[] = [];
  for (const element of statement.tableElts ?? []) {
    if ('ColumnDef' in element) {
      const { column, own } = takeApart(table, element.ColumnDef, used);
      columns.push({ ColumnDef: column });
      constraints.push(...own);
    } else if ('Constraint' in element) {
      constraints.push({ Constraint: named(table, element.Constraint, null, used) });
    } else columns.push(element);
  }
  return {
    ...statement,
    tableElts: [...columns, ...constraints.filter((node, index) => !isRepeatedKey(node, constraints, index))],
  };
}

/** Of keys on the same columns, the server creates one: the primary key, or else the first. */
function isRepeatedKey(node: Node, constraints: readonly Node[], index: number): boolean {
  if (!('Constraint' in node) || node.Constraint.contype !== 'CONSTR_UNIQUE') return false;
  return constraints.some(
    (other, at) =>
      at !== index &&
      hasSameKeys(other, node.Constraint) &&
      'Constraint' in other &&
      (other.Constraint.contype === 'CONSTR_PRIMARY' || at < index),
  );
}

/** Whether an element is a key on the same columns. */
export function hasSameKeys(element: Node, { keys }: Constraint): boolean {
  if (!('Constraint' in element)) return false;
  const { contype, keys: own } = element.Constraint;
  return (
    (contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE') &&
    strings(own).join('\0') === strings(keys).join('\0')
  );
}

/** A column without those of its constraints that are the table's, and these. */
function takeApart(
  table: string,
  definition: ColumnDef,
  used: Set<string>,
): { readonly column: ColumnDef; readonly own: readonly Node[] } {
  const name = definition.colname ?? '';
  const kept: Node[] = [];
  const own: Node[] = [];
  for (const node of definition.constraints ?? []) {
    const constraint = 'Constraint' in node ? node.Constraint : null;
    if (constraint && OF_TABLE.has(constraint.contype ?? 'CONSTR_NULL'))
      own.push({ Constraint: named(table, constraint, name, used) });
    else kept.push(node);
  }
  const isKey = own.some((node) => 'Constraint' in node && node.Constraint.contype === 'CONSTR_PRIMARY');
  const hasNotNull = kept.some((node) => 'Constraint' in node && node.Constraint.contype === 'CONSTR_NOTNULL');
  const constraints = isKey && !hasNotNull ? [...kept, NOT_NULL] : kept;
  return { column: { ...definition, constraints }, own: withAttributes(own, kept) };
}

export const NOT_NULL: Node = { Constraint: { contype: 'CONSTR_NOTNULL', is_enforced: true, initially_valid: true } };

const OF_TABLE: ReadonlySet<NonNullable<Constraint['contype']>> = new Set([
  'CONSTR_PRIMARY',
  'CONSTR_UNIQUE',
  'CONSTR_CHECK',
  'CONSTR_FOREIGN',
]);

/** DEFERRABLE and INITIALLY DEFERRED follow the constraint of a column as constraints of their own. */
function withAttributes(own: readonly Node[], kept: Node[]): readonly Node[] {
  const has = (contype: Constraint['contype']): boolean => {
    const at = kept.findIndex((node) => 'Constraint' in node && node.Constraint.contype === contype);
    if (at >= 0) kept.splice(at, 1);
    return at >= 0;
  };
  const [deferrable, deferred] = [has('CONSTR_ATTR_DEFERRABLE'), has('CONSTR_ATTR_DEFERRED')];
  has('CONSTR_ATTR_NOT_DEFERRABLE');
  has('CONSTR_ATTR_IMMEDIATE');
  if (!deferrable && !deferred) return own;
  return own.map((node) =>
    'Constraint' in node ? { Constraint: { ...node.Constraint, deferrable: true, initdeferred: deferred } } : node,
  );
}

function named(table: string, constraint: Constraint, column: string | null, used: Set<string>): Constraint {
  const definition = constraintOf(table, constraint, column, used);
  if (!definition) return constraint;
  const names = definition.columns.map((sval) => ({ String: { sval } }));
  const base = { ...constraint, conname: definition.name };
  if (constraint.contype === 'CONSTR_FOREIGN') return { ...base, fk_attrs: names };
  const isKey = constraint.contype === 'CONSTR_PRIMARY' || constraint.contype === 'CONSTR_UNIQUE';
  return isKey && !constraint.indexname ? { ...base, keys: names } : base;
}

function splitCommand(
  table: string,
  command: AlterTableCmd,
  taken: TakenNames,
  dropped: ReadonlySet<string>,
): readonly AlterTableCmd[] {
  const used = new Set([...taken.relations(), ...taken.constraintsOf(table)].filter((name) => !dropped.has(name)));
  const { def } = command;
  if (command.subtype === 'AT_AddConstraint' && def && 'Constraint' in def) {
    return [{ ...command, def: { Constraint: named(table, def.Constraint, null, used) } }];
  }
  if (command.subtype !== 'AT_AddColumn' || !def || !('ColumnDef' in def)) return [command];
  const { column, own } = takeApart(table, def.ColumnDef, used);
  return [
    { ...command, def: { ColumnDef: column } },
    ...own.map((constraint): AlterTableCmd => ({
      subtype: 'AT_AddConstraint',
      def: constraint,
      behavior: 'DROP_RESTRICT',
    })),
  ];
}
