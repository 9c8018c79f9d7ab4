import { PAGE_BYTES } from '../../../indexes/index.js';
import { relationsOf, rowsOf } from '../../relations.js';
import { createIndex } from '../../remedies.js';
import { blocks } from '../../snapshot/statements.js';
import { plainName } from '../../sql.js';
import { statementEvidence, statementName } from '../../statements/evidence.js';
import { indexSeverity } from '../../statements/index-severity.js';
import { catalogOf } from '../../statements/look-up.js';
import { statementCheck } from './check.js';

const LEAST_CALLS = 20;
const LEAST_ROWS = 1000;
/** Of the table, at each call. */
const LEAST_SHARE_READ = 0.5;
/** What most of a table has to answer to is no use for an index. */
const MOST_ROWS_SHARE = 0.1;
const MOST_COLUMNS = 3;

/**
 * A statement that looks for few rows by columns without an index, and reads the whole table for them: so many pages at each call
 * as only a scan of all touches.
 */
export const scanningStatement = statementCheck({
  id: 'scanning-statement',
  severity: 'medium',
  needs: ['statements', 'tables', 'columns', 'indexes'],
  run: ({ statements: { statements }, ...parts }) => {
    const relations = relationsOf(parts);
    const { find } = catalogOf(parts);
    const severity = indexSeverity(statements);
    return statements.flatMap((statement) => {
      const { shape, calls, rows } = statement;
      if (!shape || calls < LEAST_CALLS || shape.relations.length !== 1 || shape.nearest) return [];
      const searched = shape.equalities.flatMap((use) => find(shape, use) ?? []);
      const table = searched[0]?.table;
      if (!table || table.kind !== 'table') return [];
      const columns = [...new Set(searched.map(({ column }) => column.number))];
      const indexed = relations
        .indexesOf(table.oid)
        .some(({ keys, valid, predicate }) => valid && predicate === null && columns.includes(keys[0]!.column));
      const tableRows = rowsOf(table);
      const blocksPerCall = blocks(statement) / calls;
      const reads = blocksPerCall / (table.heapBytes / PAGE_BYTES);
      if (indexed || tableRows < LEAST_ROWS || reads < LEAST_SHARE_READ || rows / calls > MOST_ROWS_SHARE * tableRows) {
        return [];
      }
      const names = columns.slice(0, MOST_COLUMNS).map((number) => relations.columnName(table.oid, number));
      return [
        {
          object: statementName(statement),
          confidence: 'medium' as const,
          basis: 'statements' as const,
          evidence: statementEvidence(statement.id),
          severity: severity([statement]),
          remedy: createIndex(table, { columns: names, taken: parts.indexes }),
          data: {
            query: statement.query,
            table: plainName(table),
            columns: names,
            calls,
            blocksPerCall,
            tableBlocks: table.heapBytes / PAGE_BYTES,
            rowsPerCall: rows / calls,
            rows: tableRows,
            writes: table.activity.inserts + table.activity.updates + table.activity.deletes,
            meanMs: statement.meanMs,
          },
        },
      ];
    });
  },
});
