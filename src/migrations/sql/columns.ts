import type { ColumnDef, Constraint, Node, TypeName } from 'libpg-query';
import type { ColumnDefinition, ConstraintDefinition } from '../effects.js';
import { grammar } from '../../statements/index.js';
import { columnsLabel, bareName, objectName, strings, tableName } from './names.js';

const SERIAL = new Set(['serial', 'bigserial', 'smallserial', 'serial4', 'serial8', 'serial2']);

/** A type as the deparser writes it, such as `varchar(20)`. */
export function typeSql(type: TypeName | undefined): string {
  return type ? grammar().write({ TypeName: type }) : '';
}

export const expressionSql = (node: Node | undefined): string => (node ? grammar().write(node) : '');

/** What a definition of a column says of the column itself. */
export function columnOf(definition: ColumnDef): ColumnDefinition {
  const type = typeSql(definition.typeName);
  const constraints = (definition.constraints ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
  const find = (contype: Constraint['contype']): Constraint | undefined =>
    constraints.find((one) => one.contype === contype);
  const serial = SERIAL.has(type.toLowerCase());
  const generated = find('CONSTR_GENERATED');
  const notNull =
    serial ||
    find('CONSTR_NOTNULL') !== undefined ||
    find('CONSTR_PRIMARY') !== undefined ||
    find('CONSTR_IDENTITY') !== undefined;
  const byDefault = find('CONSTR_DEFAULT');
  return {
    name: definition.colname ?? '',
    type,
    notNull,
    default: byDefault ? expressionSql(byDefault.raw_expr) : null,
    generated: serial
      ? 'serial'
      : find('CONSTR_IDENTITY')
        ? 'identity'
        : generated
          ? (generated as { generated_kind?: string }).generated_kind === 'v'
            ? 'virtual'
            : 'stored'
          : null,
  };
}

const KINDS: Partial<Record<NonNullable<Constraint['contype']>, ConstraintDefinition['kind']>> = {
  CONSTR_PRIMARY: 'primary-key',
  CONSTR_UNIQUE: 'unique',
  CONSTR_CHECK: 'check',
  CONSTR_FOREIGN: 'foreign-key',
  CONSTR_EXCLUSION: 'exclude',
};

/**
 * The constraints of a table, columns' own included, each with the name that it gets.
 *
 * @param taken names that are in use already: the server adds a number to the names that it chooses
 */
export function constraintsOf(
  table: string,
  elements: readonly Node[],
  taken: ReadonlySet<string> = new Set(),
): readonly ConstraintDefinition[] {
  const used = new Set(taken);
  return withoutRepeatedKeys(
    elements.flatMap((element) => {
      if ('Constraint' in element) return constraintOf(table, element.Constraint, null, used) ?? [];
      if (!('ColumnDef' in element)) return [];
      const column = element.ColumnDef.colname ?? '';
      return (element.ColumnDef.constraints ?? []).flatMap((node) =>
        'Constraint' in node ? (constraintOf(table, node.Constraint, column, used) ?? []) : [],
      );
    }),
  );
}

/** Of keys on the same columns, the server creates one: the primary key, or else the first (transformIndexConstraints). */
function withoutRepeatedKeys(constraints: readonly ConstraintDefinition[]): readonly ConstraintDefinition[] {
  const isKey = ({ kind }: ConstraintDefinition): boolean => kind === 'primary-key' || kind === 'unique';
  return constraints.filter((constraint, index) => {
    if (constraint.kind !== 'unique') return true;
    const same = (other: ConstraintDefinition): boolean =>
      isKey(other) && other.columns.join('\0') === constraint.columns.join('\0');
    return !constraints.some(
      (other, at) => at !== index && same(other) && (other.kind === 'primary-key' || at < index),
    );
  });
}

/** One constraint; null for what is none of the table's (NOT NULL, DEFAULT). */
export function constraintOf(
  table: string,
  constraint: Constraint,
  column: string | null,
  used: Set<string>,
): ConstraintDefinition | null {
  const kind = KINDS[constraint.contype ?? 'CONSTR_NULL'];
  if (!kind) return null;
  const columns = columnsOf(constraint, column);
  const name = constraint.conname ?? chosenName(table, kind, columns, constraint, used);
  used.add(name);
  return {
    name,
    nameIsChosen: constraint.conname === undefined,
    kind,
    columns,
    references: constraint.pktable
      ? { table: tableName(constraint.pktable), columns: strings(constraint.pk_attrs) }
      : null,
    notValid: constraint.skip_validation === true,
    usingIndex: constraint.indexname ?? null,
    sql: expressionSql({ Constraint: ofTable(constraint, columns) }),
  };
}

/** The constraint as one of the table, without its name. */
function ofTable({ conname: _name, ...constraint }: Constraint, columns: readonly string[]): Constraint {
  const names = columns.map((sval) => ({ String: { sval } }));
  if (constraint.contype === 'CONSTR_FOREIGN') return { ...constraint, fk_attrs: names };
  const isKey = constraint.contype === 'CONSTR_PRIMARY' || constraint.contype === 'CONSTR_UNIQUE';
  return isKey && !constraint.indexname ? { ...constraint, keys: names } : constraint;
}

function columnsOf(constraint: Constraint, column: string | null): readonly string[] {
  if (constraint.contype === 'CONSTR_CHECK') {
    return [...new Set(columnReferences(constraint.raw_expr))];
  }
  const listed = strings(constraint.contype === 'CONSTR_FOREIGN' ? constraint.fk_attrs : constraint.keys);
  if (listed.length > 0) return listed;
  if (constraint.contype === 'CONSTR_EXCLUSION') {
    return (constraint.exclusions ?? []).flatMap((pair) => {
      const [element] = 'List' in pair ? (pair.List.items ?? []) : [];
      return element && 'IndexElem' in element && element.IndexElem.name ? [element.IndexElem.name] : [];
    });
  }
  return column === null ? [] : [column];
}

const LABELS: Record<ConstraintDefinition['kind'], string> = {
  'primary-key': 'pkey',
  unique: 'key',
  check: 'check',
  'foreign-key': 'fkey',
  exclude: 'excl',
};

function chosenName(
  table: string,
  kind: ConstraintDefinition['kind'],
  columns: readonly string[],
  constraint: Constraint,
  used: ReadonlySet<string>,
): string {
  if (constraint.indexname) return constraint.indexname;
  const middle =
    kind === 'primary-key'
      ? null
      : kind === 'check'
        ? columns.length === 1
          ? columns[0]!
          : null
        : columnsLabel(columns);
  return unusedName(bareName(table), middle, LABELS[kind], used);
}

/** As ChooseRelationName does: a number is added to the label until the name is free. */
export function unusedName(first: string, second: string | null, label: string, used: ReadonlySet<string>): string {
  for (let pass = 0; ; pass++) {
    const name = objectName(first, second, pass === 0 ? label : `${label}${pass}`);
    if (!used.has(name)) return name;
  }
}

/** Names of the columns that an expression mentions, in order, with repetitions. */
export function columnReferences(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(columnReferences);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'ColumnRef' ? strings((value as { fields?: Node[] }).fields).slice(-1) : columnReferences(value),
  );
}
