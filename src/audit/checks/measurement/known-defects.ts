import { defectsOf } from '../../../indexes/index.js';
import { measurementCheck } from './snapshot.js';

export const knownDefects = measurementCheck({
  id: 'known-defects',
  severity: 'medium',
  needs: ['pgvectorVersion'],
  run: ({ pgvectorVersion }) =>
    defectsOf(pgvectorVersion).map(({ code, fixedIn }) => ({
      data: { version: pgvectorVersion, defect: code, fixedIn },
    })),
});
