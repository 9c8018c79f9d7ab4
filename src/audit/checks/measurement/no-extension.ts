import { majorVersion } from '../../../indexes/index.js';
import { measurementCheck } from './snapshot.js';

export const noExtension = measurementCheck({
  id: 'no-extension',
  severity: 'high',
  needs: ['extension', 'login', 'postgresql'],
  run: ({ extension: { installed, available }, login: { database }, postgresql }) =>
    installed === null ? [{ data: { database, available, postgresqlMajor: majorVersion(postgresql.number) } }] : [],
});
