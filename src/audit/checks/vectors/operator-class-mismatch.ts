import { relationsOf } from '../../relations.js';
import { plainName } from '../../sql.js';
import { statementEvidence, statementName } from '../../statements/evidence.js';
import { catalogOf } from '../../statements/look-up.js';
import { isVectorIndex, operatorsOf } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

const LEAST_CALLS = 10;

/** A search by a distance that none of the column's indexes is made for: each call reads the whole table. */
export const operatorClassMismatch = vectorCheck({
  id: 'operator-class-mismatch',
  severity: 'high',
  needs: ['statements', 'tables', 'columns', 'indexes'],
  run: ({ statements: { statements }, ...parts }) => {
    const relations = relationsOf(parts);
    const { find } = catalogOf(parts);
    return statements.flatMap((statement) => {
      const nearest = statement.shape?.nearest;
      const found = nearest && find(statement.shape, nearest);
      if (!nearest || !found || statement.calls < LEAST_CALLS) return [];
      const indexes = relations
        .indexesOf(found.table.oid)
        .filter((index) => isVectorIndex(index) && index.valid && index.keys[0]!.column === found.column.number);
      if (indexes.length === 0 || indexes.some((index) => operatorsOf(index).includes(nearest.operator))) return [];
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
            indexes: indexes.map((index) => ({ index: index.name, operators: operatorsOf(index) })),
            calls: statement.calls,
            meanMs: statement.meanMs,
          },
        },
      ];
    });
  },
});
