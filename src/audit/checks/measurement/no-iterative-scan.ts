import { isOlder } from '../../../indexes/index.js';
import { measurementCheck } from './snapshot.js';

/** Both came with 0.8.0: iterative scans, and a cost of HNSW scans that depends on ef_search. */
const SINCE = '0.8.0';

export const noIterativeScan = measurementCheck({
  id: 'no-iterative-scan',
  severity: 'medium',
  needs: ['pgvectorVersion'],
  run: ({ pgvectorVersion }) =>
    isOlder(pgvectorVersion, SINCE) ? [{ data: { version: pgvectorVersion, since: SINCE } }] : [],
});
