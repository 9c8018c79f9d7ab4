import { historyCheck } from '../snapshot.js';

/** Migrations beside those of the history that are written in a language that is not read. */
export const unreadMigrations = historyCheck({
  id: 'unread-migrations',
  severity: 'medium',
  needs: ['history'],
  run: ({ history: { otherTools } }) => otherTools.map((data) => ({ data })),
});
