import type { ColumnDefinition, Effect } from '../effects.js';
import type { Misfit } from './apply.js';
import { newTable, objectKey, renameKey, type Schema, type Table } from './schema.js';

type TableEffect = Extract<
  Effect,
  {
    kind:
      | 'add-column'
      | 'drop-column'
      | 'rename-column'
      | 'set-type'
      | 'set-default'
      | 'set-not-null'
      | 'add-constraint'
      | 'drop-constraint'
      | 'rename-constraint'
      | 'validate-constraint';
  }
>;

/** Applies what ALTER TABLE does to one table. */
export function applyToTable(schema: Schema, effect: TableEffect): Misfit | null {
  const table = schema.tables.get(effect.table);
  if (!table) {
    if (schema.objects.has(objectKey('view', effect.table))) return null;
    // Nothing more is known of it, but what follows must not be reported again and again.
    schema.tables.set(effect.table, newTable(effect.table, { isOfHistory: false, isPartlyKnown: true }));
    return 'missing';
  }
  switch (effect.kind) {
    case 'add-column': {
      if (table.columns.has(effect.column.name)) return effect.ifNotExists ? null : 'exists';
      table.columns.set(effect.column.name, effect.column);
      return null;
    }
    case 'drop-column': {
      const dropped = table.columns.delete(effect.column);
      forgetColumn(schema, table, effect.column);
      return dropped || effect.ifExists || table.isPartlyKnown ? null : 'missing';
    }
    case 'rename-column': {
      if (!table.columns.has(effect.column)) return table.isPartlyKnown ? null : 'missing';
      if (table.columns.has(effect.to)) return 'exists';
      renameColumn(schema, table, effect.column, effect.to);
      return null;
    }
    case 'set-type':
      return change(table, effect.column, (column) => ({ ...column, type: effect.type }));
    case 'set-default':
      return change(table, effect.column, (column) => ({ ...column, default: effect.default }));
    case 'set-not-null':
      return change(table, effect.column, (column) => ({ ...column, notNull: effect.notNull }));
    case 'add-constraint': {
      const { constraint } = effect;
      if (table.constraints.has(constraint.name) && !constraint.nameIsChosen) return 'exists';
      if (constraint.usingIndex !== null) table.indexes.delete(constraint.usingIndex);
      table.constraints.set(constraint.name, constraint);
      if (constraint.kind === 'primary-key') {
        for (const name of constraint.columns) change(table, name, (column) => ({ ...column, notNull: true }));
      }
      return null;
    }
    case 'drop-constraint': {
      const dropped = table.constraints.delete(effect.name);
      return dropped || effect.ifExists || table.isPartlyKnown ? null : 'missing';
    }
    case 'rename-constraint': {
      if (!table.constraints.has(effect.name)) return table.isPartlyKnown ? null : 'missing';
      renameKey(table.constraints, effect.name, effect.to, (one) => ({ ...one, name: effect.to, nameIsChosen: false }));
      return null;
    }
    case 'validate-constraint': {
      const constraint = table.constraints.get(effect.name);
      if (!constraint) return table.isPartlyKnown ? null : 'missing';
      table.constraints.set(effect.name, { ...constraint, notValid: false });
      return null;
    }
  }
}

function change(table: Table, name: string, to: (column: ColumnDefinition) => ColumnDefinition): Misfit | null {
  const column = table.columns.get(name);
  if (!column) return table.isPartlyKnown ? null : 'missing';
  table.columns.set(name, to(column));
  return null;
}

/** Indexes and constraints go with a column of theirs; foreign keys of other tables with the column they refer to. */
function forgetColumn(schema: Schema, table: Table, column: string): void {
  for (const [name, index] of table.indexes) {
    const names = [...index.keys.map(({ sql }) => sql), ...index.include];
    if (
      names.includes(column) ||
      mentions(
        [...index.keys.filter(({ isExpression }) => isExpression).map(({ sql }) => sql), index.where ?? ''],
        column,
      )
    ) {
      table.indexes.delete(name);
    }
  }
  for (const [name, { columns }] of table.constraints) if (columns.includes(column)) table.constraints.delete(name);
  for (const other of schema.tables.values()) {
    for (const [name, { references }] of other.constraints) {
      if (references?.table === table.name && references.columns.includes(column)) other.constraints.delete(name);
    }
  }
}

const mentions = (texts: readonly string[], column: string): boolean =>
  texts.some((text) =>
    new RegExp(`(^|[^\\w"])"?${column.replaceAll(/[^\w]/g, String.raw`\$&`)}"?($|[^\\w"])`).test(text),
  );

function renameColumn(schema: Schema, table: Table, from: string, to: string): void {
  const renamed = (names: readonly string[]): readonly string[] => names.map((name) => (name === from ? to : name));
  renameKey(table.columns, from, to, (column) => ({ ...column, name: to }));
  for (const [name, index] of table.indexes) {
    const keys = index.keys.map((key) => (key.sql === from && !key.isExpression ? { ...key, sql: to } : key));
    table.indexes.set(name, { ...index, keys, include: renamed(index.include) });
  }
  for (const [name, constraint] of table.constraints) {
    table.constraints.set(name, { ...constraint, columns: renamed(constraint.columns) });
  }
  for (const other of schema.tables.values()) {
    for (const [name, constraint] of other.constraints) {
      if (constraint.references?.table !== table.name) continue;
      const references = { ...constraint.references, columns: renamed(constraint.references.columns) };
      other.constraints.set(name, { ...constraint, references });
    }
  }
}
