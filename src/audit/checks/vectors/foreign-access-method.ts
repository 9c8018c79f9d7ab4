import { indexName, relationsOf } from '../../relations.js';
import { regclass } from '../../sql.js';
import { isVector } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/**
 * An index on vectors by another extension's access method, or by one that only has the name of pgvector's: what is known of
 * pgvector may not hold.
 */
export const foreignAccessMethod = vectorCheck({
  id: 'foreign-access-method',
  severity: 'info',
  needs: ['tables', 'indexes'],
  run: ({ tables, indexes }) => {
    const { table } = relationsOf({ tables });
    return indexes
      .filter(
        ({ method, methodExtension, keys }) =>
          methodExtension !== 'vector' &&
          (['hnsw', 'ivfflat'].includes(method) || (methodExtension !== null && isVector(keys[0]!))),
      )
      .map((index) => ({
        object: indexName(index, table(index.tableOid)),
        confidence: 'high',
        basis: 'catalog',
        evidence: `SELECT amname, e.extname FROM pg_class c JOIN pg_am a ON a.oid = c.relam LEFT JOIN pg_depend d ON d.objid = a.oid AND d.deptype = 'e' LEFT JOIN pg_extension e ON e.oid = d.refobjid WHERE c.oid = ${regclass(index)};`,
        remedy: null,
        data: { index: index.name, method: index.method, extension: index.methodExtension },
      }));
  },
});
