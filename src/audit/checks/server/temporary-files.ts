import { countersSince } from '../../snapshot/database.js';
import { serverCheck } from './check.js';

const LEAST_BYTES = 2 ** 30;

/** Sorts and hashes that do not fit into work_mem go to disk. */
export const temporaryFiles = serverCheck({
  id: 'temporary-files',
  severity: 'info',
  needs: ['server', 'activity', 'settings'],
  run: ({ server, activity: { temporaryBytes, temporaryFiles: files }, settings }) =>
    temporaryBytes < LEAST_BYTES
      ? []
      : [
          {
            object: server.database,
            confidence: 'medium',
            basis: 'counters',
            evidence: 'SELECT temp_files, temp_bytes FROM pg_stat_database WHERE datname = current_database();',
            remedy: null,
            data: { files, bytes: temporaryBytes, workMem: settings['work_mem'] ?? '', since: countersSince(server) },
          },
        ],
});
