import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { Server, Session } from '../../src/postgres/index.js';
import { frozenProxy } from '../support/frozen-proxy.js';
import { hasLocal, open, sharedServer, socketFolder } from '../support/servers.js';

describe.runIf(await hasLocal())('when things go wrong', () => {
  const server = sharedServer('local');

  async function withSessions(work: (session: Session, observer: Session) => Promise<void>): Promise<void> {
    const [session, observer] = [await server().connect('test'), await server().connect('observer')];
    try {
      await work(session, observer);
    } finally {
      await Promise.all([session.close(), observer.close()]);
    }
  }

  /** Waits until the backend is busy (or not) with a statement. */
  const untilState = (observer: Session, pid: number, state: 'active' | 'idle'): Promise<void> =>
    vi.waitFor(
      async () => {
        const rows = await observer.query('SELECT state FROM pg_stat_activity WHERE pid = $1', [pid]);
        expect(rows).toEqual([{ state }]);
      },
      { timeout: 60_000, interval: 10 },
    );

  /** A server as `postgres://…` gives it, on the cluster under test. */
  const openUrl = async (address: string, signal?: AbortSignal): Promise<Server> =>
    open(`postgres://postgres@${address}`, signal ? { signal } : {});

  it('a statement past its deadline is cancelled, and the session goes on', () =>
    withSessions(async (session, observer) => {
      await expect(session.query('SELECT pg_sleep(60)', [], { deadlineMs: 100 })).rejects.toMatchObject({
        code: 'server',
        sqlstate: '57014',
        message: 'local did not finish "SELECT pg_sleep(60)" within 100 ms; it was cancelled.',
      });
      await untilState(observer, session.backendPid, 'idle');
      expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }));

  it('a deadline inside a transaction rolls it back', () =>
    withSessions(async (session) => {
      const late = session.transaction(async () => {
        await session.query('CREATE TABLE late (n int)');
        await session.query('SELECT pg_sleep(60)', [], { deadlineMs: 100 });
      });
      await expect(late).rejects.toMatchObject({ sqlstate: '57014' });
      expect(await session.query(`SELECT to_regclass('late') AS late`)).toEqual([{ late: null }]);
    }));

  it('an abort cancels the running statement, and only clean-up may go on', async () => {
    const controller = new AbortController();
    const existing = await openUrl(`/postgres?host=${await socketFolder(server())}`, controller.signal);
    const [session, cleaner] = [
      await existing.connect('test'),
      await existing.connect('clean-up', { evenIfInterrupted: true }),
    ];
    const working = session.rolledBack(async () => {
      await session.query('CREATE TABLE unfinished (n int)');
      await session.query('SELECT pg_sleep(60)');
    });
    const interrupted = expect(working).rejects.toMatchObject({ code: 'interrupted' });
    await untilState(cleaner, session.backendPid, 'active');
    const seesSleep = async (): Promise<void> => {
      const rows = await cleaner.query('SELECT query FROM pg_stat_activity WHERE pid = $1', [session.backendPid]);
      expect(rows).toEqual([{ query: 'SELECT pg_sleep(60)' }]);
    };
    await vi.waitFor(seesSleep, { timeout: 60_000 });
    controller.abort();
    await interrupted;
    // Rolled back, idle, and not to be used again.
    await untilState(cleaner, session.backendPid, 'idle');
    await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'interrupted' });
    await expect(existing.connect('late')).rejects.toMatchObject({ code: 'interrupted' });
    expect(await cleaner.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await existing.stop();
  });

  it('a backend that is terminated in mid-query', () =>
    withSessions(async (session, observer) => {
      const cut = expect(session.query('SELECT pg_sleep(60)')).rejects.toMatchObject({
        code: 'server',
        sqlstate: '57P01',
      });
      await untilState(observer, session.backendPid, 'active');
      await observer.query('SELECT pg_terminate_backend($1)', [session.backendPid]);
      await cut;
      await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'server' });
    }));

  it('a prepared statement past its deadline, and one whose backend is terminated', () =>
    withSessions(async (session, observer) => {
      const sleep = { name: 'sleep', text: 'SELECT pg_sleep($1::float)' };
      await session.execute(sleep, [0]);
      await expect(session.execute(sleep, [60], { deadlineMs: 100 })).rejects.toMatchObject({
        sqlstate: '57014',
        message: expect.stringContaining('within 100 ms; it was cancelled'),
      });
      expect(await session.execute(sleep, [0])).toHaveLength(1);
      const cut = expect(session.execute(sleep, [60])).rejects.toMatchObject({ code: 'server', sqlstate: '57P01' });
      await untilState(observer, session.backendPid, 'active');
      await observer.query('SELECT pg_terminate_backend($1)', [session.backendPid]);
      await cut;
      await expect(session.execute(sleep, [0])).rejects.toMatchObject({ code: 'server' });
    }));

  it('a backend that is terminated between two statements does not end this process', () =>
    withSessions(async (session, observer) => {
      await observer.query('SELECT pg_terminate_backend($1)', [session.backendPid]);
      // Whether the server's last words or the broken socket are noticed first is a matter of chance.
      await vi.waitFor(() => expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'server' }), {
        timeout: 60_000,
      });
      await expect(session.query('SELECT 1')).rejects.toMatchObject({
        hint: expect.stringMatching(/administrator|broke/),
      });
    }));

  it('a lock that somebody else holds', () =>
    withSessions(async (session, observer) => {
      await observer.query('CREATE TABLE taken (n int)');
      await observer.query('BEGIN');
      await observer.query('LOCK TABLE taken');
      await session.query(`SET lock_timeout = '50ms'`);
      await expect(session.query('SELECT * FROM taken')).rejects.toMatchObject({
        sqlstate: '55P03',
        hint: expect.stringContaining('pg_blocking_pids'),
      });
      await observer.query('ROLLBACK');
      await observer.query('DROP TABLE taken');
    }));

  it('a network that falls silent: the socket is cut after the deadline and five seconds', async () => {
    const proxy = await frozenProxy(`${await socketFolder(server())}/.s.PGSQL.5432`);
    const existing = await openUrl(`127.0.0.1:${proxy.port}/postgres`);
    const session = await existing.connect('test');
    const hasDeadline = await existing.connect('of-its-own', { deadlineMs: 60 });
    proxy.freeze();
    await Promise.all([
      expect(session.query('SELECT 1', [], { deadlineMs: 50 })).rejects.toMatchObject({
        message: expect.stringContaining('the connection was cut'),
        hint: expect.stringContaining(`pid ${session.backendPid}`),
        deadlineMs: 50,
      }),
      expect(hasDeadline.query('SELECT 1')).rejects.toMatchObject({ deadlineMs: 60 }),
    ]);
    await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'server' });
    await existing.stop();
    await proxy.close();
  });

  it('a server that accepts and never answers can be interrupted', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const controller = new AbortController();
    silent.once('connection', () => controller.abort());
    const { port } = silent.address() as AddressInfo;
    await expect(openUrl(`127.0.0.1:${port}/postgres`, controller.signal)).rejects.toMatchObject({
      code: 'interrupted',
    });
    silent.close();
  });

  it('resists names that look like SQL', () =>
    withSessions(async (session) => {
      const name = `t"; DROP TABLE pg_class; --`;
      await session.query(`CREATE TEMP TABLE "${name.replaceAll('"', '""')}" (n int)`);
      expect(await session.query('SELECT relname FROM pg_class WHERE relname = $1', [name])).toEqual([
        { relname: name },
      ]);
    }));

  it('PGOPTIONS does not reach a session', async () => {
    vi.stubEnv('PGOPTIONS', '-c work_mem=64kB');
    const session = await server().connect('test');
    vi.unstubAllEnvs();
    expect(await session.query(`SELECT source FROM pg_settings WHERE name = 'work_mem'`)).toEqual([
      { source: 'default' },
    ]);
    await session.close();
  });
});
