import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PgvtuneError } from '../../errors.js';
import type { ConnectionTarget } from '../connection-url.js';
import type { Server } from '../server.js';
import { findBinaries, type Binaries } from './binaries.js';
import { asArguments, clusterSettings, thisMachine } from './cluster-settings.js';
import { serveNew } from './serve-new.js';
import type { ServerContext } from './serve.js';
import { supervise } from './supervise.js';
import { takeKept } from './kept.js';
import { unprivilegedUser } from './unprivileged-user.js';

/** The newest installed PostgreSQL that has pgvector; undefined when there is none. */
export async function findLocal(): Promise<Binaries | undefined> {
  return withPgvector(await findBinaries(process.env));
}

const withPgvector = (installed: readonly Binaries[]): (Binaries & { readonly pgvector: string }) | undefined =>
  installed.find((one): one is Binaries & { readonly pgvector: string } => one.pgvector !== undefined);

/**
 * A private cluster in a temporary folder, from installed binaries: reachable through a Unix socket in that folder
 * alone, sized for the machine, removed at the end.
 *
 * @throws {PgvtuneError} `environment` when there are no binaries with pgvector, or the server does not start
 */
export async function openLocal(context: ServerContext): Promise<Server> {
  const installed = await findBinaries(process.env);
  const binaries = withPgvector(installed);
  if (!binaries) throw noPgvector(installed);
  const { folder: programs, version, pgvector } = binaries;
  context.note({ code: 'starting-local', data: { postgresql: version.join('.'), pgvector, folder: programs } });

  const user = await unprivilegedUser();
  const kept = context.kept !== undefined && (await takeKept(context.kept, user)) ? context.kept : null;
  if (context.kept !== undefined) {
    context.note({ code: kept === null ? 'kept-server-lost' : 'kept-server-found', data: { folder: context.kept } });
  }
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'pgvtune-')));
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const settings = clusterSettings(await thisMachine(folder));

  const supervised = supervise({
    folder,
    programs: [
      ...(kept === null ? [{ file: join(programs, 'initdb'), args: [...INITDB, '-D', data], user }] : []),
      {
        file: join(programs, 'postgres'),
        args: ['-D', data, '-h', '', '-k', folder, ...asArguments(settings)],
        user,
      },
    ],
    // Nothing like PGDATA or PGOPTIONS, nor any locale.
    environment: { PATH: process.env['PATH'], TZ: process.env['TZ'] },
    // Immediate shutdown: there is nothing worth a checkpoint.
    stopSignal: 'SIGQUIT',
    keeping: {
      stopSignal: 'SIGINT',
      // The server ran with fsync off.
      sync: { file: join(programs, 'initdb'), args: ['--sync-only', '-D', data], user },
    },
  });
  const target: ConnectionTarget = { host: folder, port: 5432, user: 'postgres', database: 'postgres', tls: false };
  return serveNew({
    kind: 'local',
    label: 'local',
    capabilities: { sessions: Infinity, copy: true, progress: true, nativeTimings: true, processes: true },
    target,
    context,
    ended: supervised.ended,
    keeping: { folder, keep: supervised.keep },
    stop: supervised.stop,
  });
}

/**
 * Nobody else can open the socket's folder, hence `trust`. English messages in byte order, but characters as in UTF-8:
 * under the plain C locale PostgreSQL could not lower-case anything beyond ASCII.
 */
const INITDB = [
  '--username=postgres',
  '--auth=trust',
  '--no-sync',
  '--encoding=UTF8',
  '--no-locale',
  `--lc-ctype=${process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'}`,
];

function noPgvector(installed: readonly Binaries[]): PgvtuneError {
  const [newest] = installed;
  if (!newest) {
    return new PgvtuneError('environment', 'Found no PostgreSQL server on this machine.', {
      hint: 'Install PostgreSQL and pgvector, or name its pg_config in PG_CONFIG; or choose the server "embedded".',
    });
  }
  const places = installed.map(({ folder }) => folder).join(', ');
  return new PgvtuneError('environment', `Found PostgreSQL in ${places}, but pgvector is not installed for it.`, {
    hint: `Install it (Debian: postgresql-${newest.version[0]}-pgvector); or choose the server "embedded".`,
  });
}
