import type { Index, IndexKey } from './snapshot/relations.js';

/** What an option is when nobody sets it. Sources: PostgreSQL's `reloptions.c`, pgvector's `hnsw.h` and `ivfflat.h`. */
const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  btree: ['fillfactor=90', 'deduplicate_items=on', 'deduplicate_items=true'],
  hash: ['fillfactor=75'],
  gist: ['fillfactor=90', 'buffering=auto'],
  spgist: ['fillfactor=80'],
  gin: ['fastupdate=on', 'fastupdate=true'],
  brin: ['pages_per_range=128', 'autosummarize=off', 'autosummarize=false'],
  hnsw: ['m=16', 'ef_construction=64'],
  ivfflat: ['lists=100'],
};

/** Options that differ from the defaults, in one order. */
export const setOptions = ({ method, options }: Index): readonly string[] =>
  options.filter((option) => !DEFAULTS[method]?.includes(option)).toSorted();

/** Equal for keys that order and compare alike. */
export const keyIdentity = ({ column, text, operatorClass, collationOid, option }: IndexKey): string =>
  JSON.stringify([column === 0 ? text : column, operatorClass, collationOid, option]);

/** Equal for indexes that hold the same entries in the same order, whatever they are stored like or enforce. */
export const entriesIdentity = (index: Index): string =>
  JSON.stringify([
    index.tableOid,
    index.method,
    index.keys.map(keyIdentity),
    index.included.toSorted((a, b) => a - b),
    index.predicate,
  ]);

/** Whether `index` can give all that `prefix` gives: same table and rows, keys that begin alike, and every column. */
export function containsAsPrefix(index: Index, prefix: Index): boolean {
  if (index.tableOid !== prefix.tableOid || index.method !== 'btree' || prefix.method !== 'btree') return false;
  if (index.predicate !== null && index.predicate !== prefix.predicate) return false;
  if (index.keys.length < prefix.keys.length) return false;
  if (!prefix.keys.every((key, i) => keyIdentity(key) === keyIdentity(index.keys[i]!))) return false;
  const columns = [...index.keys.map(({ column }) => column), ...index.included];
  return prefix.included.every((column) => columns.includes(column));
}
