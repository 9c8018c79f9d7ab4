import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/postgres/index.js';
import { pgvtune, workingDirectory } from '../../support/command-line.js';
import { findPgbouncer, startPgbouncer } from '../../support/pgbouncer.js';
import { hasLocal, sharedServer, socketFolder } from '../../support/servers.js';

const FOREVER = { deadlineMs: Infinity };
const KEY = 7_300_110;

describe.runIf(await hasLocal())('pools of a native server', () => {
  const cluster = sharedServer('local');
  let directory: ReturnType<typeof workingDirectory>;
  let admin: Session;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    directory = workingDirectory();
    folder = await socketFolder(cluster());
    url = `postgres://monitor@/postgres?host=${folder}`;
    admin = await cluster().connect('admin');
    await admin.query('CREATE ROLE monitor LOGIN IN ROLE pg_read_all_stats; CREATE ROLE stranger LOGIN');
  });
  afterAll(async () => {
    await admin?.close();
    directory.remove();
  });

  /** Runs `work` while so many sessions execute a statement that ends only when it is over. */
  async function whileBusy<T>(sessions: number, work: () => Promise<T>): Promise<T> {
    await admin.query('SELECT pg_advisory_lock($1)', [KEY]);
    const busy = await Promise.all(Array.from({ length: sessions }, () => cluster().connect('busy')));
    for (const session of busy) await session.query('SET lock_timeout = 0');
    const waits = busy.map((session) => session.query('SELECT pg_advisory_lock_shared($1)', [KEY], FOREVER));
    for (;;) {
      const [row] = await admin.query<{ waiting: string }>(
        `SELECT count(*) AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active'`,
      );
      if (Number(row!.waiting) === sessions) break;
    }
    try {
      return await work();
    } finally {
      await admin.query('SELECT pg_advisory_unlock($1)', [KEY]);
      await Promise.all(waits);
      for (const session of busy) await session.close();
    }
  }

  const look = (...argv: string[]) =>
    pgvtune(directory.path, 'pool', '--for', '300ms', '--every', '100ms', '--quiet', ...argv);

  it('sees how many are busy, and sizes pools for them', async () => {
    const { code, stdout } = await whileBusy(4, () => look('--server', url, '--cores', '8', '--web', '2', '--json'));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      database: 'postgres',
      busy: { peak: 4, waitingForLock: 4 },
      pooled: false,
      seesEverybody: true,
      advice: { load: 2, useful: 17, web: { processes: 2, deadlockFloor: 1 }, workers: null },
    });
  });

  it('prints settings that their programs take', async () => {
    const { code, stdout } = await whileBusy(4, () =>
      look('--server', url, '--cores', '64', '--web', '40', '--workers', '2', '--growth', '9'),
    );
    expect(code).toBe(0);
    const expression = /new Pool\((\{.*\})\)/.exec(stdout)![1]!;
    const pool = new pg.Pool({ host: folder, user: 'monitor', database: 'postgres', ...optionsOf(expression) });
    expect(pool.options.max).toBe(1);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
    const sql = /^ {2}(ALTER SYSTEM .*)$/m.exec(stdout);
    expect(sql === null || (await admin.query(sql[1]!)).length === 0).toBe(true);
    expect(stdout).toMatch(
      /create_engine\(url, pool_size=\d+, max_overflow=\d+, .*pool_pre_ping=True, pool_recycle=1800\)/,
    );
    expect(stdout).toContain('SQLAlchemy (workers, an engine of their own)');
    const program = await findPgbouncer();
    if (program === undefined) return;
    const ini = [...stdout.matchAll(/^ {2}(\w+ = .*)$/gm)]
      .map(([, line]) => line!)
      .filter((line) => !line.startsWith('pool_mode'));
    expect(ini).toHaveLength(4);
    const bouncer = await startPgbouncer(program, 'transaction', folder, 'monitor', ini);
    try {
      const seen = await look('--server', `postgres://monitor@/postgres?host=${bouncer.folder}`);
      expect(seen.stdout).toContain('A pooler shares backends among sessions');
    } finally {
      await bouncer.stop();
    }
  });

  it('says when the cores are too few, and what a role cannot see', async () => {
    const { code, stdout } = await whileBusy(6, () => look('--server', url, '--cores', '1', '--growth', '4'));
    expect(code).toBe(1);
    expect(stdout).toContain('1 cores serve at most 3 well');
    expect(stdout).toContain('Not checked, for want of pg_stat_statements');
    const other = await look('--server', url.replace('monitor@', 'stranger@'), '--cores', '4');
    expect(other.stdout).toContain('This role sees only its own sessions');
  });

  it('refuses what cannot be meant', async () => {
    expect((await look('--server', 'local')).code).toBe(2);
    expect((await look('--server', url, '--growth', '0')).stderr).toContain('--growth: expected more than 0');
    expect((await look('--server', url, '--web', '0')).code).toBe(2);
  });
});

/** `{ max: 3, a: 1 }` as an object. */
const optionsOf = (text: string): Record<string, number> =>
  JSON.parse(text.replaceAll(/(\w+):/g, '"$1":')) as Record<string, number>;
