import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUnread } from '../../src/findings.js';
import { readStatementLog } from '../../src/logs/index.js';
import { silentReporter } from '../../src/progress.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pgvtune-log-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads lines of a stderr log with the prefix `%m [%p] %d `; times count in milliseconds. */
async function read(lines: readonly string[] | Buffer, name = 'a.log') {
  const path = join(folder, name);
  writeFileSync(path, Array.isArray(lines) ? `${lines.join('\n')}\n` : (lines as Buffer));
  return readPaths([path]);
}

async function readPaths(paths: readonly string[], signal = new AbortController().signal) {
  const options = { linePrefix: '%m [%p] %d ', timeZone: null, database: 'shop', signal, reporter: silentReporter };
  const { log, loops } = await readStatementLog({ ...options, paths });
  if (isUnread(log)) throw new Error(log.unread);
  return { log, loops };
}

const at = (ms: number, message: string, { pid = 1, database = 'shop', severity = 'LOG' } = {}): string =>
  `${new Date(Date.UTC(2026, 10, 29) + ms).toISOString().slice(0, 23).replace('T', ' ')} UTC [${pid}] ${database} ${severity}:  ${message}`;
const statement = (ms: number, text: string, options = {}): string =>
  at(ms, `duration: 1.000 ms  statement: ${text}`, options);
const calls = ({ log }: Awaited<ReturnType<typeof read>>) =>
  Object.fromEntries(log.statements.map(({ query, calls: count }) => [query, count]));

