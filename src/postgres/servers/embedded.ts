import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../child-environment.js';
import { workerEntry } from '../../worker-entry.js';
import type { ConnectionTarget } from '../connection-url.js';
import type { Server } from '../server.js';
import { serveNew } from './serve-new.js';
import type { ServerContext } from './serve.js';
import { supervise } from './supervise.js';

/**
 * PGlite with pgvector, in memory, behind its socket: nothing to install.
 *
 * One session at a time: all clients of PGlite's socket share one backend, so that a SET leaks from one to the other.
 * Its socket breaks at COPY, and there is nobody to send a CancelRequest to.
 */
export async function openEmbedded(context: ServerContext): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'pgvtune-'));
  const supervised = supervise({
    folder,
    programs: [{ file: process.execPath, args: [workerEntry(import.meta.url, 'embedded-process.js'), folder] }],
    environment: childEnvironment(),
    stopSignal: 'SIGTERM',
  });
  const target: ConnectionTarget = { host: folder, port: 5432, user: 'postgres', database: 'postgres', tls: false };
  return serveNew({
    kind: 'embedded',
    label: 'embedded (WebAssembly)',
    capabilities: { sessions: 1, copy: false, progress: false, nativeTimings: false, processes: false },
    target,
    context,
    cancellable: false,
    ended: supervised.ended,
    stop: supervised.stop,
  });
}
