import { groupBy } from '../../../group-by.js';
import { keyIdentity } from '../../index-identity.js';
import { indexName, relationsOf } from '../../relations.js';
import { regclass } from '../../sql.js';
import { isVectorIndex } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** Two kinds of index for the same searches: the planner takes the one whose estimate is lower. */
export const hnswBesideIvfflat = vectorCheck({
  id: 'hnsw-beside-ivfflat',
  severity: 'info',
  needs: ['tables', 'indexes'],
  run: ({ tables, indexes }) => {
    const { table } = relationsOf({ tables });
    const alike = groupBy(
      indexes.filter((index) => isVectorIndex(index) && index.valid && !index.attached),
      (index) => JSON.stringify([index.tableOid, keyIdentity(index.keys[0]!), index.predicate]),
    );
    return [...alike.values()].flatMap((group) => {
      const hnsw = group.find(({ method }) => method === 'hnsw');
      const ivfflat = group.find(({ method }) => method === 'ivfflat');
      if (!hnsw || !ivfflat) return [];
      return [
        {
          object: indexName(hnsw, table(hnsw.tableOid)),
          confidence: 'high' as const,
          basis: 'counters' as const,
          evidence: `SELECT indexrelname, idx_scan, pg_relation_size(indexrelid) FROM pg_stat_user_indexes WHERE indexrelid IN (${regclass(hnsw)}, ${regclass(ivfflat)});`,
          remedy: null,
          data: {
            hnsw: hnsw.name,
            hnswScans: hnsw.scans,
            hnswBytes: hnsw.bytes,
            ivfflat: ivfflat.name,
            ivfflatScans: ivfflat.scans,
            ivfflatBytes: ivfflat.bytes,
          },
        },
      ];
    });
  },
});
