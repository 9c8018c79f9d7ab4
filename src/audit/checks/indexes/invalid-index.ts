import { indexName, relationsOf } from '../../relations.js';
import { dropIndex, reindex } from '../../remedies.js';
import { regclass } from '../../sql.js';
import { indexCheck } from './check.js';

/** Names of what an interrupted REINDEX CONCURRENTLY leaves. Source: PostgreSQL manual, REINDEX, "Rebuilding Indexes Concurrently". */
const LEFTOVER = /_cc(?:new|old)\d*$/;

/** A failed or interrupted concurrent build: writes maintain it, no query uses it. */
export const invalidIndex = indexCheck({
  id: 'invalid-index',
  severity: 'high',
  needs: ['tables', 'indexes', 'indexesInBuild'],
  run: ({ tables, indexes, indexesInBuild }) => {
    const { table } = relationsOf({ tables });
    return indexes
      .filter(({ oid, valid, partitioned }) => !valid && !partitioned && !indexesInBuild.includes(oid))
      .map((index) => {
        const leftover = LEFTOVER.test(index.name);
        return {
          object: indexName(index, table(index.tableOid)),
          confidence: 'high',
          basis: 'catalog',
          evidence: `SELECT indisvalid, indisready, pg_relation_size(indexrelid) FROM pg_index WHERE indexrelid = ${regclass(index)};`,
          remedy: leftover ? dropIndex(index, table(index.tableOid)) : reindex(index),
          data: { index: index.name, bytes: index.bytes, unique: index.unique, leftover },
        };
      });
  },
});
