import type { Effect } from '../effects.js';
import { applyToTable } from './apply-to-table.js';
import { newTable, objectKey, renameKey, type Schema } from './schema.js';

/**
 * Why an effect does not fit the schema that it meets. The operation would fail on an empty database, or something before
 * it was not understood.
 */
export type Misfit = 'exists' | 'missing';

/** Applies an effect as far as it fits. @returns null when it fits */
export function applyEffect(schema: Schema, effect: Effect): Misfit | null {
  switch (effect.kind) {
    case 'create-table':
      return createTable(schema, effect);
    case 'drop-table': {
      const dropped = schema.tables.delete(effect.table);
      forgetReferences(schema, effect.table);
      return dropped || effect.ifExists ? null : 'missing';
    }
    case 'rename-table':
      return renameTable(schema, effect.table, effect.to);
    case 'create-index': {
      const table = schema.tables.get(effect.index.table);
      if (!table) {
        if (schema.objects.has(objectKey('materialized-view', effect.index.table))) return null;
        return 'missing';
      }
      if (schema.findIndex(effect.index.name) && !effect.index.nameIsChosen)
        return effect.ifNotExists ? null : 'exists';
      table.indexes.set(effect.index.name, effect.index);
      return null;
    }
    case 'drop-index': {
      const found = schema.findIndex(effect.name);
      found?.table.indexes.delete(found.index.name);
      return found || effect.ifExists ? null : 'missing';
    }
    case 'rename-index': {
      const found = schema.findIndex(effect.name);
      if (found) {
        renameKey(found.table.indexes, effect.name, effect.to, (index) => ({
          ...index,
          name: effect.to,
          nameIsChosen: false,
        }));
        return null;
      }
      const owner = schema.findKey(effect.name);
      if (!owner) return 'missing';
      renameKey(owner.constraints, effect.name, effect.to, (constraint) => ({ ...constraint, name: effect.to }));
      return null;
    }
    case 'create-enum': {
      if (schema.enums.has(effect.type)) return 'exists';
      schema.enums.set(effect.type, effect.values);
      return null;
    }
    case 'add-enum-value':
      return addEnumValue(schema, effect);
    case 'rename-enum-value': {
      const values = schema.enums.get(effect.type);
      if (!values?.includes(effect.value)) return 'missing';
      schema.enums.set(
        effect.type,
        values.map((value) => (value === effect.value ? effect.to : value)),
      );
      return null;
    }
    case 'drop-type': {
      const isKnown = schema.enums.delete(effect.type) || schema.objects.delete(objectKey('type', effect.type));
      return isKnown || effect.ifExists ? null : 'missing';
    }
    case 'rename-type': {
      const values = schema.enums.get(effect.type);
      if (!values) return schema.objects.has(objectKey('type', effect.type)) ? null : 'missing';
      schema.enums.delete(effect.type);
      schema.enums.set(effect.to, values);
      return null;
    }
    case 'create-extension': {
      if (schema.extensions.has(effect.name)) return effect.ifNotExists ? null : 'exists';
      schema.extensions.add(effect.name);
      return null;
    }
    case 'drop-extension':
      schema.extensions.delete(effect.name);
      return null;
    case 'create-object': {
      const key = objectKey(effect.class, effect.name);
      const clashes =
        schema.objects.has(key) && !effect.replaces && effect.class !== 'function' && effect.class !== 'other';
      schema.objects.add(key);
      return clashes ? 'exists' : null;
    }
    case 'drop-object': {
      schema.objects.delete(objectKey(effect.class, effect.name));
      return null;
    }
    case 'data': {
      const table = effect.table === null ? undefined : schema.tables.get(effect.table);
      if (table && (effect.verb === 'insert' || effect.verb === 'copy' || effect.verb === 'merge'))
        table.hasRows = true;
      return null;
    }
    case 'add-column':
    case 'drop-column':
    case 'rename-column':
    case 'set-type':
    case 'set-default':
    case 'set-not-null':
    case 'add-constraint':
    case 'drop-constraint':
    case 'rename-constraint':
    case 'validate-constraint':
      return applyToTable(schema, effect);
    case 'table-option':
    case 'reindex':
    case 'alter-object':
    case 'comment':
    case 'privilege':
    case 'setting':
    case 'transaction':
    case 'maintenance':
    case 'refused':
    case 'code':
      return null;
  }
}

function createTable(schema: Schema, effect: Extract<Effect, { kind: 'create-table' }>): Misfit | null {
  if (schema.tables.has(effect.table)) return effect.ifNotExists ? null : 'exists';
  const table = newTable(effect.table, {
    isPartlyKnown: effect.from.length > 0 || effect.filled,
    hasRows: effect.filled,
  });
  const keys = new Set(
    effect.constraints.filter(({ kind }) => kind === 'primary-key').flatMap(({ columns }) => columns),
  );
  for (const column of effect.columns)
    table.columns.set(column.name, keys.has(column.name) ? { ...column, notNull: true } : column);
  for (const constraint of effect.constraints) table.constraints.set(constraint.name, constraint);
  schema.tables.set(effect.table, table);
  return null;
}

/** Foreign keys of other tables go with the table that they refer to (CASCADE). */
function forgetReferences(schema: Schema, table: string): void {
  for (const other of schema.tables.values()) {
    for (const [name, { references }] of other.constraints)
      if (references?.table === table) other.constraints.delete(name);
  }
}

function renameTable(schema: Schema, from: string, to: string): Misfit | null {
  const table = schema.tables.get(from);
  if (!table) return 'missing';
  if (schema.tables.has(to)) return 'exists';
  renameKey(schema.tables, from, to, (own) => own);
  table.name = to;
  for (const [name, index] of table.indexes) table.indexes.set(name, { ...index, table: to });
  for (const other of schema.tables.values()) {
    for (const [name, constraint] of other.constraints) {
      if (constraint.references?.table !== from) continue;
      other.constraints.set(name, { ...constraint, references: { ...constraint.references, table: to } });
    }
  }
  return null;
}

function addEnumValue(schema: Schema, effect: Extract<Effect, { kind: 'add-enum-value' }>): Misfit | null {
  const values = schema.enums.get(effect.type);
  if (!values) return 'missing';
  if (values.includes(effect.value)) return effect.ifNotExists ? null : 'exists';
  const neighbour = effect.neighbour ? values.indexOf(effect.neighbour.value) : -1;
  const at = neighbour < 0 ? values.length : neighbour + (effect.neighbour?.after ? 1 : 0);
  schema.enums.set(effect.type, values.toSpliced(at, 0, effect.value));
  return null;
}
