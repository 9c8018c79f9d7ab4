import { measurementCheck } from './snapshot.js';

export const notNative = measurementCheck({
  id: 'not-native',
  severity: 'medium',
  needs: ['server'],
  run: ({ server: { label, nativeTimings } }) => (nativeTimings ? [] : [{ data: { label } }]),
});
