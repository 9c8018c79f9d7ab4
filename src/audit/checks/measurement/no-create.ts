import { measurementCheck } from './snapshot.js';

export const noCreate = measurementCheck({
  id: 'no-create',
  severity: 'high',
  needs: ['login', 'mayCreateSchema'],
  run: ({ login, mayCreateSchema }) => (mayCreateSchema ? [] : [{ data: login }]),
});
