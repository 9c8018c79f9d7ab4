import { measurementCheck } from './snapshot.js';

/** Without USAGE on the extension's schema the role cannot even name the type. */
export const noExtensionUsage = measurementCheck({
  id: 'no-extension-usage',
  severity: 'high',
  needs: ['login', 'pgvectorSchema'],
  run: ({ login: { role }, pgvectorSchema: { name, mayUse } }) => (mayUse ? [] : [{ data: { role, schema: name } }]),
});
