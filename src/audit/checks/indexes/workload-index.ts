import { relationsOf } from '../../relations.js';
import { createIndex } from '../../remedies.js';
import type { WorkloadIndex } from '../../snapshot/plans.js';
import { blocks, sharesOf } from '../../snapshot/statements.js';
import { plainName } from '../../sql.js';
import { statementEvidence } from '../../statements/evidence.js';
import { indexSeverity } from '../../statements/index-severity.js';
import { indexCheck } from './check.js';

const LARGE_SHARE = 0.1;
/**
 * As many as a search of an index touches. A statement that touches no more, because its table is small or LIMIT ends it early, gains from an
 * index only where it takes a large share of the time. Its mean time would say less: 0.03 ms on a quiet machine were 0.13 ms on a busy one.
 */
const FEW_PAGES = 8;
/** Rarer ones may have been typed by hand. */
const LEAST_CALLS = 20;

/** An index that does not exist and would make statements cheaper, by the planner or by its costs. */
export const workloadIndex = indexCheck({
  id: 'workload-index',
  severity: 'medium',
  needs: ['workload', 'statements', 'tables', 'columns', 'indexes'],
  run: ({ workload, statements: { statements }, ...parts }) => {
    const relations = relationsOf(parts);
    const share = sharesOf(statements);
    const severity = indexSeverity(statements);
    return workload.indexes.flatMap(({ tableOid, columns, predicate, proof, bytes, statements: all }) => {
      const served = all.flatMap(({ id, role, costBefore, costAfter }) => {
        const statement = statements.find((one) => one.id === id && one.role === role);
        return statement ? [{ statement, costBefore, costAfter }] : [];
      });
      if (served.reduce((sum, { statement }) => sum + statement.calls, 0) < LEAST_CALLS) return [];
      const table = relations.table(tableOid);
      const names = columns.map((column) => relations.columnName(tableOid, column));
      const own = served.reduce((sum, { statement }) => sum + share(statement), 0);
      if (own < LARGE_SHARE && served.every(({ statement }) => blocks(statement) / statement.calls <= FEW_PAGES))
        return [];
      const { inserts, updates, deletes } = table.activity;
      return [
        {
          object: `${plainName(table)} (${names.join(', ')})${predicate === null ? '' : ` WHERE ${predicate.sql}`}`,
          confidence: confidenceOf(proof, predicate),
          basis: 'statements' as const,
          evidence: statementEvidence(...served.map(({ statement }) => statement.id)),
          severity: severity(served.map(({ statement }) => statement)),
          remedy: createIndex(table, {
            columns: names,
            ...(predicate === null ? {} : { where: predicate.sql }),
            taken: parts.indexes,
          }),
          data: {
            table: plainName(table),
            columns: names,
            predicate,
            proof,
            bytes,
            share: own,
            writes: inserts + updates + deletes,
            statements: served.map(({ statement: { id, query, calls, meanMs }, costBefore, costAfter }) => ({
              id,
              query,
              calls,
              meanMs,
              costBefore,
              costAfter,
            })),
          },
        },
      ];
    });
  },
});

/** The value that a partial index is for may be told by the rows of a call alone. */
const confidenceOf = (proof: WorkloadIndex['proof'], predicate: WorkloadIndex['predicate']) =>
  predicate !== null && predicate.value !== null
    ? ('low' as const)
    : proof === 'hypopg'
      ? ('high' as const)
      : ('medium' as const);
