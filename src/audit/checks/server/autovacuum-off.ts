import { setForServer } from '../../server-setting.js';
import { plainName, relation } from '../../sql.js';
import { serverCheck } from './check.js';

/** Dead rows are never removed and statistics grow old, for the server or for one table. */
export const autovacuumOff = serverCheck({
  id: 'autovacuum-off',
  severity: 'medium',
  needs: ['tables', 'settings'],
  run: ({ tables, settings }) => [
    ...(settings['autovacuum'] === 'off'
      ? [
          {
            object: 'autovacuum',
            confidence: 'high' as const,
            basis: 'catalog' as const,
            evidence: "SELECT setting, source FROM pg_settings WHERE name = 'autovacuum';",
            ...setForServer('autovacuum', 'on'),
            data: { table: null as string | null },
          },
        ]
      : []),
    ...tables
      .filter(({ options }) => options.some((option) => /^autovacuum_enabled=(?:false|off|no|0)$/.test(option)))
      .map((table) => ({
        object: plainName(table),
        confidence: 'high' as const,
        basis: 'catalog' as const,
        evidence: `SELECT reloptions FROM pg_class WHERE reloptions::text LIKE '%autovacuum_enabled%';`,
        remedy: {
          step: 'setting' as const,
          statements: [`ALTER TABLE ${relation(table)} RESET (autovacuum_enabled);`],
          lock: { mode: 'SHARE UPDATE EXCLUSIVE' as const, held: 'for a moment' as const },
          rollback: [`ALTER TABLE ${relation(table)} SET (autovacuum_enabled = off);`],
        },
        data: { table: plainName(table) },
      })),
  ],
});
