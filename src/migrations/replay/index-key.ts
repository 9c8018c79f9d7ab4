import type { ConstraintDefinition, IndexDefinition } from '../effects.js';

/** Build parameters that an index has when none are given. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hnsw: { m: '16', ef_construction: '64' },
  ivfflat: { lists: '100' },
  btree: { fillfactor: '90' },
};

/** All that makes an index what it is, its name apart: two with the same text are duplicates. */
export function indexKey({ table, method, unique, keys, include, where, options }: IndexDefinition): string {
  return JSON.stringify([table, method, unique, keys, include.toSorted(), where, { ...DEFAULTS[method], ...options }]);
}

/**
 * Whether one index can serve what the other does: a btree on the same first keys that covers the same rows. A partial index
 * is kept: it is smaller than one of all rows, and its condition chooses rows as well.
 */
export function makesRedundant(longer: IndexDefinition, shorter: IndexDefinition): boolean {
  if (longer.table !== shorter.table || longer.method !== 'btree' || shorter.method !== 'btree' || shorter.unique)
    return false;
  if (longer.keys.length <= shorter.keys.length || shorter.include.length > 0) return false;
  if (longer.where !== shorter.where) return false;
  return shorter.keys.every((key, index) => JSON.stringify(key) === JSON.stringify(longer.keys[index]));
}

/** Whether the index of a primary key or a unique constraint serves what an index does. */
export function keyMakesRedundant({ kind, columns }: ConstraintDefinition, index: IndexDefinition): boolean {
  if ((kind !== 'primary-key' && kind !== 'unique') || index.method !== 'btree') return false;
  if (index.where !== null || index.include.length > 0 || (index.unique && index.keys.length !== columns.length))
    return false;
  return index.keys.every(
    ({ sql, isExpression, operatorClass, order }, at) =>
      !isExpression && operatorClass === null && order === '' && sql === columns[at],
  );
}
