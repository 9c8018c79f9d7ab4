import { beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf, loadGrammar, withoutConstants } from '../../src/statements/index.js';

beforeAll(loadGrammar);

describe('the fingerprint of a statement', () => {
  it.each([
    ['SELECT a FROM t WHERE x = 1', "SELECT a FROM t WHERE x = 'two' -- three", true],
    ['SELECT a FROM t WHERE x IN (1, 2)', 'SELECT a FROM t WHERE x IN (1, 2, 3, 4)', true],
    ['SELECT a FROM t WHERE x = $1 LIMIT 10', 'select a from t where x = $1 limit $2', true],
    ['SELECT a FROM t WHERE x = 1', 'SELECT b FROM t WHERE x = 1', false],
    ['SELECT a FROM events_2025', 'SELECT a FROM events_2026', false],
    ['INSERT INTO t10 VALUES (1)', 'INSERT INTO t11 VALUES (1)', false],
    ['SELECT a FROM t WHERE x IN (SELECT y FROM u10)', 'SELECT a FROM t WHERE x IN (SELECT y FROM u11)', false],
    ['SELECT x.a FROM users x WHERE x.id = 1', 'SELECT x.a FROM orders x WHERE x.id = 1', false],
    ['SELECT a FROM one.t', 'SELECT a FROM two.t', false],
    ['UPDATE one.t SET a = 1', 'UPDATE two.t SET a = 1', false],
    ['SELECT a FROM "events 2025"', 'SELECT a FROM "events 2026"', false],
    ["SELECT a FROM events_2025 WHERE x = 'a77'", "SELECT a FROM events_2025 WHERE x = 'b88'", true],
  ])('of %s and %s is equal: %s', (one, other, expected) => {
    expect(fingerprintOf(one) === fingerprintOf(other)).toBe(expected);
  });

  it('is null for what cannot be parsed', () => {
    expect(['SELECT FROM WHERE', '', 'SELECT a FROM t WHERE x = '].map(fingerprintOf)).toEqual([null, null, null]);
  });
});

describe('a statement without its constants', () => {
  it.each([
    [
      "SELECT 'se''cret', E'se\\'cret', $$secret$$ FROM t /* secret */ WHERE d > interval '1 secret' -- secret",
      'SELECT $1, $2, $3 FROM t WHERE d > interval $4',
    ],
    [
      "SELECT x FROM json_table('[]'::jsonb, '$.a' COLUMNS (a int PATH '$.secret')) AS j",
      "SELECT x FROM json_table($1::jsonb, $2 COLUMNS (a int PATH '…')) AS j",
    ],
    ['SELECT "é" /* secret */ FROM "я" ;', 'SELECT "é"   FROM "я"'],
  ])('%s', (text, expected) => {
    const query = withoutConstants(text)?.query;
    expect(query?.replaceAll(/ +/g, ' ')).toBe(expected.replaceAll(/ +/g, ' '));
    expect(query).not.toContain('secret');
  });

  it.each([
    "ALTER ROLE x PASSWORD 'secret'",
    "CREATE USER MAPPING FOR u SERVER s OPTIONS (password 'secret')",
    "COPY t FROM PROGRAM 'secret'",
    "DO $$ BEGIN PERFORM 'secret'; END $$",
    "SELECT 1; SELECT 'secret'",
    "SELECT 'secret",
  ])('is none of %s', (text) => {
    expect(withoutConstants(text)).toBeNull();
  });
});
