import { monitoringCheck } from './check.js';

/** Nobody counts what statements cost, so no question about slow ones can be answered. */
export const noStatementStatistics = monitoringCheck({
  id: 'no-statement-statistics',
  severity: 'info',
  needs: ['server', 'statementSource'],
  run: ({ server, statementSource }) =>
    statementSource === 'ready'
      ? []
      : [
          {
            object: server.database,
            confidence: 'high',
            basis: 'catalog',
            evidence: "SELECT name, installed_version FROM pg_available_extensions WHERE name = 'pg_stat_statements';",
            remedy:
              statementSource === 'not-installed'
                ? {
                    step: 'setting',
                    statements: ['CREATE EXTENSION IF NOT EXISTS pg_stat_statements;'],
                    lock: { mode: 'none', held: 'for a moment' },
                    rollback: ['DROP EXTENSION IF EXISTS pg_stat_statements;'],
                  }
                : null,
            serverSettings:
              statementSource === 'not-loaded'
                ? [{ name: 'shared_preload_libraries', value: 'pg_stat_statements' }]
                : [],
            data: { database: server.database, installed: statementSource !== 'not-installed' },
          },
        ],
});
