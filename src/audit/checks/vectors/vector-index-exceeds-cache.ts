import { bytesOf } from '../../bytes.js';
import { indexName, relationsOf } from '../../relations.js';
import { regclass } from '../../sql.js';
import { isVectorIndex } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** A search touches pages all over an index; where it does not fit into memory, many of them are read from disk. */
export const vectorIndexExceedsCache = vectorCheck({
  id: 'vector-index-exceeds-cache',
  severity: 'medium',
  needs: ['tables', 'indexes', 'settings'],
  run: ({ tables, indexes, settings }) => {
    const { table } = relationsOf({ tables });
    const sharedBuffersBytes = bytesOf(settings['shared_buffers'])!;
    const cacheBytes = bytesOf(settings['effective_cache_size'])!;
    return indexes
      .filter((index) => isVectorIndex(index) && index.bytes > sharedBuffersBytes)
      .map((index) => ({
        object: indexName(index, table(index.tableOid)),
        confidence: index.bytes > cacheBytes ? 'medium' : 'low',
        basis: 'catalog',
        evidence: `SELECT pg_relation_size(${regclass(index)}), current_setting('shared_buffers'), current_setting('effective_cache_size');`,
        severity: index.bytes > cacheBytes ? 'medium' : 'low',
        remedy: null,
        data: { index: index.name, bytes: index.bytes, sharedBuffersBytes, cacheBytes },
      }));
  },
});
