import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveNew } from '../../src/postgres/servers/serve-new.js';
import { findLocal } from '../../src/postgres/servers/local.js';
import { supervise } from '../../src/postgres/servers/supervise.js';
import { unprivilegedUser } from '../../src/postgres/servers/unprivileged-user.js';
import type { Server } from '../../src/postgres/index.js';

/** A native server that loads a library when it starts, as those of production do. */
export async function preloadingServer(library: string): Promise<Server> {
  const binaries = await findLocal();
  if (!binaries) throw new Error('There is no PostgreSQL with pgvector here.');
  const user = await unprivilegedUser();
  const folder = await mkdtemp(join(tmpdir(), 'pgvtune-'));
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const supervised = supervise({
    folder,
    programs: [
      { file: join(binaries.folder, 'initdb'), args: ['-U', 'postgres', '-A', 'trust', '--no-sync', '-D', data], user },
      {
        file: join(binaries.folder, 'postgres'),
        args: ['-D', data, '-h', '', '-k', folder, '-c', `shared_preload_libraries=${library}`, '-c', 'fsync=off'],
        user,
      },
    ],
    environment: { PATH: process.env['PATH'] },
    stopSignal: 'SIGQUIT',
  });
  return serveNew({
    kind: 'local',
    label: 'preloading',
    capabilities: { sessions: Infinity, copy: true, progress: true, nativeTimings: true, processes: true },
    target: { host: folder, port: 5432, user: 'postgres', database: 'postgres', tls: false },
    context: { run: 'test', signal: new AbortController().signal, note: () => undefined },
    ended: supervised.ended,
    stop: supervised.stop,
  });
}
