import { measurementCheck } from './snapshot.js';

/** The oldest that pgvtune is written for. */
const OLDEST_MAJOR = 13;

export const oldPostgresql = measurementCheck({
  id: 'old-postgresql',
  severity: 'high',
  needs: ['postgresql'],
  run: ({ postgresql: { version, number } }) =>
    number < OLDEST_MAJOR * 10_000 ? [{ data: { version, oldestMajor: OLDEST_MAJOR } }] : [],
});
