import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar, readingOf } from '../../src/statements/index.js';

beforeAll(loadGrammar);

describe('what a statement reads', () => {
  it.each([
    ['UPDATE a SET x = $1 WHERE y = $2', 'SELECT a.ctid, $1 FROM a WHERE y = $2'],
    [
      'UPDATE s.a AS t SET (x, z) = ($1, t.z + $2), w = DEFAULT FROM b WHERE b.id = t.b AND b.u = $3 RETURNING t.x',
      'SELECT t.ctid, $1, t.z + $2 FROM s.a AS t, b WHERE b.id = t.b AND b.u = $3',
    ],
    ['DELETE FROM a USING b WHERE b.id = a.b RETURNING $1', 'SELECT a.ctid, $1 FROM a, b WHERE b.id = a.b'],
    ['DELETE FROM ONLY a', 'SELECT a.ctid FROM ONLY a'],
    [
      'UPDATE jobs SET taken = now() WHERE id IN (SELECT id FROM jobs ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)',
      'SELECT jobs.ctid, now() FROM jobs WHERE id IN (SELECT id FROM jobs ORDER BY id LIMIT $1)',
    ],
    [
      'WITH old AS (SELECT id FROM a WHERE x < $1) DELETE FROM a USING old WHERE a.id = old.id',
      'WITH old AS (SELECT id FROM a WHERE x < $1) SELECT a.ctid FROM a, old WHERE a.id = old.id',
    ],
  ])('%s: the rows to write', (sql, reading) => {
    expect(readingOf(sql)).toEqual({ sql: reading, part: 'rows to write' });
  });

  it('leaves a SELECT as it is, but for locks of rows', () => {
    expect(readingOf('SELECT  x FROM a')).toEqual({ sql: 'SELECT  x FROM a', part: 'all' });
    expect(readingOf('SELECT x FROM a WHERE y = $1 FOR UPDATE')).toEqual({
      sql: 'SELECT x FROM a WHERE y = $1',
      part: 'without row locks',
    });
  });

  it.each([
    'INSERT INTO a VALUES ($1)',
    'WITH gone AS (DELETE FROM a RETURNING x) UPDATE b SET x = gone.x FROM gone',
    'WITH gone AS (DELETE FROM a RETURNING x) SELECT x FROM gone',
    'TRUNCATE a',
  ])('is nothing to be planned of %s', (sql) => {
    expect(readingOf(sql)).toBeNull();
  });
});
