import { statementEvidence, statementName } from '../../statements/evidence.js';
import type { Statement } from '../../snapshot/statements.js';
import { nPlusOneCheck } from './check.js';

const TOLERANCE = 0.1;
const LEAST_CHILDREN = 5;
const LEAST_CALLS = 20;

/** A search for the nearest that is called once for each row of another query. */
export const nearestInLoop = nPlusOneCheck({
  id: 'nearest-in-loop',
  severity: 'low',
  needs: ['statements'],
  run: ({ statements: { statements } }) =>
    statements
      .filter(({ shape, calls }) => shape?.nearest && calls >= LEAST_CALLS)
      .flatMap((search) => {
        const parent = statements.find((other) => other !== search && drives(other, search));
        if (!parent) return [];
        return [
          {
            object: statementName(search),
            confidence: 'low' as const,
            basis: 'statements' as const,
            evidence: statementEvidence(parent.id, search.id),
            remedy: null,
            data: {
              parent: parent.query,
              parentCalls: parent.calls,
              parentRows: parent.rows,
              search: search.query,
              searchCalls: search.calls,
              searchMs: search.executionMs,
            },
          },
        ];
      }),
});

const drives = ({ shape, rows, calls }: Statement, search: Statement): boolean =>
  shape?.kind === 'select' &&
  !shape.aggregates &&
  !shape.nearest &&
  rows / calls >= LEAST_CHILDREN &&
  Math.abs(search.calls / rows - 1) <= TOLERANCE;
