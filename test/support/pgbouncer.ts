import { access, chown, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openSession } from '../../src/postgres/connect.js';
import { supervise } from '../../src/postgres/servers/supervise.js';
import { unprivilegedUser } from '../../src/postgres/servers/unprivileged-user.js';

/** The installed pgbouncer, which Debian keeps outside an ordinary user's PATH; undefined when there is none. */
export async function findPgbouncer(): Promise<string | undefined> {
  for (const folder of [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']) {
    const file = join(folder, 'pgbouncer');
    const found = await access(file).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}

/**
 * Starts pgbouncer in front of the server behind a Unix socket.
 *
 * @param settings more lines of its section
 * @returns the folder of its own socket, on port 5432 too
 */
export async function startPgbouncer(
  file: string,
  poolMode: 'transaction' | 'session',
  serverFolder: string,
  role: string,
  settings: readonly string[] = [],
): Promise<{ readonly folder: string; stop(): Promise<void> }> {
  const user = await unprivilegedUser();
  const folder = await mkdtemp(join(tmpdir(), 'pgvtune-'));
  const config = join(folder, 'pgbouncer.ini');
  await writeFile(join(folder, 'users.txt'), `"${role}" ""\n`);
  await writeFile(
    config,
    `[databases]
* = host=${serverFolder} port=5432
[pgbouncer]
listen_addr =
listen_port = 5432
unix_socket_dir = ${folder}
auth_type = trust
auth_file = ${join(folder, 'users.txt')}
pool_mode = ${poolMode}
${settings.join('\n')}
`,
  );
  if (user) await chown(folder, user.uid, user.gid);
  const { ended, stop } = supervise({
    folder,
    programs: [{ file, args: [config], user }],
    environment: { PATH: process.env['PATH'] },
    stopSignal: 'SIGTERM',
  });
  const tooLong = AbortSignal.timeout(60_000);
  for (;;) {
    try {
      const session = await openSession({
        target: { host: folder, port: 5432, user: role, database: 'postgres', tls: false },
        applicationName: 'pgvtune/test/start',
      });
      await session.close();
      return { folder, stop };
    } catch (error) {
      if (ended() || tooLong.aborted) {
        await stop();
        throw ended() ?? error;
      }
    }
    await pause(25);
  }
}
