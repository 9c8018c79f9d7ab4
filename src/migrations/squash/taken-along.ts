import type { Effect } from '../effects.js';
import type { Schema, Table } from '../replay/schema.js';
import { withSchema, schemaOf } from '../sql/names.js';
import type { Touched } from './touched.js';

/** What a drop takes along without naming it, as keys of {@link Touched}. */
export type TakenAlong = Pick<Touched, 'reads' | 'writes' | 'tables'>;

/**
 * What goes with a column, a constraint, an index or a table that is dropped: indexes, and the hold of foreign keys on the
 * tables that they refer to. Only the schema that the drop meets knows it.
 *
 * @returns null for an effect that takes nothing along
 */
export function takenAlong(effects: readonly Effect[], schema: Schema): TakenAlong | null {
  const [reads, writes, tables] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const drop = (table: Table, goes: (columns: readonly string[], name: string) => boolean): void => {
    for (const { name, keys, include } of table.indexes.values()) {
      if (goes([...keys.map(({ sql }) => sql), ...include], name)) writes.add(`relation ${name}`);
    }
    for (const { name, columns, references } of table.constraints.values()) {
      if (!goes(columns, name)) continue;
      writes.add(`constraint ${table.name}.${name}`).add(`relation ${withSchema(schemaOf(table.name), name)}`);
      if (!references) continue;
      reads.add(`table ${references.table}`).add(`unique ${references.table}`);
      tables.add(references.table);
    }
  };
  for (const effect of effects) {
    const table = 'table' in effect && effect.table !== null ? schema.tables.get(effect.table) : undefined;
    if (effect.kind === 'drop-table' && table) drop(table, () => true);
    if (effect.kind === 'drop-column' && table) drop(table, (columns) => columns.includes(effect.column));
    if (effect.kind === 'drop-constraint' && table) drop(table, (_columns, name) => name === effect.name);
    if (effect.kind === 'drop-index') {
      const { index } = schema.findIndex(effect.name) ?? {};
      if (!index?.unique) continue;
      writes.add(`unique ${index.table}`);
      tables.add(index.table);
    }
  }
  return reads.size + writes.size + tables.size === 0 ? null : { reads, writes, tables };
}