describe('a statement log', () => {
  it('counts an execution once, however many lines tell of it', async () => {
    const read1 = await read([
      // The extended protocol.
      at(1, 'duration: 0.1 ms  parse <unnamed>: SELECT a FROM t WHERE x = $1'),
      at(2, 'duration: 0.1 ms  bind <unnamed>: SELECT a FROM t WHERE x = $1'),
      at(3, 'duration: 0.3 ms  execute <unnamed>: SELECT a FROM t WHERE x = $1'),
      at(3, `parameters: $1 = '1'`, { severity: 'DETAIL' }),
      // log_statement = all with log_duration: another session writes in between.
      at(4, 'statement: SELECT b FROM t', { pid: 2 }),
      at(4, 'duration: 0.1 ms'),
      at(5, 'execute S_1: SELECT c FROM t'),
      at(9, 'duration: 4.000 ms', { pid: 2 }),
      at(9, 'duration: 2.000 ms'),
      // Further rows of a cursor, and a plan of auto_explain.
      at(10, 'duration: 0.1 ms  execute fetch from S_1/C_2: SELECT c FROM t'),
      at(11, 'duration: 9.1 ms  plan:\n\tQuery Text: SELECT c FROM t'),
      at(12, 'checkpoint starting: time'),
    ]);
    expect(calls(read1)).toEqual({ 'SELECT a FROM t WHERE x = $1': 1, 'SELECT b FROM t': 1, 'SELECT c FROM t': 1 });
    expect(read1.log.statements.map(({ duration }) => duration!.totalMs)).toEqual([4, 2, 0.3]);
    expect(read1.log).toMatchObject({ from: '2026-11-29T00:00:00.002Z', until: '2026-11-29T00:00:00.008Z' });
  });

  it.each([
    [String.raw`x = E'it\'s'`, 'x = $1'],
    [`x = 1 /* it's */`, 'x = $1'],
    [`x = $$it's$$`, 'x = $1'],
  ])('tells statements apart behind %s', async (condition, normalized) => {
    const read1 = await read(
      ['y', 'z'].map((column, i) => statement(i, `SELECT a FROM t WHERE ${condition} AND ${column} = 'b'`)),
    );
    expect(Object.keys(calls(read1)).map((query) => query.replaceAll(/ +/g, ' '))).toEqual([
      `SELECT a FROM t WHERE ${normalized} AND y = $2`,
      `SELECT a FROM t WHERE ${normalized} AND z = $2`,
    ]);
  });

  it('tells tables apart whose names differ in numbers, with their calls', async () => {
    const tables = ['t_01', 't_02', 't_01', '"t 2025"', '"t 2026"', 'one.t', 'two.t'];
    const read1 = await read(tables.map((table, i) => statement(i, `SELECT x.a FROM ${table} x WHERE x.b = ${i}`)));
    expect(Object.values(calls(read1))).toEqual([2, 1, 1, 1, 1, 1]);
  });

  it('is read with messages in Russian', async () => {
    const log = await read([
      at(1, 'продолжительность: 0.300 мс, выполнение S_1: SELECT a FROM t WHERE x = $1', { severity: 'СООБЩЕНИЕ' }),
      at(1, `параметры: $1 = '1'`, { severity: 'ПОДРОБНОСТИ' }),
      at(2, 'продолжительность: 0.300 мс, оператор: SELECT b FROM t', { severity: 'СООБЩЕНИЕ' }),
      at(3, 'продолжительность: 0.100 мс, разбор S_1: SELECT c FROM t', { severity: 'СООБЩЕНИЕ' }),
    ]);
    expect(calls(log)).toEqual({ 'SELECT a FROM t WHERE x = $1': 1, 'SELECT b FROM t': 1 });
  });

  it('leaves other databases and utility statements out, and counts what cannot be parsed', async () => {
    const log = await read([
      statement(1, 'SELECT a FROM t'),
      statement(2, 'SELECT a FROM t', { database: 'other' }),
      statement(3, `CREATE USER MAPPING FOR u SERVER s OPTIONS (password 'opensesame')`),
      statement(4, `SELECT 'opensesame' FROM WHERE`),
      statement(5, `SELECT 'opensesame'; SELECT 2`),
    ]);
    expect(calls(log)).toEqual({ 'SELECT a FROM t': 1 });
    expect(log.log).toMatchObject({ executions: 2, notParsed: 1 });
    expect(JSON.stringify(log)).not.toContain('opensesame');
  });

  it('is read in any encoding, compressed, over several files and without its end', async () => {
    const latin1 = Buffer.from(
      [statement(1, `SELECT 'é' AS "né"`), statement(2, 'SELECT a FROM t'), ''].join('\r\n'),
      'latin1',
    );
    expect(calls(await read(latin1))).toEqual({ 'SELECT $1 AS "né"': 1, 'SELECT a FROM t': 1 });
    const utf8 = Buffer.from(`${statement(1, 'SELECT a FROM t')}\n${statement(2, 'SELECT "я" FROM t')}\n`);
    const zipped = gzipSync(utf8);
    expect(calls(await read(zipped, 'b.log.gz'))).toEqual({ 'SELECT a FROM t': 1, 'SELECT "я" FROM t': 1 });
    expect((await read(zipped.subarray(0, zipped.length - 12), 'c.log.gz')).log.executions).toBeLessThanOrEqual(2);
    await read([at(1, 'statement: SELECT a FROM t')], 'd.log');
    await read([at(9, 'duration: 7.000 ms'), statement(10, 'SELECT a FR')], 'e.log');
    const both = await readPaths(['d.log', 'e.log'].map((name) => join(folder, name)));
    expect(both.log.statements.map(({ query, duration }) => [query, duration!.totalMs])).toEqual([
      ['SELECT a FROM t', 7],
      ['SELECT a FR', 1],
    ]);
    expect(both.log.files).toEqual(['d.log', 'e.log']);
    expect((await read(Buffer.alloc(0), 'empty.log')).log.statements).toEqual([]);
  });

  it('says where loops cannot be seen', async () => {
    expect((await read([at(1, 'duration: 200.1 ms  statement: SELECT a FROM t')])).loops).toEqual({
      unread: 'log-of-slow-statements',
    });
    const path = join(folder, 'plain.log');
    writeFileSync(path, 'LOG:  duration: 0.1 ms  statement: SELECT a FROM t\n');
    const options = {
      timeZone: null,
      database: 'shop',
      signal: new AbortController().signal,
      reporter: silentReporter,
    };
    const { loops, log } = await readStatementLog({ ...options, paths: [path], linePrefix: '' });
    expect(loops).toEqual({ unread: 'log-without-sessions' });
    expect(log).toMatchObject({ from: null, until: null, executions: 1 });
  });

  it('stops when it is interrupted', async () => {
    await read([statement(1, 'SELECT a FROM t')], 'f.log');
    await expect(readPaths([join(folder, 'f.log')], AbortSignal.abort())).rejects.toThrow(/Interrupted/);
  });
});

