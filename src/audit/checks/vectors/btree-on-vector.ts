import { indexName, relationsOf } from '../../relations.js';
import { dropIndex } from '../../remedies.js';
import { regclass } from '../../sql.js';
import { isVector } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** A B-tree orders vectors by their elements: it finds equal ones, never near ones, and refuses long ones. */
export const btreeOnVector = vectorCheck({
  id: 'btree-on-vector',
  severity: 'medium',
  needs: ['tables', 'indexes'],
  run: ({ tables, indexes }) => {
    const { table } = relationsOf({ tables });
    return indexes
      .filter(({ method, keys }) => method === 'btree' && keys.some(isVector))
      .map((index) => ({
        object: indexName(index, table(index.tableOid)),
        confidence: 'high',
        basis: 'catalog',
        evidence: `SELECT pg_get_indexdef(${regclass(index)});`,
        remedy: dropIndex(index, table(index.tableOid)),
        data: { index: index.name, scans: index.scans, unique: index.unique },
      }));
  },
});
