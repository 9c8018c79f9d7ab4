import type { UnitKind } from '../../snapshot/log.js';
import { loggedEvidence, loggedName } from '../../statements/evidence.js';
import { foreignKeyLinks } from '../../statements/foreign-key-link.js';
import { nPlusOneCheck } from './check.js';

const LEAST_CALLS = 20;

type Confidence = 'high' | 'medium' | 'low';

/** By what holds the executions together, and whether a foreign key leads from one statement to the other. */
const CONFIDENCE: Readonly<Record<UnitKind, { readonly linked: Confidence; readonly alone: Confidence }>> = {
  trace: { linked: 'high', alone: 'high' },
  transaction: { linked: 'high', alone: 'medium' },
  gap: { linked: 'medium', alone: 'low' },
};

/** N+1 queries in the log: one unit of work runs a query again and again, each time with other parameters. */
export const queryInLoop = nPlusOneCheck({
  id: 'query-in-loop',
  severity: 'medium',
  needs: ['loops', 'tables', 'columns', 'foreignKeys'],
  run: ({ loops, ...parts }) => {
    const links = foreignKeyLinks(parts);
    return loops.flatMap(({ statement, parameters, unit, after, ...loop }) => {
      if (statement.shape.kind !== 'select' || parameters !== 'varied' || loop.calls < LEAST_CALLS) return [];
      const linked = after.flatMap((parent) => {
        const link = links.between(parent.shape, statement.shape);
        return link ? [{ parent, link }] : [];
      })[0];
      const confidence = CONFIDENCE[unit][linked ? 'linked' : 'alone'];
      return [
        {
          object: loggedName(statement),
          confidence,
          severity: confidence === 'low' ? ('info' as const) : ('medium' as const),
          basis: 'log' as const,
          evidence: loggedEvidence(loop.first),
          remedy: null,
          data: {
            query: statement.query,
            unit,
            units: loop.units,
            calls: loop.calls,
            mostCalls: loop.mostCalls,
            totalMs: loop.totalMs,
            routes: loop.routes,
            parent: (linked?.parent ?? after[0])?.query ?? null,
            /** Null: no foreign key leads from the statement before to this one. */
            link: linked?.link ?? null,
            nearest: statement.shape.nearest !== null,
          },
        },
      ];
    });
  },
});
