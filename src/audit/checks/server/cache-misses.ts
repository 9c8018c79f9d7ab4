import { countersSince } from '../../snapshot/database.js';
import { serverCheck } from './check.js';

const LEAST_READS = 100_000;
const LEAST_HIT_SHARE = 0.9;

/** Many pages that queries need are not in shared_buffers. */
export const cacheMisses = serverCheck({
  id: 'cache-misses',
  severity: 'info',
  needs: ['server', 'activity', 'settings'],
  run: ({ server, activity: { blocksHit, blocksRead }, settings }) => {
    const hitShare = blocksHit / (blocksHit + blocksRead);
    if (blocksRead < LEAST_READS || hitShare >= LEAST_HIT_SHARE) return [];
    return [
      {
        object: server.database,
        confidence: 'low',
        basis: 'counters',
        evidence: 'SELECT blks_hit, blks_read FROM pg_stat_database WHERE datname = current_database();',
        remedy: null,
        serverSettings: [{ name: 'shared_buffers', value: null }],
        data: {
          hitShare,
          blocksRead,
          sharedBuffers: settings['shared_buffers'] ?? '',
          since: countersSince(server),
        },
      },
    ];
  },
});
