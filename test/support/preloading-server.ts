import type { Server } from '../../src/postgres/index.js';
import { serveNew } from '../../src/postgres/servers/serve-new.js';
import { startCluster } from './cluster.js';

/** A native server that loads a library when it starts, as those of production do. */
export async function preloadingServer(library: string): Promise<Server> {
  const { folder, ended, stop } = await startCluster({ shared_preload_libraries: library });
  return serveNew({
    kind: 'local',
    label: 'preloading',
    capabilities: { sessions: Infinity, copy: true, progress: true, nativeTimings: true, processes: true },
    target: { host: folder, port: 5432, user: 'postgres', database: 'postgres', tls: false },
    context: { run: 'test', signal: new AbortController().signal, note: () => undefined },
    ended,
    stop,
  });
}
