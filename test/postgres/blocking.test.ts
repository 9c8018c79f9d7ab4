import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTicket, type ThreadSession } from '../../src/postgres/index.js';
import { hasLocal, sharedServer } from '../support/servers.js';
import { wireValues } from '../support/wire-values.js';

describe.runIf(await hasLocal())('a statement that the thread waits for', () => {
  const server = sharedServer('local');

  async function withSession(work: (session: ThreadSession) => Promise<void>): Promise<void> {
    const session = await openTicket(server().ticket('blocking'));
    try {
      await work(session);
    } finally {
      await session.close();
    }
  }

  const prepare = async (session: ThreadSession, ...args: Parameters<ThreadSession['prepareBlocking']>) => {
    const blocking = await session.prepareBlocking(...args);
    if (!blocking) throw new Error('The thread cannot wait for this connection.');
    return blocking;
  };

  it('answers as one that the event loop waits for, for any text, bytes and null', () =>
    withSession(async (session) => {
      const statement = { name: 'any', text: 'SELECT $1::text, $2::bytea, $3::int, $4::boolean' };
      const lists = fc.sample(wireValues, { numRuns: 60, seed: 1 });
      const { hold } = await prepare(session, statement, lists);
      expect(hold((execute) => lists.map((_, i) => execute(i)))).toEqual(lists.map((list) => [list]));
    }));

  it('reads no rows, one, and answers that are longer than its buffer', () =>
    withSession(async (session) => {
      const statement = { name: 'series', text: `SELECT i, repeat('x', 1000) FROM generate_series(1, $1::int) AS i` };
      const counts = [3, 0, 1, 2000, 5];
      const { hold } = await prepare(
        session,
        statement,
        counts.map((count) => [count]),
      );
      const answers = hold((execute) => counts.map((_, i) => execute(i)));
      expect(answers.map(({ length }) => length)).toEqual(counts);
      for (const rows of answers)
        expect(rows.every(([i, text], n) => i === n + 1 && text === 'x'.repeat(1000))).toBe(true);
    }));

  it('passes notices over, and goes on after a refusal in the middle of the rows', () =>
    withSession(async (session) => {
      await session.query(
        `CREATE FUNCTION pg_temp.shout(i int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''%'', i; RETURN 10 / i; END'`,
      );
      const statement = {
        name: 'shout',
        text: 'SELECT pg_temp.shout(i - $1::int) FROM generate_series(1, 5) AS i',
      };
      const { hold } = await prepare(session, statement, [[0], [3]]);
      hold((execute) => {
        expect(execute(0)).toEqual([[10], [5], [3], [2], [2]]);
        expect(() => execute(1)).toThrow(
          expect.objectContaining({ code: 'server', sqlstate: '22012', message: expect.stringContaining('shout') }),
        );
        expect(execute(0)).toHaveLength(5);
      });
      expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }));

  it('counts how long the thread has slept', () =>
    withSession(async (session) => {
      const { hold, waitedMs } = await prepare(session, { name: 'nap', text: 'SELECT pg_sleep($1::float)' }, [
        [0],
        [0.5],
      ]);
      expect(waitedMs()).toBe(0);
      hold((execute) => execute(1));
      // Longer than the thread may be kept from falling asleep.
      expect(waitedMs()).toBeGreaterThanOrEqual(50);
    }));

  it('ends with its backend, with the server’s last words', () =>
    withSession(async (session) => {
      const statement = { name: 'end', text: 'SELECT pg_terminate_backend(pg_backend_pid()) WHERE $1::boolean' };
      const { hold } = await prepare(session, statement, [[false], [true]]);
      expect(() => hold((execute) => execute(1))).toThrow(
        expect.objectContaining({ code: 'server', sqlstate: '57P01' }),
      );
      await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'server' });
    }));

  it('is refused for parameters that only the driver can write', () =>
    withSession(async (session) => {
      expect(await session.prepareBlocking({ name: 'array', text: 'SELECT $1::text[]' }, [[['a']]])).toBeNull();
    }));
});
