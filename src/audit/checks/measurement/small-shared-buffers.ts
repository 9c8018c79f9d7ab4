import { measurementCheck } from './snapshot.js';

/** PostgreSQL's default. */
const DEFAULT_BYTES = 128 * 2 ** 20;

export const smallSharedBuffers = measurementCheck({
  id: 'small-shared-buffers',
  severity: 'medium',
  needs: ['shared_buffers'],
  run: ({ shared_buffers }) =>
    shared_buffers <= DEFAULT_BYTES ? [{ data: { sharedBuffersBytes: shared_buffers } }] : [],
});
