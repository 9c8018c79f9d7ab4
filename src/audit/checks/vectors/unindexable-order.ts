import { relationsOf } from '../../relations.js';
import { plainName } from '../../sql.js';
import { statementEvidence, statementName } from '../../statements/evidence.js';
import { catalogOf } from '../../statements/look-up.js';
import { isVectorIndex } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

const LEAST_CALLS = 10;

/** A search whose ORDER BY no index can serve, although the column has one. */
export const unindexableOrder = vectorCheck({
  id: 'unindexable-order',
  severity: 'medium',
  needs: ['statements', 'tables', 'columns', 'indexes'],
  run: ({ statements: { statements }, ...parts }) => {
    const relations = relationsOf(parts);
    const { find } = catalogOf(parts);
    return statements.flatMap((statement) => {
      const nearest = statement.shape?.nearest;
      const found = nearest && find(statement.shape, nearest);
      if (!nearest?.defect || !found || statement.calls < LEAST_CALLS) return [];
      const indexed = relations
        .indexesOf(found.table.oid)
        .some((index) => isVectorIndex(index) && index.keys[0]!.column === found.column.number);
      if (!indexed) return [];
      return [
        {
          object: statementName(statement),
          confidence: 'high' as const,
          basis: 'statements' as const,
          evidence: statementEvidence(statement.id),
          remedy: null,
          data: {
            query: statement.query,
            column: `${plainName(found.table)}.${found.column.name}`,
            operator: nearest.operator,
            defect: nearest.defect,
            calls: statement.calls,
            meanMs: statement.meanMs,
          },
        },
      ];
    });
  },
});
