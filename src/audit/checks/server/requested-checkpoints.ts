import { serverCheck } from './check.js';

const LEAST = 20;

/** WAL fills up before its time, so checkpoints come more often than they are planned. */
export const requestedCheckpoints = serverCheck({
  id: 'requested-checkpoints',
  severity: 'low',
  needs: ['checkpoints', 'settings', 'server'],
  run: ({ checkpoints: { timed, requested, resetAt }, settings, server }) =>
    requested < LEAST || requested <= timed
      ? []
      : [
          {
            object: 'max_wal_size',
            confidence: 'medium',
            basis: 'counters',
            evidence: `SELECT * FROM ${server.number >= 17_00_00 ? 'pg_stat_checkpointer' : 'pg_stat_bgwriter'};`,
            remedy: null,
            serverSettings: [{ name: 'max_wal_size', value: null }],
            data: { timed, requested, maxWalSize: settings['max_wal_size'] ?? '', since: resetAt },
          },
        ],
});
