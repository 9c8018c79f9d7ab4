import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeTarget, parseConnectionUrl, targetFromEnvironment } from '../../src/postgres/connection-url.js';

const parse = (url: string, environment = {}) => parseConnectionUrl(url, environment);

describe('parseConnectionUrl', () => {
  it('reads every part', () => {
    const target = parse('postgresql://an%40n:p%2Fw@db.example.org:6543/sh%20op?sslmode=verify-full');
    expect(target).toMatchObject({ host: 'db.example.org', port: 6543, user: 'an@n', database: 'sh op' });
    expect(target.password?.()).toBe('p/w');
    expect(describeTarget(target)).toBe('db.example.org:6543/sh op');
  });

  it('takes the folder of a Unix socket as host', () => {
    for (const url of [
      'postgres://ann@/shop?host=/run/pg',
      'postgres://ann@%2Frun%2Fpg/shop',
      'postgres:///shop?host=/run/pg&user=ann',
    ]) {
      expect(parse(url)).toMatchObject({ host: '/run/pg', port: 5432, user: 'ann', database: 'shop', tls: false });
    }
  });

  it('fills gaps from PG* variables, and the database from the user', () => {
    expect(parse('postgres://', { PGHOST: 'h', PGPORT: '7', PGUSER: 'u', PGPASSWORD: 'p' })).toMatchObject({
      host: 'h',
      port: 7,
      user: 'u',
      database: 'u',
    });
    expect(parse('postgres://[::1]:5433/x', { PGHOST: 'h' })).toMatchObject({ host: '::1', port: 5433 });
  });

  it('demands proof of identity from other machines unless told otherwise', () => {
    expect(parse('postgres://ann@localhost/x').tls).toBe(false);
    expect(parse('postgres://ann@127.0.0.1/x').tls).toBe(false);
    expect(parse('postgres://ann@db/x').tls).toEqual({ rejectUnauthorized: true });
    expect(parse('postgres://ann@db/x?sslmode=require').tls).toEqual({ rejectUnauthorized: true });
    expect(parse('postgres://ann@db/x?sslmode=disable').tls).toBe(false);
    expect(parse('postgres://ann@db/x?sslmode=no-verify').tls).toEqual({ rejectUnauthorized: false });
    expect(() => parse('postgres://ann@db/x?sslmode=verify-ca')).toThrow(/authority/);
    expect(() => parse('postgres://ann@db/x?sslmode=prefer')).toThrow(/got "prefer"/);
  });

  it.each(['sslkey=/etc/shadow', 'passfile=/x', 'service=y'])('refuses the key in ?%s', (query) => {
    expect(() => parse(`postgres://ann@db/x?${query}`)).toThrow(/not accepted/);
  });

  it('names all refused keys at once', () => {
    expect(() => parse('postgres://ann@db/x?sslkey=1&pgbouncer=true&passfile=/x')).toThrow(/"sslkey", "passfile"/);
  });

  it('ignores what other programs are told, and says which', () => {
    const url = 'postgres://ann@db/x?channel_binding=require&pgbouncer=true&application_name=x&sslmode=require';
    expect(parse(url)).toMatchObject({
      ignored: ['channel_binding', 'pgbouncer', 'application_name'],
      tls: { rejectUnauthorized: true },
    });
    expect(parse('postgres://ann@db/x')).not.toHaveProperty('ignored');
  });

  it('honours a schema, quoted for the server, beside other options', () => {
    expect(parse('postgres://ann@db/x?options=-c%20work_mem%3D7MB&schema=My%20app').options).toBe(
      '-c work_mem=7MB -c search_path="My\\ app"',
    );
    expect(parse('postgres://ann@db/x').options).toBeUndefined();
  });

  it.each(['postgres://ann@a,b/x', 'postgres://ann@a:1,b:2/x', 'postgres:///x?host=a,b'])(
    'names several hosts as the cause: %s',
    (url) => {
      expect(() => parse(url)).toThrow(/names several hosts/);
    },
  );

  it.each([
    'mysql://x',
    'postgres:/x',
    'postgres://a,b/x',
    'postgres://ann:12/34@db/x',
    'postgres://h:99999/x',
    'postgres://h:0/x',
    'postgres://%zz@h/x',
  ])('refuses %s', (url) => {
    expect(() => parse(url)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('shows the password neither in errors nor when a target is printed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme-ascii' }),
        fc.constantFrom('', ':x', '/d?sslkey=1', '/d?sslmode=?'),
        (tail, end) => {
          const password = `s3cret${tail}`;
          let shown: string;
          try {
            const target = parse(`postgres://ann:${password}@db${end}`);
            shown = inspect(target, { depth: 9 }) + JSON.stringify(target);
          } catch (error) {
            shown = inspect(error, { depth: 9, showHidden: true });
          }
          expect(shown).not.toContain('s3cret');
        },
      ),
    );
  });
});

describe('targetFromEnvironment', () => {
  it('prefers DATABASE_URL', () => {
    expect(targetFromEnvironment({ DATABASE_URL: 'postgres://ann@db/shop', PGHOST: 'other' }).host).toBe('db');
    expect(targetFromEnvironment({ PGHOST: '/run/pg', PGUSER: 'ann' })).toMatchObject({
      host: '/run/pg',
      database: 'ann',
    });
  });

  it('does not guess', () => {
    expect(() => targetFromEnvironment({ PGUSER: 'ann' })).toThrow(/neither DATABASE_URL nor PGHOST/);
  });
});
