import { loopFindings } from '../../statements/loop-findings.js';
import { nPlusOneCheck } from './check.js';

const LEAST_CALLS = 20;

/** One unit of work runs a query again and again with the same parameters: its answer could be kept. */
export const repeatedQuery = nPlusOneCheck({
  id: 'repeated-query',
  severity: 'low',
  needs: ['loops'],
  run: ({ loops }) =>
    loopFindings(
      loops,
      ({ statement, parameters, calls }) =>
        statement.shape.kind === 'select' && parameters === 'same' && calls >= LEAST_CALLS,
    ),
});
