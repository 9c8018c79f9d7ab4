import { monitoringCheck } from './check.js';

/** Of `server_version_num`: versions with CVE-2026-14676, and the first without it. */
const FROM = 18_00_00;
const FIXED_IN = { number: 18_00_06, version: '18.6' };

/** pg_stat_statements of a version in which it overflows. */
export const statementStatisticsDefect = monitoringCheck({
  id: 'statement-statistics-defect',
  severity: 'medium',
  needs: ['server', 'statementSource'],
  run: ({ server: { number, version }, statementSource }) =>
    number < FROM || number >= FIXED_IN.number || statementSource === 'not-loaded'
      ? []
      : [
          {
            object: 'pg_stat_statements',
            severity: statementSource === 'ready' ? 'medium' : 'info',
            confidence: 'high',
            basis: 'catalog',
            evidence: "SELECT current_setting('server_version');",
            remedy: null,
            data: { version, fixedIn: FIXED_IN.version, isCounting: statementSource === 'ready' },
          },
        ],
});
