import { measurementCheck } from './snapshot.js';

export const debugBuild = measurementCheck({
  id: 'debug-build',
  severity: 'high',
  needs: ['debug_assertions'],
  run: ({ debug_assertions }) => (debug_assertions ? [{ data: {} }] : []),
});
