import { indexName, relationsOf } from '../../relations.js';
import { plainName, regclass } from '../../sql.js';
import { isVectorIndex } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** Below, one of ten neighbours is another row. */
const LEAST_RECALL = 0.9;

/** An index that loses neighbours, as it was measured. */
export const lowRecall = vectorCheck({
  id: 'low-recall',
  severity: 'medium',
  needs: ['measured', 'tables', 'indexes'],
  run: ({ measured, tables, indexes }) => {
    const { table } = relationsOf({ tables });
    return measured.flatMap(({ indexOid, recall, k, queries, medianMs, settings }) => {
      const index = indexes.find(({ oid }) => oid === indexOid);
      if (!index || !isVectorIndex(index) || recall === null || recall.high >= LEAST_RECALL) return [];
      return [
        {
          object: indexName(index, table(index.tableOid)),
          confidence: 'high' as const,
          basis: 'measurement' as const,
          evidence: `SELECT pg_get_indexdef(${regclass(index)});`,
          remedy: null,
          data: {
            index: index.name,
            table: plainName(table(index.tableOid)),
            method: index.method,
            recall,
            k,
            queries,
            medianMs,
            settings,
          },
        },
      ];
    });
  },
});
