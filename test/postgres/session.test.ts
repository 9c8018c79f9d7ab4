import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PgvtuneError } from '../../src/errors.js';
import type { Session } from '../../src/postgres/index.js';
import { describeServers } from '../support/servers.js';
import { wireValues } from '../support/wire-values.js';

await describeServers('a session', (server) => {
  async function withSession(work: (session: Session) => Promise<void>): Promise<void> {
    const session = await server().connect('test');
    try {
      await work(session);
    } finally {
      await session.close();
    }
  }

  it('starts with the library loaded, deadlines of the server off, and only the extension in its search_path', () =>
    withSession(async (session) => {
      const [settings] = await session.query(
        `SELECT current_setting('hnsw.ef_search') AS "efSearch", current_setting('search_path') AS "searchPath",
                current_setting('statement_timeout') AS "statementTimeout", current_setting('lock_timeout') AS "lockTimeout",
                current_setting('application_name') AS name`,
      );
      expect(settings).toEqual({
        efSearch: '40',
        searchPath: '"public"',
        statementTimeout: '0',
        lockTimeout: '5s',
        name: 'pgvtune/test/test',
      });
      const check = `SELECT setting FROM pg_settings WHERE name = 'client_connection_check_interval'`;
      expect(await session.query(check)).toEqual([{ setting: '2000' }]);
    }));

  it('gives rows as objects or, prepared, as arrays; bigint stays exact', () =>
    withSession(async (session) => {
      const bigint = '9007199254740993';
      expect(await session.query('SELECT $1::bigint AS id, $2::int AS n', [bigint, 200])).toEqual([
        { id: bigint, n: 200 },
      ]);
      const statement = { name: 'ids', text: 'SELECT $1::bigint, $2::int' };
      for (const n of [1, 128, 200, 255]) expect(await session.execute(statement, [bigint, n])).toEqual([[bigint, n]]);
    }));

  it('executes a prepared statement again with any text, bytes and null', () =>
    withSession(async (session) => {
      const statement = { name: 'any', text: 'SELECT $1::text, $2::bytea, $3::int, $4::boolean' };
      await fc.assert(
        fc.asyncProperty(wireValues, async (row) => {
          expect(await session.execute(statement, row)).toEqual([row]);
        }),
        { numRuns: 40 },
      );
    }));

  it('executes again for no rows, one, and more than a packet of them', () =>
    withSession(async (session) => {
      const statement = { name: 'series', text: `SELECT i, repeat('x', 100) FROM generate_series(1, $1::int) AS i` };
      for (const count of [3, 0, 1, 5000]) {
        const rows = await session.execute(statement, [count]);
        expect(rows).toHaveLength(count);
        expect(rows.every(([i, text], n) => i === n + 1 && text === 'x'.repeat(100))).toBe(true);
      }
    }));

  it('executes again with a notice among the rows', () =>
    withSession(async (session) => {
      await session.query(
        `CREATE FUNCTION pg_temp.shout(i int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''%'', i; RETURN i; END'`,
      );
      const statement = { name: 'shout', text: 'SELECT pg_temp.shout(i) FROM generate_series(1, $1::int) AS i' };
      for (const count of [1, 3]) {
        expect(await session.execute(statement, [count])).toEqual(Array.from({ length: count }, (_, i) => [i + 1]));
        expect(session.takeNotices()).toEqual(Array.from({ length: count }, (_, i) => String(i + 1)));
      }
    }));

  it('executes again with an array', () =>
    withSession(async (session) => {
      const statement = { name: 'array', text: 'SELECT $1::text[]' };
      for (let time = 0; time < 2; time++) {
        expect(await session.execute(statement, [['a', 'b"c']])).toEqual([[['a', 'b"c']]]);
      }
    }));

  it('executes again after a refusal in the middle of the rows', () =>
    withSession(async (session) => {
      const statement = { name: 'divide', text: 'SELECT 10 / (i - $1::int) FROM generate_series(1, 20) AS i' };
      expect(await session.execute(statement, [100])).toHaveLength(20);
      const refused = session.execute(statement, [15]);
      await expect(refused).rejects.toThrow(PgvtuneError);
      await expect(refused).rejects.toMatchObject({
        sqlstate: '22012',
        message: expect.stringContaining('SELECT 10 /'),
      });
      expect(await session.execute(statement, [100])).toHaveLength(20);
      await expect(session.execute(statement, ['nothing'])).rejects.toMatchObject({ sqlstate: '22P02' });
      expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }));

  it('does not read rows that have become others than those described when the statement was prepared', () =>
    withSession(async (session) => {
      await session.query('CREATE TEMP TABLE changing (a int)');
      const statement = { name: 'changing', text: 'SELECT * FROM changing' };
      await session.execute(statement, []);
      await session.query('ALTER TABLE changing ADD b text');
      await expect(session.execute(statement, [])).rejects.toMatchObject({ sqlstate: '0A000' });
    }));

  it('does not take a statement for another of the same name', () =>
    withSession(async (session) => {
      expect(await session.execute({ name: 'one', text: 'SELECT 1' }, [])).toEqual([[1]]);
      await expect(session.execute({ name: 'one', text: 'SELECT 2' }, [])).rejects.toThrow(/must be unique/);
      expect(await session.execute({ name: 'one', text: 'SELECT 1' }, [])).toEqual([[1]]);
    }));

  it('sends a Buffer in binary format', () =>
    withSession(async (session) => {
      // Two dimensions: uint16 count, uint16 zero, float32 big-endian each; see vector_recv in pgvector's src/vector.c.
      const vector = Buffer.from('000200003f80000040000000', 'hex');
      expect(await session.execute({ name: 'v', text: 'SELECT $1::vector::text' }, [vector])).toEqual([['[1,2]']]);
    }));

  it('tells what went wrong, with the SQLSTATE and the statement, and goes on', () =>
    withSession(async (session) => {
      await expect(session.query('SELECT\n  nowhere.x')).rejects.toMatchObject({
        name: 'PgvtuneError',
        code: 'server',
        sqlstate: '42P01',
        message: expect.stringContaining('"SELECT nowhere.x" failed on'),
      });
      await expect(session.query(`SELECT '[1,NaN]'::vector`)).rejects.toMatchObject({ sqlstate: '22000' });
      expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }));

  it('hands out notices and warnings once', () =>
    withSession(async (session) => {
      await session.query(`DO $$ BEGIN RAISE NOTICE 'spilled'; RAISE WARNING 'old'; RAISE LOG 'quiet'; END $$`);
      expect(session.takeNotices()).toEqual(['spilled', 'old']);
      expect(session.takeNotices()).toEqual([]);
    }));

  it('commits or rolls back a transaction', () =>
    withSession(async (session) => {
      await session.query('CREATE TEMP TABLE t (n int)');
      await session.transaction(() => session.query('INSERT INTO t VALUES (1)'));
      const boom = new Error('boom');
      const failing = session.transaction(async () => {
        await session.query('INSERT INTO t VALUES (2)');
        throw boom;
      });
      await expect(failing).rejects.toBe(boom);
      expect(await session.query('SELECT n FROM t')).toEqual([{ n: 1 }]);
    }));

  it('does not take a transaction for committed when one of its statements failed', () =>
    withSession(async (session) => {
      const swallowing = session.transaction(() => session.query('SELECT 1/0').catch(() => undefined));
      await expect(swallowing).rejects.toThrow(/swallowed/);
    }));

  it('rolls back settings and dropped indexes, also when the work fails', () =>
    withSession(async (session) => {
      await session.query('CREATE TEMP TABLE t2 (n int)');
      await session.query('CREATE INDEX t2_n ON t2 (n)');
      const measure = async () => {
        await session.query('DROP INDEX t2_n');
        await session.query(`SET hnsw.ef_search = 77`);
        return session.query('SHOW hnsw.ef_search');
      };
      expect(await session.rolledBack(measure)).toEqual([{ 'hnsw.ef_search': '77' }]);
      const failing = session.rolledBack(async () => {
        await measure();
        await session.query('SELECT 1/0');
      });
      await expect(failing).rejects.toMatchObject({ sqlstate: '22012' });
      expect(await session.query('SHOW hnsw.ef_search')).toEqual([{ 'hnsw.ef_search': '40' }]);
      expect(await session.query(`SELECT to_regclass('t2_n') IS NOT NULL AS there`)).toEqual([{ there: true }]);
    }));

  it('refuses a second statement while one is running', () =>
    withSession(async (session) => {
      const first = session.query('SELECT 1 AS one');
      await expect(session.query('SELECT 2')).rejects.toThrow(/one statement at a time/);
      expect(await first).toEqual([{ one: 1 }]);
    }));

  it('leaves nothing of itself to the next session', async () => {
    await withSession(async (session) => {
      await session.query('SET hnsw.ef_search = 99');
      await session.execute({ name: 'same', text: 'SELECT 1' }, []);
      await session.query('BEGIN');
      await session.query('CREATE TABLE half_done (n int)');
    });
    await withSession(async (session) => {
      expect(await session.query('SHOW hnsw.ef_search')).toEqual([{ 'hnsw.ef_search': '40' }]);
      expect(await session.execute({ name: 'same', text: 'SELECT 2' }, [])).toEqual([[2]]);
      expect(await session.query(`SELECT to_regclass('public.half_done') AS there`)).toEqual([{ there: null }]);
    });
  });

  it('opens no more sessions than the server can keep apart', async () => {
    const first = await server().connect('first');
    try {
      if (server().capabilities.sessions === 1) {
        await expect(server().connect('second')).rejects.toThrow(/1 session at a time/);
      } else {
        const second = await server().connect('second');
        expect(second.backendPid).not.toBe(first.backendPid);
        await second.close();
      }
    } finally {
      await first.close();
    }
  });

  it('fails when used after it was closed', async () => {
    const session = await server().connect('test');
    await session.close();
    await session.close();
    await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'server' });
  });
});
