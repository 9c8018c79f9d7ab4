import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSession } from '../../src/postgres/connect.js';
import type { Session } from '../../src/postgres/index.js';
import { findLocal } from '../../src/postgres/servers/local.js';
import { type Supervised, supervise } from '../../src/postgres/servers/supervise.js';
import { unprivilegedUser } from '../../src/postgres/servers/unprivileged-user.js';

export interface Cluster extends Supervised {
  /** Folder of its Unix socket; the port is 5432, the superuser postgres. */
  readonly folder: string;
}

/**
 * Starts a native server with settings of its own, and stock ones beside them. It may not accept connections yet.
 *
 * @param options.standby it waits for the WAL of a primary that does not exist
 * @param options.of it is a standby of that one, from a copy of its data
 */
export async function startCluster(
  settings: Readonly<Record<string, string>>,
  { standby = false, of }: { readonly standby?: boolean; readonly of?: Cluster } = {},
): Promise<Cluster> {
  const binaries = await findLocal();
  if (!binaries) throw new Error('There is no PostgreSQL with pgvector here.');
  const user = await unprivilegedUser();
  const folder = await mkdtemp(join(tmpdir(), 'pgvtune-'));
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = Object.entries({ fsync: 'off', ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const supervised = supervise({
    folder,
    programs: [
      of === undefined
        ? {
            file: join(binaries.folder, 'initdb'),
            args: ['-U', 'postgres', '-A', 'trust', '--no-sync', '-D', data],
            user,
          }
        : {
            file: join(binaries.folder, 'pg_basebackup'),
            args: ['-h', of.folder, '-U', 'postgres', '-c', 'fast', '--no-sync', '-R', '-D', data],
            user,
          },
      ...(standby ? [{ file: 'touch', args: [join(data, 'standby.signal')], user }] : []),
      { file: join(binaries.folder, 'postgres'), args: ['-D', data, '-h', '', '-k', folder, ...options], user },
    ],
    environment: { PATH: process.env['PATH'] },
    stopSignal: 'SIGQUIT',
  });
  return { folder, ...supervised };
}

/** The first session of a superuser, as soon as the server accepts it. */
export async function firstSession({ folder, ended }: Cluster): Promise<Session> {
  const tooLong = AbortSignal.timeout(120_000);
  for (;;) {
    try {
      return await openSession({
        target: { host: folder, port: 5432, user: 'postgres', database: 'postgres', tls: false },
        applicationName: 'pgvtune/test/start',
      });
    } catch (error) {
      if (ended() || tooLong.aborted) throw ended() ?? error;
    }
    await pause(25);
  }
}
