import { isBusy } from '../../../other-work.js';
import { measurementCheck } from './snapshot.js';

export const busyMachine = measurementCheck({
  id: 'busy-machine',
  severity: 'medium',
  needs: ['otherWork'],
  run: ({ otherWork }) => (isBusy(otherWork) ? [{ data: otherWork }] : []),
});
