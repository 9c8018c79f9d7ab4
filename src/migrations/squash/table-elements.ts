import type { ColumnDef, Constraint, CreateStmt, Node } from 'libpg-query';
import { columnReferences, typeSql } from '../sql/columns.js';
import { strings } from '../sql/names.js';
import { NOT_NULL } from './split.js';

/** What stands in the parentheses of CREATE TABLE. */
export const elementsOf = (create: CreateStmt): readonly Node[] => create.tableElts ?? [];

export const columnNamed = (create: CreateStmt, name: string): ColumnDef | undefined =>
  elementsOf(create)
    .flatMap((element) => ('ColumnDef' in element ? [element.ColumnDef] : []))
    .find(({ colname }) => colname === name);

export const constraintNamed = (create: CreateStmt, name: string): Constraint | undefined =>
  elementsOf(create)
    .flatMap((element) => ('Constraint' in element ? [element.Constraint] : []))
    .find(({ conname }) => conname === name);

export const changeColumn = (
  create: CreateStmt,
  name: string,
  change: (column: ColumnDef) => ColumnDef,
): CreateStmt => ({
  ...create,
  tableElts: elementsOf(create).map((element) =>
    'ColumnDef' in element && element.ColumnDef.colname === name ? { ColumnDef: change(element.ColumnDef) } : element,
  ),
});

export const changeConstraint = (
  create: CreateStmt,
  name: string,
  change: (constraint: Constraint) => Constraint,
): CreateStmt => ({
  ...create,
  tableElts: elementsOf(create).map((element) =>
    'Constraint' in element && element.Constraint.conname === name
      ? { Constraint: change(element.Constraint) }
      : element,
  ),
});

const contypeOf = (node: Node): Constraint['contype'] | undefined =>
  'Constraint' in node ? node.Constraint.contype : undefined;

/** The columns that a constraint is about, with those that an expression mentions. */
export const columnsOfConstraint = (constraint: Constraint): readonly string[] => [
  ...strings(constraint.keys),
  ...strings(constraint.fk_attrs),
  ...columnReferences(constraint.raw_expr),
  ...columnReferences(constraint.exclusions),
];

/** Whether an element is more than it looks like: values come from a sequence, or from other columns. */
export const isComputed = (column: ColumnDef): boolean =>
  /^(small|big)?serial\d?$/i.test(typeSql(column.typeName)) ||
  (column.constraints ?? []).some(
    (node) => contypeOf(node) === 'CONSTR_GENERATED' || contypeOf(node) === 'CONSTR_IDENTITY',
  );

export const isSerial = (column: ColumnDef): boolean => /^(small|big)?serial\d?$/i.test(typeSql(column.typeName));

export const hasDefault = (column: ColumnDef): boolean =>
  (column.constraints ?? []).some((node) => contypeOf(node) === 'CONSTR_DEFAULT');

/** @param expression null drops the default */
export const withDefault = (column: ColumnDef, expression: Node | null): ColumnDef => ({
  ...column,
  constraints: [
    ...(column.constraints ?? []).filter((node) => contypeOf(node) !== 'CONSTR_DEFAULT'),
    ...(expression === null ? [] : [{ Constraint: { contype: 'CONSTR_DEFAULT' as const, raw_expr: expression } }]),
  ],
});

export const withNotNull = (column: ColumnDef, notNull: boolean): ColumnDef => ({
  ...column,
  constraints: [
    ...(column.constraints ?? []).filter(
      (node) => contypeOf(node) !== 'CONSTR_NOTNULL' && contypeOf(node) !== 'CONSTR_NULL',
    ),
    ...(notNull ? [NOT_NULL] : []),
  ],
});

/** Another name for a column in keys and expressions. */
export function renameIn<T>(node: T, from: string, to: string): T {
  return mapNodes(node, (key, value) => {
    if (key === 'ColumnRef') return renameLast(value as { fields?: Node[] }, from, to);
    if (key === 'keys' || key === 'fk_attrs') return (value as Node[]).map((item) => renameString(item, from, to));
    return undefined;
  });
}

function renameLast(reference: { fields?: Node[] }, from: string, to: string): object {
  const fields = reference.fields ?? [];
  return {
    ...reference,
    fields: fields.map((field, index) => (index === fields.length - 1 ? renameString(field, from, to) : field)),
  };
}

const renameString = (node: Node, from: string, to: string): Node =>
  'String' in node && node.String.sval === from ? { String: { sval: to } } : node;

/** A copy of a tree; `change` may give another value for a key, or undefined to go on below it. */
export function mapNodes<T>(node: T, change: (key: string, value: unknown) => unknown): T {
  if (Array.isArray(node)) return node.map((item: unknown) => mapNodes(item, change)) as T;
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, change(key, value) ?? mapNodes(value as unknown, change)]),
  ) as T;
}
