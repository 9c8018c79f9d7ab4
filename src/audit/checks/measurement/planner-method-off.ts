import { measurementCheck } from './snapshot.js';

/** Ways to scan and sort that a plan of a vector query may need. */
const METHODS = ['enable_bitmapscan', 'enable_indexscan', 'enable_seqscan', 'enable_sort'] as const;

export const plannerMethodOff = measurementCheck({
  id: 'planner-method-off',
  severity: 'high',
  needs: ['login', ...METHODS],
  run: ({ login: { role }, ...methods }) =>
    METHODS.filter((setting) => !methods[setting]).map((setting) => ({ data: { role, setting } })),
});
