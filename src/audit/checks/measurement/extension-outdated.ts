import { isOlder } from '../../../indexes/index.js';
import { measurementCheck } from './snapshot.js';

/** The files of the extension were upgraded, the database was not. */
export const extensionOutdated = measurementCheck({
  id: 'extension-outdated',
  severity: 'low',
  needs: ['pgvectorVersion', 'extension'],
  run: ({ pgvectorVersion, extension: { available } }) =>
    available !== null && isOlder(pgvectorVersion, available)
      ? [{ data: { version: pgvectorVersion, available } }]
      : [],
});
