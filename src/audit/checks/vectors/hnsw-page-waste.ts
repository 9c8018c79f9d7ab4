import { hnswElementsPerPage, PAGE_BYTES } from '../../../indexes/index.js';
import { indexName, relationsOf } from '../../relations.js';
import { regclass } from '../../sql.js';
import { isVectorIndex, keptValueBytes, parameter } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** Header of a page and what pgvector keeps at its end. */
const OVERHEAD = 32;
const LEAST_WASTE = 0.2;
const LEAST_BYTES = 100 * 2 ** 20;

/** Elements that leave much of each page empty, because the next one does not fit. */
export const hnswPageWaste = vectorCheck({
  id: 'hnsw-page-waste',
  severity: 'info',
  needs: ['tables', 'indexes'],
  run: ({ tables, indexes }) => {
    const { table } = relationsOf({ tables });
    return indexes
      .filter((index) => isVectorIndex(index) && index.method === 'hnsw' && index.bytes >= LEAST_BYTES)
      .flatMap((index) => {
        const valueBytes = keptValueBytes(index);
        if (valueBytes === null) return [];
        const m = parameter(index, 'm');
        const perPage = hnswElementsPerPage({ m, valueBytes });
        // An element with its neighbours, and a line pointer for each of the two.
        const elementBytes = 8 * Math.ceil((72 + valueBytes) / 8) + 8 * Math.ceil((4 + 12 * m) / 8) + 8;
        const waste = 1 - (perPage * elementBytes) / (PAGE_BYTES - OVERHEAD);
        if (waste < LEAST_WASTE) return [];
        return [
          {
            object: indexName(index, table(index.tableOid)),
            confidence: 'high' as const,
            basis: 'catalog' as const,
            evidence: `SELECT pg_relation_size(oid), reltuples, reloptions FROM pg_class WHERE oid = ${regclass(index)};`,
            remedy: null,
            data: {
              index: index.name,
              m,
              elementsPerPage: perPage,
              waste,
              bytes: index.bytes,
              typeName: index.keys[0]!.typeName,
            },
          },
        ];
      });
  },
});
