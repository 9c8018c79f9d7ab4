import type { Statement } from '../../snapshot/statements.js';
import { statementEvidence, statementName } from '../../statements/evidence.js';
import { foreignKeyLinks } from '../../statements/foreign-key-link.js';
import { nPlusOneCheck } from './check.js';

/** Of the rows that the first query returned. */
const TOLERANCE = 0.1;
const LEAST_CHILDREN = 5;
const LEAST_CALLS = 20;

/**
 * N+1 queries: one query returns rows, and another one is called once for each of them, along a foreign key. Seen from the
 * database, calls of the second equal rows of the first.
 */
export const queryForEachRow = nPlusOneCheck({
  id: 'query-for-each-row',
  severity: 'medium',
  needs: ['statements', 'tables', 'columns', 'foreignKeys'],
  run: ({ statements: { statements }, ...parts }) => {
    const links = foreignKeyLinks(parts);
    const parents = statements.filter(
      ({ shape, calls, rows }) =>
        shape?.kind === 'select' && !shape.aggregates && calls > 0 && rows / calls >= LEAST_CHILDREN,
    );
    return statements.flatMap((child) => {
      const { shape } = child;
      if (!shape || child.calls < LEAST_CALLS || !links.lookedUpBy(shape)) return [];
      return parents
        .filter((parent) => parent !== child && matches(parent, child))
        .flatMap((parent) => {
          const link = links.between(parent.shape!, shape);
          return link ? [{ parent, link }] : [];
        })
        .slice(0, 1)
        .map(({ parent, link }) => ({
          object: statementName(child),
          confidence: 'medium' as const,
          basis: 'statements' as const,
          evidence: statementEvidence(parent.id, child.id),
          remedy: null,
          data: {
            parent: parent.query,
            parentCalls: parent.calls,
            parentRows: parent.rows,
            child: child.query,
            childCalls: child.calls,
            childMs: child.executionMs,
            ...link,
            /** Queries of a request that loads one page of parents. */
            queriesPerCall: 1 + child.calls / parent.calls,
          },
        }));
    });
  },
});

const matches = (parent: Statement, child: Statement): boolean =>
  Math.abs(child.calls / parent.rows - 1) <= TOLERANCE && child.calls / parent.calls >= LEAST_CHILDREN;
