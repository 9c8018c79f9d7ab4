import { groupBy } from '../../../group-by.js';
import { entriesIdentity, setOptions } from '../../index-identity.js';
import { indexName, relationsOf } from '../../relations.js';
import { dropIndex } from '../../remedies.js';
import type { Index } from '../../snapshot/relations.js';
import { text } from '../../sql.js';
import { indexCheck } from './check.js';

/** Two indexes with the same entries, stored alike: one of them costs writes and memory and serves nothing. */
export const duplicateIndex = indexCheck({
  id: 'duplicate-index',
  severity: 'medium',
  needs: ['tables', 'indexes'],
  run: ({ tables, indexes }) => {
    const { table } = relationsOf({ tables });
    const alike = groupBy(
      indexes.filter(({ valid, attached }) => valid && !attached),
      (index) => JSON.stringify([entriesIdentity(index), setOptions(index)]),
    );
    return [...alike.values()].flatMap((group) => {
      const [kept, ...others] = group.toSorted(byImportance);
      return others
        .filter((index) => !guarantees(index, kept!))
        .map((index) => {
          const own = table(index.tableOid);
          return {
            object: indexName(index, own),
            confidence: 'high' as const,
            basis: 'catalog' as const,
            evidence: `SELECT indexrelname, idx_scan, pg_get_indexdef(indexrelid) FROM pg_stat_user_indexes WHERE schemaname = ${text(index.schema)} AND indexrelname IN (${text(kept!.name)}, ${text(index.name)});`,
            remedy: dropIndex(index, own),
            data: { index: index.name, kept: kept!.name, bytes: index.bytes, writes: writesOf(own.activity) },
          };
        });
    });
  },
});

const writesOf = ({
  inserts,
  updates,
  hotUpdates,
  deletes,
}: { [K in 'inserts' | 'updates' | 'hotUpdates' | 'deletes']: number }) => inserts + updates - hotUpdates + deletes;

/** What must not be dropped comes first, then what is used more. */
const byImportance = (a: Index, b: Index): number => rank(b) - rank(a) || b.scans - a.scans || a.oid - b.oid;

const rank = (index: Index): number =>
  (index.constraint?.kind === 'primary' ? 32 : 0) +
  (index.referenced ? 16 : 0) +
  (index.replicaIdentity ? 8 : 0) +
  (index.unique && index.immediate ? 4 : 0) +
  (index.constraint ? 2 : 0) +
  (index.clustered ? 1 : 0);

/** Whether an index enforces or carries something that the other does not. */
const guarantees = (index: Index, other: Index): boolean =>
  index.referenced ||
  index.replicaIdentity ||
  index.constraint?.kind === 'exclusion' ||
  (index.unique &&
    (!other.unique || (index.immediate && !other.immediate) || index.nullsNotDistinct !== other.nullsNotDistinct));
