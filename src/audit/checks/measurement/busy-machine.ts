import { measurementCheck } from './snapshot.js';

/** Above this the client waits for a core often enough to show in its times. */
const MOST_LOAD_PER_CORE = 0.7;

export const busyMachine = measurementCheck({
  id: 'busy-machine',
  severity: 'medium',
  needs: ['loadPerCore'],
  run: ({ loadPerCore }) => (loadPerCore > MOST_LOAD_PER_CORE ? [{ data: { loadPerCore } }] : []),
});
