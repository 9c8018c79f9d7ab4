import { containsAsPrefix, entriesIdentity } from '../../index-identity.js';
import { indexName, relationsOf } from '../../relations.js';
import { dropIndex } from '../../remedies.js';
import { text } from '../../sql.js';
import { indexCheck } from './check.js';

/**
 * A B-tree index whose keys are the beginning of another one's: the longer one serves its queries, too. Where only the shorter one is
 * scanned, the longer one is what could go (`unused-index`): to name both would be to drop both.
 */
export const redundantIndex = indexCheck({
  id: 'redundant-index',
  severity: 'medium',
  needs: ['tables', 'indexes'],
  run: ({ tables, indexes }) => {
    const relations = relationsOf({ tables, indexes });
    return indexes
      .filter(
        ({ valid, attached, unique, constraint, replicaIdentity }) =>
          valid && !attached && !unique && !constraint && !replicaIdentity,
      )
      .flatMap((index) => {
        const own = relations.table(index.tableOid);
        const wider = relations
          .indexesOf(index.tableOid)
          .filter(
            (other) =>
              other.oid !== index.oid &&
              other.valid &&
              entriesIdentity(other) !== entriesIdentity(index) &&
              containsAsPrefix(other, index) &&
              !(index.scans > 0 && other.scans === 0),
          )
          .toSorted((a, b) => a.bytes - b.bytes)[0];
        if (!wider) return [];
        return [
          {
            object: indexName(index, own),
            confidence: 'medium' as const,
            basis: 'catalog' as const,
            evidence: `SELECT indexrelname, idx_scan, pg_relation_size(indexrelid), pg_get_indexdef(indexrelid) FROM pg_stat_user_indexes WHERE schemaname = ${text(index.schema)} AND indexrelname IN (${text(index.name)}, ${text(wider.name)});`,
            remedy: dropIndex(index, own),
            data: {
              index: index.name,
              wider: wider.name,
              bytes: index.bytes,
              widerBytes: wider.bytes,
              scans: index.scans,
            },
          },
        ];
      });
  },
});
