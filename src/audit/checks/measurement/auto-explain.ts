import { measurementCheck } from './snapshot.js';

/** With log_analyze every statement is instrumented, also those whose plan is not logged in the end. */
export const autoExplain = measurementCheck({
  id: 'auto-explain',
  severity: 'medium',
  needs: ['autoExplain', 'login'],
  run: ({ autoExplain, login: { role } }) =>
    autoExplain === null || autoExplain.logMinDuration === '-1'
      ? []
      : [{ data: { role, ...autoExplain }, severity: autoExplain.logAnalyze ? 'medium' : 'low' }],
});
