import { readmeLists } from '../../../indexes/index.js';
import { indexName, relationsOf, rowsOf } from '../../relations.js';
import { regclass, relation } from '../../sql.js';
import { isVectorIndex, parameter } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** Between a quarter and four times the advice the difference is small beside that of the right probes. */
const TOLERATED = 4;
const LEAST_ROWS = 10_000;

/** Lists that do not fit the rows: default lists on a large table, or one that grew. */
export const ivfflatLists = vectorCheck({
  id: 'ivfflat-lists',
  severity: 'medium',
  needs: ['tables', 'indexes'],
  run: ({ tables, indexes }) => {
    const { table } = relationsOf({ tables });
    return indexes
      .filter((index) => isVectorIndex(index) && index.method === 'ivfflat' && !index.partitioned)
      .flatMap((index) => {
        const rows = index.estimatedRows ?? rowsOf(table(index.tableOid));
        const lists = parameter(index, 'lists');
        const advised = readmeLists(rows);
        if (rows < LEAST_ROWS || Math.max(lists / advised, advised / lists) <= TOLERATED) return [];
        const own = relation({ schema: index.schema, name: index.name });
        return [
          {
            object: indexName(index, table(index.tableOid)),
            confidence: 'medium' as const,
            basis: 'estimates' as const,
            evidence: `SELECT reltuples, reloptions FROM pg_class WHERE oid = ${regclass(index)};`,
            remedy: {
              step: 'alter' as const,
              statements: [`ALTER INDEX ${own} SET (lists = ${advised});`, `REINDEX INDEX CONCURRENTLY ${own};`],
              lock: { mode: 'SHARE UPDATE EXCLUSIVE' as const, held: 'while it builds' as const },
              rollback: [`ALTER INDEX ${own} SET (lists = ${lists});`, `REINDEX INDEX CONCURRENTLY ${own};`],
            },
            data: { index: index.name, rows, lists, advised },
          },
        ];
      });
  },
});
