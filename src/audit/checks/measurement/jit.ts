import { measurementCheck } from './snapshot.js';

export const jit = measurementCheck({
  id: 'jit',
  severity: 'low',
  needs: ['jit', 'jit_above_cost', 'jitAvailable', 'login'],
  run: ({ jit, jit_above_cost, jitAvailable, login: { role } }) =>
    jit && jitAvailable && jit_above_cost >= 0 ? [{ data: { role, aboveCost: jit_above_cost } }] : [],
});
