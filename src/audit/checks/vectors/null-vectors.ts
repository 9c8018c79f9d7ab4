import { relationsOf, rowsOf } from '../../relations.js';
import { name, plainName, relation } from '../../sql.js';
import { isVector } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** Rows without a vector: no index has them, no search finds them. */
export const nullVectors = vectorCheck({
  id: 'null-vectors',
  severity: 'info',
  needs: ['tables', 'columns', 'columnStatistics'],
  run: ({ columnStatistics, ...parts }) => {
    const relations = relationsOf(parts);
    return columnStatistics.flatMap(({ tableOid, columnNumber, nullFraction }) => {
      const column = relations.column(tableOid, columnNumber);
      if (!column || !isVector(column) || nullFraction === 0) return [];
      const table = relations.table(tableOid);
      return [
        {
          object: `${plainName(table)}.${column.name}`,
          confidence: 'medium' as const,
          basis: 'estimates' as const,
          evidence: `SELECT count(*) FROM ${relation(table)} WHERE ${name(column.name)} IS NULL;`,
          remedy: null,
          data: { table: plainName(table), column: column.name, nullFraction, rows: rowsOf(table) * nullFraction },
        },
      ];
    });
  },
});
