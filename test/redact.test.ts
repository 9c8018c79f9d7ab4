import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactPrinted, secretsIn } from '../src/redact.js';

describe('redact', () => {
  it.each([
    ['postgres://ann:hunter2@db/shop', 'postgres://ann:***@db/shop'],
    ['postgres://ann:hun/t@er2@db/shop', 'postgres://ann:***@db/shop'],
    ['at postgresql://:hunter2@db:5432 it failed', 'at postgresql://:***@db:5432 it failed'],
    ['host=db password=hunter2 user=ann', 'host=db password=*** user=ann'],
    ["password='hun ter\\'2' user=ann", 'password=*** user=ann'],
    ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=*** psql'],
    ['{"user":"ann","password":"hun\\"ter2"}', '{"user":"ann","password":***}'],
    ['postgres://db/shop?password=hunter2&sslmode=require', 'postgres://db/shop?password=***&sslmode=require'],
    ['https://example.org/path and nothing secret', 'https://example.org/path and nothing secret'],
    ['postgresql+asyncpg://ann:hunter2@db/shop', 'postgresql+asyncpg://ann:***@db/shop'],
    ['/home/ann/postgres:/ann:hunter2@db/shop', '/home/ann/postgres:/ann:***@db/shop'],
    ['there is no file ann:hunter2@db/shop', 'there is no file ann:***@db/shop'],
    ['server=db;uid=ann;pwd=hunter2', 'server=db;uid=ann;pwd=***'],
    ['at file:///x/node_modules/@scope/a.js:3:4 (npm@10)', 'at file:///x/node_modules/@scope/a.js:3:4 (npm@10)'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  const password = fc.string({ unit: 'grapheme-ascii', minLength: 4 }).map((tail) => `s3cret${tail}`);

  it('masks a known password in every spelling', () => {
    fc.assert(
      fc.property(password, (secret) => {
        const spellings = [
          secret,
          encodeURIComponent(secret),
          new URLSearchParams({ secret }).toString().slice('secret='.length),
          Buffer.from(secret).toString('base64'),
        ];
        const text = redact(spellings.join(' | '), [secret]);
        for (const spelling of spellings) expect(text).not.toContain(spelling);
      }),
    );
  });

  it('masks an unknown password in URLs, key=value and JSON text', () => {
    fc.assert(
      fc.property(password, (secret) => {
        const quoted = `'${secret.replace(/['\\]/g, '\\$&')}'`;
        const text = redact(
          `postgres://ann:${encodeURIComponent(secret)}@db/x host=db password=${quoted} ${JSON.stringify({ password: secret })}`,
        );
        expect(text).not.toContain('s3cret');
      }),
    );
  });
});

describe('what is printed', () => {
  it('stays JSON, with its numbers', () => {
    const document = { rows: 12345, password: 'a"b', 'x 12345': ['see postgres://u:12345@h', null, true] };
    const text = redactPrinted(`${JSON.stringify(document, null, 2)}\n`, ['12345']);
    expect(JSON.parse(text)).toEqual({ rows: 12345, password: '***', 'x ***': ['see postgres://u:***@h', null, true] });
  });

  it('is left as it was written when nothing in it is secret', () => {
    for (const text of ['{"a":[1,2.50]}\n', '[1]', '{ no JSON', 'plain'])
      expect(redactPrinted(text, ['12345'])).toBe(text);
  });
});

describe('secrets in what may name a server', () => {
  it.each([
    ['postgres://ann:hunter2@db/shop', ['hunter2']],
    ['"postgres://ann:hun/t@er2@db/shop"', ['hun/t@er2']],
    ['--server=jdbc:postgresql://ann:hunter2@db/shop', ['hunter2']],
    ['ann:hunter2@db/shop', ['hunter2']],
    ["host=db password='hun ter2' user=ann", ['hun ter2']],
    ['postgres://db/shop?password=hunter%202', ['hunter%202', 'hunter 2']],
    ['postgres://postgres:postgres@db/shop', []],
    ['postgres://ann:abc@db/shop', []],
    ['--rows', []],
  ])('%s', (text, secrets) => {
    expect([...new Set(secretsIn(text))]).toEqual(secrets);
  });
});
