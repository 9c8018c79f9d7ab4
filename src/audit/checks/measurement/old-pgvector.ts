import { isOlder } from '../../../indexes/index.js';
import { measurementCheck } from './snapshot.js';

/** The first with HNSW. */
const OLDEST = '0.5.0';

export const oldPgvector = measurementCheck({
  id: 'old-pgvector',
  severity: 'high',
  needs: ['pgvectorVersion'],
  run: ({ pgvectorVersion }) =>
    isOlder(pgvectorVersion, OLDEST) ? [{ data: { version: pgvectorVersion, oldest: OLDEST } }] : [],
});
