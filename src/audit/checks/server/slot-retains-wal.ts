import { text } from '../../sql.js';
import { serverCheck } from './check.js';

const LEAST_BYTES = 2 ** 30;

/** A replication slot that nobody reads keeps WAL until the disk is full. */
export const slotRetainsWal = serverCheck({
  id: 'slot-retains-wal',
  severity: 'medium',
  needs: ['slots', 'settings'],
  run: ({ slots, settings }) =>
    slots
      .filter(({ active, temporary }) => !active && !temporary)
      .map(({ name, retainedBytes }) => ({
        object: name,
        confidence: 'medium',
        basis: 'activity',
        evidence: `SELECT slot_name, active, restart_lsn, wal_status FROM pg_replication_slots WHERE slot_name = ${text(name)};`,
        severity: retainedBytes >= LEAST_BYTES ? 'medium' : 'low',
        remedy: {
          step: 'drop',
          statements: [
            `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ${text(name)} AND NOT active;`,
          ],
          lock: { mode: 'none', held: 'for a moment' },
          rollback: [],
        },
        data: { slot: name, retainedBytes, limit: settings['max_slot_wal_keep_size'] ?? null },
      })),
});
