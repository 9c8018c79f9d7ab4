import { loopFindings } from '../../statements/loop-findings.js';
import { nPlusOneCheck } from './check.js';

const LEAST_CALLS = 100;

/** One unit of work writes rows one at a time. */
export const writeInLoop = nPlusOneCheck({
  id: 'write-in-loop',
  severity: 'low',
  needs: ['loops'],
  run: ({ loops }) =>
    loopFindings(
      loops,
      ({ statement, parameters, calls }) =>
        statement.shape.kind !== 'select' && parameters === 'varied' && calls >= LEAST_CALLS,
    ),
});
