import { text } from '../../sql.js';
import { serverCheck } from './check.js';

const LEAST_BYTES = 100 * 2 ** 20;

/** A standby that has much WAL to replay: what it answers is old. */
export const standbyLag = serverCheck({
  id: 'standby-lag',
  severity: 'low',
  needs: ['standbys'],
  run: ({ standbys }) =>
    standbys
      .filter(({ lagBytes }) => lagBytes >= LEAST_BYTES)
      .map((standby) => ({
        object: standby.name,
        confidence: 'medium',
        basis: 'activity',
        evidence: `SELECT application_name, state, replay_lag FROM pg_stat_replication WHERE application_name = ${text(standby.name)};`,
        remedy: null,
        data: standby,
      })),
});