describe('loops in a log', () => {
  const repeated = (from: number, count: number, text: (i: number) => string, gap = 10, options = {}): string[] =>
    Array.from({ length: count }, (_, i) => statement(from + gap * i, text(i), options));
  const loopsOf = async (lines: readonly string[]) => {
    const { loops } = await read(lines);
    if (isUnread(loops)) throw new Error(loops.unread);
    return loops.map(({ statement: { query }, after, unit, parameters, calls: count, units }) => ({
      query,
      after: after.map((before) => before.query),
      unit,
      parameters,
      count,
      units,
    }));
  };
  const child = (i: number): string => `SELECT body FROM messages WHERE chat_id = ${i}`;
  const CHILD = 'SELECT body FROM messages WHERE chat_id = $1';

  it('are bursts of one session after a rarer query', async () => {
    expect(await loopsOf([statement(0, 'SELECT id FROM chats'), ...repeated(10, 6, child)])).toEqual([
      { query: CHILD, after: ['SELECT id FROM chats'], unit: 'gap', parameters: 'varied', count: 6, units: 1 },
    ]);
  });

  it('are none with pauses in between, of several sessions, or where all statements repeat alike', async () => {
    expect(await loopsOf([statement(0, 'SELECT id FROM chats'), ...repeated(10, 6, child, 100)])).toEqual([]);
    const sessions = [1, 2, 3, 4, 5, 6].flatMap((pid) => [
      statement(pid, 'SELECT id FROM chats', { pid }),
      statement(pid, child(pid), { pid }),
    ]);
    expect(await loopsOf(sessions)).toEqual([]);
    const alike = [1, 2, 3, 4, 5, 6].flatMap((i) => [
      statement(10 * i, `SELECT name FROM users WHERE id = ${i}`),
      statement(10 * i + 2, child(i)),
    ]);
    expect(await loopsOf(alike)).toEqual([]);
  });

  it('are of their transaction, whatever the pauses in it', async () => {
    const lines = [statement(0, 'BEGIN'), ...repeated(100, 5, child, 200), statement(2000, 'COMMIT;')];
    const expected = { query: CHILD, after: [], unit: 'transaction', parameters: 'varied', count: 5, units: 1 };
    expect(await loopsOf(lines)).toEqual([expected]);
    expect(await loopsOf([...lines.slice(0, 3), statement(550, 'COMMIT'), ...lines.slice(3)])).toEqual([]);
    expect(await loopsOf([...lines.slice(0, 3), statement(550, 'ROLLBACK TO SAVEPOINT a'), ...lines.slice(3)])).toEqual(
      [expected],
    );
  });

  it('are of their trace, whichever connections it takes', async () => {
    const traced = (i: number): string =>
      `${child(i)} /*traceparent='00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b${i}-01'*/`;
    const lines = [1, 2, 3, 4, 5].map((i) => statement(500 * i, traced(i), { pid: i }));
    expect(await loopsOf(lines)).toEqual([
      { query: CHILD, after: [], unit: 'trace', parameters: 'varied', count: 5, units: 1 },
    ]);
    const same = [1, 2, 3, 4, 5].map((i) => statement(500 * i, traced(i).replace(/= \d/, '= 7'), { pid: i }));
    expect(await loopsOf(same)).toEqual([
      { query: CHILD, after: [], unit: 'trace', parameters: 'same', count: 5, units: 1 },
    ]);
  });
});
