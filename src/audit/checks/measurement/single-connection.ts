import { measurementCheck } from './snapshot.js';

/** Progress of a build and every further client need a connection of their own. */
export const singleConnection = measurementCheck({
  id: 'single-connection',
  severity: 'high',
  needs: ['login', 'max_connections', 'secondConnection'],
  run: ({ login, max_connections, secondConnection: { opened, ...limits } }) =>
    opened ? [] : [{ data: { ...login, ...limits, maxConnections: max_connections } }],
});
