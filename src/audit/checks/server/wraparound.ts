import { plainName, relation } from '../../sql.js';
import { serverCheck } from './check.js';

/** Ids that are left at that age are none. Source: PostgreSQL manual, "Preventing Transaction ID Wraparound Failures". */
const MOST_AGE = 2 ** 31;
const MEDIUM_SHARE = 0.5;
const HIGH_SHARE = 0.75;
const TABLES = 5;

/** A database whose oldest rows come near the age at which the server stops to write. */
export const wraparound = serverCheck({
  id: 'wraparound',
  severity: 'high',
  needs: ['server', 'databases', 'tables', 'settings'],
  run: ({ server, databases, tables, settings }) =>
    databases.flatMap(({ name: database, xidAge, multixactAge }) => {
      const share = Math.max(xidAge, multixactAge) / MOST_AGE;
      if (share < MEDIUM_SHARE) return [];
      const oldest = tables.toSorted((a, b) => b.xidAge - a.xidAge).slice(0, TABLES);
      const own = database === server.database;
      return [
        {
          object: database,
          confidence: 'high' as const,
          basis: 'catalog' as const,
          evidence: 'SELECT datname, age(datfrozenxid), mxid_age(datminmxid) FROM pg_database ORDER BY 2 DESC;',
          severity: share >= HIGH_SHARE ? ('high' as const) : ('medium' as const),
          remedy: own
            ? {
                step: 'analyze' as const,
                statements: oldest.map((table) => `VACUUM (FREEZE) ${relation(table)};`),
                lock: { mode: 'SHARE UPDATE EXCLUSIVE' as const, held: 'while it scans' as const },
                rollback: [],
              }
            : null,
          data: {
            database,
            xidAge,
            multixactAge,
            share,
            freezeMaxAge: Number(settings['autovacuum_freeze_max_age']),
            oldest: own ? oldest.map((table) => ({ table: plainName(table), xidAge: table.xidAge })) : [],
          },
        },
      ];
    }),
});
