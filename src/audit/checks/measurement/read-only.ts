import { measurementCheck } from './snapshot.js';

export const readOnly = measurementCheck({
  id: 'read-only',
  severity: 'high',
  needs: ['default_transaction_read_only', 'login', 'standby'],
  run: ({ default_transaction_read_only, login: { role }, standby }) =>
    standby || default_transaction_read_only ? [{ data: { role, standby } }] : [],
});
