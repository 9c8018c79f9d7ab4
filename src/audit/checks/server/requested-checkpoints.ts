import { serverCheck } from './check.js';

const LEAST = 20;

/** WAL fills up before its time, so checkpoints come more often than they are planned. */
export const requestedCheckpoints = serverCheck({
  id: 'requested-checkpoints',
  severity: 'low',
  needs: ['checkpoints', 'settings'],
  run: ({ checkpoints: { view, timed, requested, resetAt }, settings }) =>
    requested < LEAST || requested <= timed
      ? []
      : [
          {
            object: 'max_wal_size',
            confidence: 'medium',
            basis: 'counters',
            evidence: `SELECT * FROM ${view};`,
            remedy: null,
            serverSettings: [{ name: 'max_wal_size', value: null }],
            data: { timed, requested, maxWalSize: settings['max_wal_size'] ?? '', since: resetAt },
          },
        ],
});
