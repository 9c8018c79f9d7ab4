import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../src/logs/entries.js';
import { csvlog } from '../../src/logs/formats/csvlog.js';
import { detectFormat } from '../../src/logs/formats/detect.js';
import { jsonlog } from '../../src/logs/formats/jsonlog.js';
import { logTimes } from '../../src/logs/formats/log-time.js';
import { stderr } from '../../src/logs/formats/stderr.js';

const times = logTimes(null);
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const csvLine = (message: string, detail = ''): string =>
  `2026-11-29 23:05:00.123 UTC,"app","shop",42,"[local]",6929f00c.2a,7,"SELECT",2026-11-29 23:00:00 UTC,3/14,0,LOG,00000,${quoted(message)},${detail === '' ? '' : quoted(detail)},,,,,,,,"web","client backend",,0`;

function read(format: Parameters<typeof entriesOf>[1], text: string) {
  const entries = entriesOf('a.log', format);
  return { entries: [...entries.add(text.split('\n')), ...entries.end()], torn: entries.torn() };
}

describe('csvlog', () => {
  it('is read back, whatever statements hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', "'", '\t', 'я') })), (messages) => {
        const { entries, torn } = read(csvlog(times), messages.map((message) => csvLine(message, message)).join('\n'));
        expect(entries.map(({ message }) => message)).toEqual(messages);
        expect(entries.map(({ detail }) => detail)).toEqual(messages);
        expect(torn).toBe(0);
      }),
    );
  });

  it('has the session, the transaction and the place of an entry', () => {
    expect(read(csvlog(times), csvLine('duration: 1 ms  statement: SELECT 1')).entries).toEqual([
      {
        atMs: Date.UTC(2026, 10, 29, 23, 5, 0, 123),
        session: '6929f00c.2a',
        database: 'shop',
        application: 'web',
        transaction: '3/14',
        severity: 'LOG',
        message: 'duration: 1 ms  statement: SELECT 1',
        detail: '',
        place: { file: 'a.log', line: 1 },
      },
    ]);
  });

  it('goes on after an entry that was cut off, in the middle and at the end', () => {
    const cut = csvLine('statement: SELECT 1 FROM torn').slice(0, 150);
    const { entries, torn } = read(csvlog(times), [cut, csvLine('one'), csvLine('two'), cut].join('\n'));
    expect(entries.map(({ message, place }) => [message, place.line])).toEqual([
      ['one', 2],
      ['two', 3],
    ]);
    expect(torn).toBe(2);
  });
});

describe('jsonlog', () => {
  it('is read, and an object that was cut off is left out', () => {
    const line = (message: string): string =>
      JSON.stringify({
        timestamp: '2026-11-29 23:05:00.123 UTC',
        user: 'app',
        dbname: 'shop',
        pid: 42,
        session_id: '6929f00c.2a',
        vxid: '3/0',
        error_severity: 'LOG',
        message,
        application_name: 'web',
      });
    const { entries, torn } = read(jsonlog(times), [line('a\n"b"'), line('c').slice(0, 60)].join('\n'));
    expect(entries).toEqual([
      expect.objectContaining({ message: 'a\n"b"', session: '6929f00c.2a', transaction: null, database: 'shop' }),
    ]);
    expect(torn).toBe(1);
  });
});

describe('stderr', () => {
  it.each([
    ['%m [%p] ', '2026-11-29 23:05:00.123 UTC [42] ', { session: '42/', atMs: Date.UTC(2026, 10, 29, 23, 5, 0, 123) }],
    [
      '%t:%r:%u@%d:[%p]:',
      '2026-11-29 23:05:00 UTC:10.0.0.1(5432):app@shop:[42]:',
      { session: '42/', database: 'shop', atMs: Date.UTC(2026, 10, 29, 23, 5) },
    ],
    [
      '%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ',
      '2026-11-29 23:05:00 UTC [42]: [7-1] user=app,db=shop,app=web (1),client=10.0.0.1 ',
      { database: 'shop', application: 'web (1)' },
    ],
    [
      '%n %c %q%-10u %5p %v %% ',
      '1764457500.123 6929f00c.2a app           42 3/14 % ',
      { transaction: '3/14', atMs: 1764457500123 },
    ],
    ['%m [%p] %q[user=%u] ', '2026-11-29 23:05:00.123 UTC [42] ', { session: '42/' }],
    ['', '', { session: null, atMs: null }],
  ])('is read with log_line_prefix %j', (prefix, written, expected) => {
    const format = stderr(prefix, times);
    const text = `${written}LOG:  duration: 1 ms  statement: SELECT 1\n\tFROM t\n${written}DETAIL:  parameters: $1 = '1'`;
    expect(read(format, text).entries).toEqual([
      expect.objectContaining({ ...expected, severity: 'LOG', message: 'duration: 1 ms  statement: SELECT 1\nFROM t' }),
      expect.objectContaining({ severity: 'DETAIL', message: "parameters: $1 = '1'" }),
    ]);
  });

  it('takes characters of a prefix for themselves, and reads any without an error', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (text) => {
        const literal = text.replaceAll('%', '%%').replaceAll(/[\n\r]/g, ' ');
        const [entry] = read(stderr(literal, times), `${text.replaceAll(/[\n\r]/g, ' ')}LOG:  hello`).entries;
        // A prefix that begins as a continuation does cannot be told from one.
        if (!text.startsWith('\t')) expect(entry?.message).toBe('hello');
        stderr(text, times);
      }),
    );
  });
});

describe('times of a log', () => {
  it.each([
    ['2026-11-29 23:05:00.123 UTC', null, '2026-11-29T23:05:00.123Z'],
    ['2026-11-29 23:05:00 +03', null, '2026-11-29T20:05:00.000Z'],
    ['2026-11-29 23:05:00 -0530', null, '2026-11-30T04:35:00.000Z'],
    ['2026-11-29 23:05:00.5 MSK', 'Europe/Moscow', '2026-11-29T20:05:00.500Z'],
    ['2026-07-01 12:00:00 CEST', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
    ['2026-11-29 23:05:00 XYZ', 'No/Where', '2026-11-29T23:05:00.000Z'],
  ])('%s (%s)', (text, zone, expected) => {
    expect(new Date(logTimes(zone)(text)!).toISOString()).toBe(expected);
  });

  it('are null for anything else', () => {
    expect(logTimes(null)('yesterday')).toBeNull();
  });
});

describe('the format of a log', () => {
  const options = { linePrefix: '%m [%p] ', timeZone: null };

  it('is found by its first lines', () => {
    expect(detectFormat('x', ['rest of an entry', csvLine('a')], options).name).toBe('csvlog');
    expect(detectFormat('x', csvLine('statement: SELECT\n1').split('\n'), options).name).toBe('csvlog');
    expect(detectFormat('x', ['{"timestamp":"2026-11-29 23:05:00.123 UTC"}'], options).name).toBe('jsonlog');
    expect(detectFormat('x', ['2026-11-29 23:05:00.123 UTC [1] LOG:  a'], options).name).toBe('stderr');
  });

  it('is refused where the prefix is another one', () => {
    expect(() => detectFormat('x.log', ['2026-11-29 23:05:00 UTC:[1]:LOG:  a'], options)).toThrow(
      /none of its first lines begins with the log_line_prefix '%m \[%p\] '/,
    );
  });
});
