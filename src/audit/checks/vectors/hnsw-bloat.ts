import { hnswPages, PAGE_BYTES } from '../../../indexes/index.js';
import { indexName, relationsOf } from '../../relations.js';
import { reindex } from '../../remedies.js';
import { pagesQuery } from '../../sql.js';
import { isVectorIndex, keptValueBytes, parameter } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

const MEDIUM_RATIO = 1.5;
const HIGH_RATIO = 3;
const HIGH_BYTES = 2 ** 30;
/** What is gained is not worth a rebuild below. */
const LEAST_BYTES = 2 ** 20;

/**
 * More pages than a fresh build of the same vectors would have: VACUUM does not give the pages of an HNSW index back. The
 * model of its pages is exact, unlike those that were made for B-trees.
 */
export const hnswBloat = vectorCheck({
  id: 'hnsw-bloat',
  severity: 'high',
  needs: ['tables', 'indexes'],
  run: ({ tables, indexes }) => {
    const { table } = relationsOf({ tables });
    return indexes
      .filter((index) => isVectorIndex(index) && index.method === 'hnsw' && index.valid && !index.partitioned)
      .flatMap((index) => {
        const valueBytes = keptValueBytes(index);
        if (valueBytes === null || !index.estimatedRows || index.bytes < LEAST_BYTES) return [];
        const pages = index.bytes / PAGE_BYTES;
        const expectedPages = hnswPages({ m: parameter(index, 'm'), valueBytes }, index.estimatedRows);
        const ratio = pages / expectedPages;
        if (ratio <= MEDIUM_RATIO) return [];
        return [
          {
            object: indexName(index, table(index.tableOid)),
            confidence: 'medium' as const,
            basis: 'estimates' as const,
            evidence: pagesQuery(index),
            severity: ratio > HIGH_RATIO && index.bytes > HIGH_BYTES ? ('high' as const) : ('medium' as const),
            remedy: reindex(index),
            data: {
              index: index.name,
              bytes: index.bytes,
              pages,
              expectedPages,
              ratio,
              rows: index.estimatedRows,
              m: parameter(index, 'm'),
            },
          },
        ];
      });
  },
});
