import { measurementCheck } from './snapshot.js';

export const otherSessions = measurementCheck({
  id: 'other-sessions',
  severity: 'medium',
  needs: ['otherActiveSessions'],
  run: ({ otherActiveSessions }) => (otherActiveSessions > 0 ? [{ data: { active: otherActiveSessions } }] : []),
});
