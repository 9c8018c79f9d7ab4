import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PgvtuneError } from '../src/errors.js';
import { openServer, type Session } from '../src/postgres/index.js';
import { findLocal } from '../src/postgres/servers/local.js';
import { unprivilegedUser } from '../src/postgres/servers/unprivileged-user.js';

/** A server that outlives the programs that work on it, and can be restarted. */
export interface ExistingServer {
  readonly url: string;
  /** Runs a statement on a connection of the campaign's own, once the server has recovered from whatever it was. */
  query<Row extends Readonly<Record<string, unknown>>>(sql: string): Promise<readonly Row[]>;
  /** Stops it at once, as an administrator in a hurry does, and starts it again. */
  restart(): void;
  /** Starts it where it has stopped by itself. */
  revive(): void;
  stop(): void;
}

/** `cannot_connect_now`: the server starts, or recovers from the last kill. */
const NOT_YET = '57P03';
const ATTEMPTS = 300;

/** @param folder for its data and its socket; made where it is missing */
export async function startExistingServer(folder: string): Promise<ExistingServer> {
  const binaries = await findLocal();
  if (!binaries) throw new Error('There is no PostgreSQL with pgvector here.');
  const user = await unprivilegedUser();
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o700);
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const run = (program: string, args: readonly string[]): void =>
    void execFileSync(join(binaries.folder, program), args, { ...user, cwd: folder, stdio: 'ignore' });
  const start = (): void =>
    run('pg_ctl', ['start', '-w', '-D', data, '-l', join(folder, 'log'), '-o', `-h '' -k ${folder} -c fsync=off`]);
  const isUp = (): boolean => existsSync(join(data, 'postmaster.pid'));
  run('initdb', ['-U', 'postgres', '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C', '-D', data]);
  start();
  run('psql', ['-q', '-h', folder, '-U', 'postgres', '-c', 'CREATE EXTENSION vector']);
  const url = `postgres://postgres@/postgres?host=${folder}`;
  const { signal } = new AbortController();
  const server = await openServer(url, { run: 'campaign', signal, note: () => undefined });
  const connect = async (attempts = ATTEMPTS): Promise<Session> => {
    try {
      return await server.connect('campaign');
    } catch (error) {
      if (attempts <= 1 || !(error instanceof PgvtuneError) || error.sqlstate !== NOT_YET) throw error;
      await pause(100);
      return connect(attempts - 1);
    }
  };
  return {
    url,
    async query(sql) {
      const session = await connect();
      try {
        return await session.query(sql);
      } finally {
        await session.close();
      }
    },
    restart: () => run('pg_ctl', ['restart', '-w', '-m', 'immediate', '-D', data]),
    revive: () => (isUp() ? undefined : start()),
    stop: () => (isUp() ? run('pg_ctl', ['stop', '-w', '-m', 'immediate', '-D', data]) : undefined),
  };
}
