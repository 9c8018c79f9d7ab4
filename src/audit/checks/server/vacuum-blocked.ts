import { serverCheck } from './check.js';

const LEAST_XID_AGE = 1_000_000;
const LEAST_SECONDS = 3600;

/** VACUUM runs, and removes nothing that died since this began. */
export const vacuumBlocked = serverCheck({
  id: 'vacuum-blocked',
  severity: 'medium',
  needs: ['horizons'],
  run: ({ horizons }) =>
    horizons
      .filter(({ xidAge, seconds }) => xidAge >= LEAST_XID_AGE || (seconds ?? 0) >= LEAST_SECONDS)
      .map((horizon) => ({
        object: `${horizon.kind} ${horizon.name}`,
        confidence: 'high',
        basis: 'activity',
        evidence: EVIDENCE[horizon.kind],
        remedy: null,
        data: horizon,
      })),
});

const EVIDENCE = {
  session: 'SELECT pid, age(backend_xmin), xact_start, state, query FROM pg_stat_activity ORDER BY 2 DESC NULLS LAST;',
  'prepared-transaction': 'SELECT gid, age(transaction), prepared, owner FROM pg_prepared_xacts ORDER BY 2 DESC;',
  'replication-slot':
    'SELECT slot_name, active, age(xmin), age(catalog_xmin) FROM pg_replication_slots ORDER BY greatest(age(xmin), age(catalog_xmin)) DESC NULLS LAST;',
  standby: 'SELECT application_name, age(backend_xmin) FROM pg_stat_replication ORDER BY 2 DESC NULLS LAST;',
};
