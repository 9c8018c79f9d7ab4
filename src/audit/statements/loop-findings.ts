import type { LoggedLoop } from '../snapshot/log.js';
import { loggedEvidence, loggedName } from './evidence.js';

/** The loops of one kind as findings: where nothing but time holds the executions together, they may be none. */
export const loopFindings = (loops: readonly LoggedLoop[], isOfKind: (loop: LoggedLoop) => boolean) =>
  loops.filter(isOfKind).map(({ statement, unit, units, calls, mostCalls, totalMs, routes, first }) => ({
    object: loggedName(statement),
    confidence: unit === 'gap' ? ('low' as const) : ('high' as const),
    severity: unit === 'gap' ? ('info' as const) : ('low' as const),
    basis: 'log' as const,
    evidence: loggedEvidence(first),
    remedy: null,
    data: { query: statement.query, unit, units, calls, mostCalls, totalMs, routes },
  }));
