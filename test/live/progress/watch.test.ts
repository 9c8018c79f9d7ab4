import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchBuilds, type WatchReport } from '../../../src/live/index.js';
import type { Session } from '../../../src/postgres/index.js';
import { pgvtune, workingDirectory } from '../../support/command-line.js';
import { clusteredVectors, insertVectors } from '../../support/live-tables.js';
import { hasLocal, sharedServer, socketFolder } from '../../support/servers.js';

const FOREVER = { deadlineMs: Infinity };

describe.runIf(await hasLocal())('watching builds on a native server', () => {
  const cluster = sharedServer('local');
  let directory: ReturnType<typeof workingDirectory>;
  let admin: Session;
  let builder: Session;
  let watcher: Session;
  let url: string;

  beforeAll(async () => {
    directory = workingDirectory();
    url = `postgres://watcher@/postgres?host=${await socketFolder(cluster())}`;
    admin = await cluster().connect('admin');
    builder = await cluster().connect('builder');
    watcher = await cluster().connect('watcher');
    await admin.query('CREATE ROLE watcher LOGIN IN ROLE pg_read_all_stats; CREATE ROLE stranger LOGIN');
    await admin.query('CREATE TABLE items (id int PRIMARY KEY, tenant int, embedding vector(64))');
    await insertVectors(admin, 'items', clusteredVectors(5000, 64, 'rows'));
    await admin.query('ANALYZE items');
  });
  afterAll(async () => {
    for (const session of [watcher, builder, admin]) await session?.close();
    directory.remove();
  });

  /** Builds, and watches until the build is seen to have ended; the looks say what was seen meanwhile. */
  async function watched(statement: string, onLook: (report: WatchReport) => void = () => undefined) {
    const looks: WatchReport[] = [];
    const build = builder.query(statement, [], FOREVER).catch((error: unknown) => error);
    for (;;) {
      const report = await watchBuilds({
        session: watcher,
        everyMs: 20,
        forMs: Infinity,
        signal: new AbortController().signal,
        onLook: (look) => {
          looks.push(look);
          onLook(look);
        },
      });
      if (report.builds.length > 0) return { looks, report, outcome: await build };
    }
  }

  it('sees a build that spills to its end: phases, rows, the row of the spill, the index', async () => {
    await builder.query(`SET maintenance_work_mem = '2MB'`);
    await builder.query('SET max_parallel_maintenance_workers = 0');
    await watcher.query(`SET maintenance_work_mem = '2MB'`);
    const { looks, report } = await watched(
      'CREATE INDEX items_ix ON items USING hnsw (embedding vector_l2_ops) WITH (m = 8, ef_construction = 200)',
    );
    const seen = looks.flatMap(({ builds }) => builds).filter(({ ended }) => ended === null);
    expect(seen.some(({ state }) => state.code === 'progressing')).toBe(true);
    expect(seen.some(({ forecast }) => forecast.leftMs !== null && forecast.rowsPerSecond! > 0)).toBe(true);
    const [build] = report.builds;
    expect(build).toMatchObject({
      last: { command: 'CREATE INDEX', method: 'hnsw', table: 'public.items', database: 'postgres' },
      ended: { valid: true, index: 'public.items_ix' },
    });
    const spill = seen.find(({ spill }) => spill !== null)!.spill!;
    expect(builder.takeNotices().join('\n')).toContain('hnsw graph no longer fits');
    expect(spill.row).toBeGreaterThan(500);
    expect(spill.row).toBeLessThan(5000);
  });

  it('names the transaction that a build waits for', async () => {
    const writer = await cluster().connect('writer');
    await writer.query('BEGIN');
    await writer.query('UPDATE items SET tenant = 1 WHERE id = (SELECT min(id) FROM items)');
    const phase = 'waiting for writers before build';
    let released = false;
    const { looks } = await watched('CREATE INDEX CONCURRENTLY items_tenant ON items (tenant)', ({ builds }) => {
      if (released || !builds.some(({ last, state }) => state.code === 'waiting' && last.phase === phase)) return;
      released = true;
      void writer.query('ROLLBACK');
    });
    const waiting = looks
      .flatMap(({ builds }) => builds)
      .find(({ last, state }) => state.code === 'waiting' && last.phase === phase)!;
    expect(waiting.state).toMatchObject({
      data: { blockerPid: writer.backendPid, blockerSeconds: expect.any(Number) },
    });
    expect(waiting.last.method).toBe('btree');
    await writer.close();
  });

  it('sees a build before it begins, while it waits for the table, and follows it on', async () => {
    const locker = await cluster().connect('locker');
    await locker.query('BEGIN');
    await locker.query('LOCK TABLE items IN SHARE ROW EXCLUSIVE MODE');
    let released = false;
    const { looks, report } = await watched('CREATE INDEX items_late ON items (tenant, id)', ({ builds }) => {
      if (released || builds.length === 0) return;
      released = true;
      void locker.query('ROLLBACK');
    });
    const [first] = looks.find(({ builds }) => builds.length > 0)!.builds;
    expect(first).toMatchObject({
      last: { phase: 'waiting for a lock on the table', indexOid: 0 },
      state: { code: 'waiting', data: { blockerPid: locker.backendPid } },
      phasesLeft: ['initializing', 'building index'],
    });
    // Two looks may lie on either side of so short a build; one that was seen to build is not another build.
    expect(report.builds).toHaveLength(1);
    await locker.close();
  });

  it('tells that a build ended without an index', async () => {
    let cancelled = false;
    const { report, outcome } = await watched(
      'CREATE INDEX items_never ON items USING hnsw (embedding vector_cosine_ops) WITH (m = 8, ef_construction = 400)',
      ({ builds }) => {
        if (cancelled || builds.length === 0) return;
        cancelled = true;
        void admin.query('SELECT pg_cancel_backend($1)', [builder.backendPid]);
      },
    );
    expect(outcome).toBeInstanceOf(Error);
    expect(report.builds[0]!.ended).toEqual({ valid: false, index: null, bytes: null });
  });

  it('is a command: with nothing to watch, with a build, and for a role that may not see it', async () => {
    const none = await pgvtune(directory.path, 'watch', '--server', url);
    expect(none).toMatchObject({ code: 3, stdout: 'No CREATE INDEX or REINDEX runs here.\n' });

    const writer = await cluster().connect('writer');
    await writer.query('BEGIN');
    await writer.query('UPDATE items SET tenant = 2 WHERE id = (SELECT min(id) FROM items)');
    const build = builder.query('CREATE INDEX CONCURRENTLY items_again ON items (tenant)', [], FOREVER);
    const look = (...argv: string[]) => pgvtune(directory.path, 'watch', '--for', '10ms', '--quiet', ...argv);
    let seen = await look('--server', url);
    while (seen.code === 3) seen = await look('--server', url);
    expect(seen.code).toBe(1);
    expect(seen.stdout).toMatch(/^CREATE INDEX CONCURRENTLY btree public\.items_again \(pid \d+, running for /);
    expect(seen.stdout).toContain(`it waits for the transaction of pid ${writer.backendPid}`);
    const json = JSON.parse((await look('--server', url, '--json')).stdout);
    expect(json).toMatchObject({ hidden: 0, builds: [{ state: { code: 'waiting' }, ended: null }] });
    const other = await look('--server', url.replace('watcher@', 'stranger@'));
    expect(other).toMatchObject({ code: 3, stdout: expect.stringContaining('1 more, of other roles') });
    await writer.query('ROLLBACK');
    await writer.close();
    await build;
  });

  it('refuses what cannot be meant', async () => {
    expect((await pgvtune(directory.path, 'watch', '--server', 'embedded')).code).toBe(2);
    expect((await pgvtune(directory.path, 'watch', '--server', url, '--every', '1ms')).stderr).toContain(
      'at least 100ms',
    );
  });
});
