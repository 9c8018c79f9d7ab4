import type { DatabaseSnapshot } from './snapshot/database.js';
import type { Index } from './snapshot/relations.js';
import { regclass } from './sql.js';
import { isVectorIndex } from './vector-indexes.js';

/**
 * An index that may be bloated without anybody being able to say so from the catalog: how many pages a fresh build of a GIN, GiST,
 * SP-GiST or hash index has depends on the values and on their order.
 */
export interface UnjudgedIndex {
  readonly index: Index;
  /** Shows what pgstattuple can say of it; null: nothing. */
  readonly look: string | null;
}

/** What is gained is not worth a rebuild below. */
const LEAST_BYTES = 2 ** 20;
/** A BRIN index has an entry for 128 pages of its table, so there is nothing to gain. */
const TOO_SMALL_TO_BLOAT = 'brin';

/** The largest first. */
export const unjudgedIndexes = ({ indexes }: Pick<DatabaseSnapshot, 'indexes'>): readonly UnjudgedIndex[] =>
  indexes
    .filter(
      (index) =>
        index.valid &&
        !index.partitioned &&
        index.bytes >= LEAST_BYTES &&
        index.method !== 'btree' &&
        index.method !== TOO_SMALL_TO_BLOAT &&
        !isVectorIndex(index),
    )
    .toSorted((a, b) => b.bytes - a.bytes)
    .map((index) => ({ index, look: lookAt(index) }));

/** pgstattuple reads a whole GiST or hash index, and one page of a GIN index: entries that wait to be sorted in. */
function lookAt(index: Index): string | null {
  if (index.method === 'gin') return `SELECT pending_pages, pending_tuples FROM pgstatginindex(${regclass(index)});`;
  if (index.method === 'gist' || index.method === 'hash') {
    return `SELECT table_len, free_space, free_percent FROM pgstattuple(${regclass(index)});`;
  }
  return null;
}
