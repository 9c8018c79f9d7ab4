import { ivfflatPages, PAGE_BYTES } from '../../../indexes/index.js';
import { indexName, relationsOf } from '../../relations.js';
import { reindex } from '../../remedies.js';
import { pagesQuery } from '../../sql.js';
import { isVectorIndex, keptValueBytes, parameter } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

const LEAST_RATIO = 1.5;
/** What is gained is not worth a rebuild below. */
const LEAST_WASTED_BYTES = 2 ** 20;

/** An IVFFlat index with more pages than a fresh build of the same vectors would have, by the model of its lists. */
export const ivfflatBloat = vectorCheck({
  id: 'ivfflat-bloat',
  severity: 'medium',
  needs: ['tables', 'indexes'],
  run: ({ tables, indexes }) => {
    const { table } = relationsOf({ tables });
    return indexes
      .filter((index) => isVectorIndex(index) && index.method === 'ivfflat' && index.valid && !index.partitioned)
      .flatMap((index) => {
        const { bytes, estimatedRows: rows } = index;
        const valueBytes = keptValueBytes(index);
        if (valueBytes === null || !rows) return [];
        const lists = parameter(index, 'lists');
        const expectedBytes = ivfflatPages({ rows, lists, valueBytes }) * PAGE_BYTES;
        if (bytes <= LEAST_RATIO * expectedBytes || bytes - expectedBytes < LEAST_WASTED_BYTES) return [];
        return [
          {
            object: indexName(index, table(index.tableOid)),
            confidence: 'medium' as const,
            basis: 'estimates' as const,
            evidence: pagesQuery(index),
            remedy: reindex(index),
            data: { index: index.name, bytes, expectedBytes, ratio: bytes / expectedBytes, rows, lists },
          },
        ];
      });
  },
});
