import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/postgres/index.js';

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
