import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openSession } from '../../src/postgres/connect.js';
import { openTicket, openWorkspace } from '../../src/postgres/index.js';
import type { Note } from '../../src/progress.js';
import { frozenProxy } from '../support/frozen-proxy.js';
import { temporaryFolder } from '../support/processes.js';
import { hasLocal, open, sharedServer, socketFolder } from '../support/servers.js';
import { tlsProxy, type TlsProxy } from '../support/tls-proxy.js';

describe.runIf(await hasLocal())('an existing server, named by a URL', () => {
  const cluster = sharedServer('local');
  let folder: string;
  const url = (user: string, database = 'postgres'): string => `postgres://${user}@/${database}?host=${folder}`;

  beforeAll(async () => {
    folder = await socketFolder(cluster());
    const admin = await cluster().connect('admin');
    await admin.query(`
      CREATE ROLE guarded LOGIN PASSWORD 'correct/horse@battery';
      CREATE ROLE reader LOGIN; ALTER ROLE reader SET default_transaction_read_only = on;
      CREATE ROLE guest LOGIN;
      CREATE ROLE single LOGIN CONNECTION LIMIT 1;
      GRANT CREATE ON DATABASE postgres TO guarded, reader, single`);
    await admin.query('CREATE DATABASE bare');
    await admin.query('CREATE DATABASE "else where"');
    const [row] = await admin.query<{ hba_file: string }>('SHOW hba_file');
    const rules = await readFile(row!.hba_file, 'utf8');
    await writeFile(row!.hba_file, `local all guarded scram-sha-256\n${rules}`);
    await admin.query('SELECT pg_reload_conf()');
    await admin.close();
  });

  it('is worked on in one schema, and left as it was found', async () => {
    const admin = await cluster().connect('admin');
    const inventory = () =>
      admin.query(
        `SELECT 'schema' AS kind, nspname::text AS name FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
         UNION ALL SELECT 'table', oid::regclass::text FROM pg_class
         UNION ALL SELECT 'extension', extname FROM pg_extension
         UNION ALL SELECT 'setting', setdatabase || ' ' || setrole || setconfig::text FROM pg_db_role_setting ORDER BY 1, 2`,
      );
    const before = await inventory();
    const server = await open(url('guarded:correct%2Fhorse%40battery'), { run: 'guest-work' });
    expect(server).toMatchObject({ kind: 'url', label: `${folder}/postgres`, disposable: false });
    const workspace = await openWorkspace(server, 'guest-work');
    const session = await workspace.connect('test');
    await session.query('CREATE TABLE items (embedding vector(2))');
    await session.query('CREATE INDEX ON items USING hnsw (embedding vector_l2_ops)');
    await workspace.drop();
    await server.stop();
    expect(await inventory()).toEqual(before);
    await admin.close();
  });

  it('finds the extension in whatever schema it lives', async () => {
    // Not through open(): that wants the extension to be there.
    const target = { host: folder, port: 5432, user: 'postgres', database: 'else where', tls: false } as const;
    const session = await openSession({ target, applicationName: 'test' });
    await session.query('CREATE SCHEMA "Erweiterungen"');
    await session.query('CREATE EXTENSION vector SCHEMA "Erweiterungen"');
    await session.close();

    const server = await open(url('postgres', 'else%20where'));
    const workspace = await openWorkspace(server, 'test');
    const working = await workspace.connect('test');
    expect(await working.query(`SELECT '[1,2]'::vector <-> '[1,3]' AS distance`)).toEqual([{ distance: 1 }]);
    await workspace.drop();
    await server.stop();
  });

  /** Opening has to fail; gives the error, after a look whether a password shows anywhere in it. */
  async function refusal(choice: string): Promise<unknown> {
    const error: unknown = await open(choice).then(
      (server) => server.stop().then(() => new Error('It was opened.')),
      (reason: unknown) => reason,
    );
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/horse|battery|wr0ng/);
    return error;
  }

  it('wrong password', async () => {
    expect(await refusal(url('guarded:wr0ng'))).toMatchObject({
      code: 'server',
      sqlstate: '28P01',
      message: expect.stringContaining(`Cannot connect to ${folder}/postgres`),
      hint: expect.stringContaining('password'),
    });
  });

  it('no password where one is wanted', async () => {
    vi.stubEnv('PGPASSFILE', '/nonexistent');
    expect(await refusal(url('guarded'))).toMatchObject({ hint: expect.stringContaining('PGPASSWORD') });
    vi.unstubAllEnvs();
  });

  it('a password file, without a warning of the driver', async () => {
    const file = temporaryFolder();
    const path = `${file.path}/pgpass`;
    await writeFile(path, `*:*:*:guarded:correct/horse@battery\n`, { mode: 0o600 });
    vi.stubEnv('PGPASSFILE', path);
    const warned = vi.spyOn(process, 'emitWarning');
    const server = await open(url('guarded'));
    expect(warned).not.toHaveBeenCalled();
    await server.stop();
    warned.mockRestore();
    file.remove();
    vi.unstubAllEnvs();
  });

  it('a schema and settings of the URL, and what is ignored in it', async () => {
    const notes: Note[] = [];
    const server = await open(
      `${url('postgres')}&schema=my%20"app\\&options=-c%20work_mem%3D7MB&pgbouncer=true&connection_limit=5`,
      { note: (note) => notes.push(note) },
    );
    expect(notes).toContainEqual({
      code: 'url-parameters-ignored',
      data: { names: ['pgbouncer', 'connection_limit'] },
    });
    const session = await server.connect('test');
    expect(
      await session.query(
        `SELECT name, reset_val FROM pg_settings WHERE name IN ('search_path', 'work_mem') ORDER BY name`,
      ),
    ).toEqual([
      { name: 'search_path', reset_val: '"my ""app\\"' },
      { name: 'work_mem', reset_val: '7168' },
    ]);
    await server.stop();
  });

  it('unknown database', async () => {
    expect(await refusal(url('postgres', 'nowhere'))).toMatchObject({
      sqlstate: '3D000',
      hint: expect.stringContaining('database'),
    });
  });

  it('no server behind the Unix socket', async () => {
    expect(await refusal('postgres://ann:wr0ng@/x?host=/nonexistent')).toMatchObject({
      code: 'server',
      message: expect.stringContaining('/nonexistent/x'),
      hint: expect.stringContaining('Unix socket'),
    });
  });

  it('no server on the port', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    expect(await refusal(`postgres://ann:wr0ng@localhost:${port}/x`)).toMatchObject({
      message: expect.stringMatching(/Cannot connect to localhost:\d+\/x: connect ECONNREFUSED/),
      hint: expect.stringContaining('running'),
    });
  });

  it('no such host', async () => {
    expect(await refusal('postgres://ann:wr0ng@nowhere.invalid/x')).toMatchObject({
      code: 'server',
      message: expect.stringContaining('Cannot connect to nowhere.invalid/x'),
    });
  });

  it('no extension in the database', async () => {
    expect(await refusal(url('postgres', 'bare'))).toMatchObject({
      code: 'server',
      message: 'The database "bare" has no extension "vector".',
      hint: expect.stringContaining('CREATE EXTENSION vector'),
    });
  });

  it('read-only', async () => {
    expect(await refusal(url('reader'))).toMatchObject({ sqlstate: '25006', hint: expect.stringContaining('primary') });
  });

  it('no right to make a schema', async () => {
    expect(await refusal(url('guest'))).toMatchObject({
      sqlstate: '42501',
      hint: expect.stringContaining('GRANT CREATE ON DATABASE postgres TO guest;'),
    });
  });

  it('is taken as it is where it is only looked at: nothing refused, nothing set', async () => {
    const server = await open(url('reader', 'bare'), { asIs: true });
    const session = await server.connect('look');
    const [row] = await session.query<{ lock_timeout: string }>('SHOW lock_timeout');
    expect(row).toEqual({ lock_timeout: '0' });
    await server.stop();
  });

  it('too many connections', async () => {
    expect(await refusal(url('single'))).toMatchObject({
      sqlstate: '53300',
      hint: expect.stringContaining('connections'),
    });
  });

  it('env: DATABASE_URL or nothing', async () => {
    vi.stubEnv('PGHOST', undefined).stubEnv('PGDATABASE', undefined).stubEnv('DATABASE_URL', undefined);
    expect(await refusal('env')).toMatchObject({ code: 'usage' });
    vi.stubEnv('DATABASE_URL', url('postgres'));
    const server = await open('env');
    vi.unstubAllEnvs();
    expect(server.kind).toBe('url');
    await server.stop();
  });

  describe('over TLS', () => {
    let proxy: TlsProxy;
    let certificates: ReturnType<typeof temporaryFolder>;
    const secure = (host: string, query: string): string =>
      `postgres://postgres@${host}:${proxy.port}/postgres?${query}`;

    beforeAll(async () => {
      certificates = temporaryFolder();
      proxy = await tlsProxy(`${folder}/.s.PGSQL.5432`, certificates.path);
    });
    afterAll(async () => {
      await proxy.close();
      certificates.remove();
    });

    it('works with a certificate that the named authority vouches for, cancelling included', async () => {
      const notes: Note[] = [];
      const server = await open(secure('localhost', `sslmode=verify-full&sslrootcert=${proxy.certificate}`), {
        note: (note) => notes.push(note),
      });
      expect(notes).toMatchObject([{ code: 'connected', data: { encrypted: true } }]);
      const session = await server.connect('test');
      await expect(session.query('SELECT pg_sleep(60)', [], { deadlineMs: 50 })).rejects.toMatchObject({
        sqlstate: '57014',
      });
      expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      const series = { name: 'series', text: `SELECT repeat('x', 100) FROM generate_series(1, $1::int)` };
      for (const count of [2, 3, 2000]) expect(await session.execute(series, [count])).toHaveLength(count);
      await server.stop();
    });

    it('leaves waiting for an answer to the event loop', async () => {
      const server = await open(secure('localhost', `sslmode=verify-full&sslrootcert=${proxy.certificate}`));
      const session = await openTicket(server.ticket('thread'));
      const one = { name: 'one', text: 'SELECT $1::int' };
      expect(await session.prepareBlocking(one, [[1]])).toBeNull();
      expect(await session.execute(one, [1])).toEqual([[1]]);
      await session.close();
      await server.stop();
    });

    it('refuses a certificate that nobody vouches for', async () => {
      expect(await refusal(secure('localhost', 'sslmode=require'))).toMatchObject({
        hint: expect.stringContaining('sslrootcert'),
      });
    });

    it('refuses a certificate made out to another host, unless asked to look at the authority alone', async () => {
      const rootCertificate = `sslrootcert=${proxy.certificate}`;
      expect(await refusal(secure('127.0.0.1', `sslmode=verify-full&${rootCertificate}`))).toMatchObject({
        hint: expect.stringContaining('verify-ca'),
      });
      const server = await open(secure('127.0.0.1', `sslmode=verify-ca&${rootCertificate}`));
      await server.stop();
    });

    it('is not given up silently when the server has none', async () => {
      const plain = await frozenProxy(`${folder}/.s.PGSQL.5432`);
      expect(await refusal(`postgres://postgres@127.0.0.1:${plain.port}/postgres?sslmode=require`)).toMatchObject({
        hint: expect.stringContaining('sslmode=disable'),
      });
      await plain.close();
    });
  });
});
