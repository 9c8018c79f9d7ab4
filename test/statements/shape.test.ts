import { describe, expect, it } from 'vitest';
import { shapesOf } from '../../src/statements/index.js';

const shapeOf = async (sql: string) => (await shapesOf([sql]))[0];

describe('the shape of a statement', () => {
  it('has the table and the columns that must equal something', async () => {
    expect(
      await shapeOf(
        'SELECT o.id FROM app.orders o WHERE o.customer = $1 AND state IN ($2, $3) AND total > $4 LIMIT $5',
      ),
    ).toEqual({
      kind: 'select',
      relations: [{ schema: 'app', name: 'orders', alias: 'o' }],
      equalities: [{ alias: 'o', column: 'customer' }],
      lists: [{ alias: null, column: 'state' }],
      ranges: [{ alias: null, column: 'total' }],
      joined: [],
      order: [],
      limited: true,
      aggregates: false,
      readsOnly: true,
      nearest: null,
      assigned: [],
      causes: [],
      conditions: 3,
      tests: [],
    });
  });

  it('takes nothing from below OR, and nothing from a join', async () => {
    expect(await shapeOf('SELECT * FROM a JOIN b ON a.x = b.x WHERE a.y = $1 OR b.z = $2')).toMatchObject({
      relations: [{ name: 'a' }, { name: 'b' }],
      equalities: [],
    });
  });

  it.each([
    ['SELECT substring(a FROM 1 FOR 2) FROM t', true],
    ['SELECT a FROM t FOR UPDATE', false],
    ['SELECT a FROM (SELECT a FROM t FOR SHARE) AS s', false],
    ['SELECT a FROM t UNION ALL (SELECT a FROM u FOR NO KEY UPDATE)', false],
    ['WITH gone AS (DELETE FROM t RETURNING a) SELECT a FROM gone', false],
    ['DELETE FROM t', false],
  ])('of %s: only reads is %s', async (sql, readsOnly) => {
    expect(await shapeOf(sql)).toMatchObject({ readsOnly });
  });

  it('has ranges, joins and the order', async () => {
    expect(
      await shapeOf(
        'SELECT * FROM a JOIN b ON a.id = b.a_id WHERE a.x BETWEEN $1 AND $2 AND $3 < b.y ORDER BY b.y DESC, b.id DESC',
      ),
    ).toMatchObject({
      equalities: [],
      ranges: [
        { alias: 'a', column: 'x' },
        { alias: 'b', column: 'y' },
      ],
      joined: [
        { alias: 'a', column: 'id' },
        { alias: 'b', column: 'a_id' },
      ],
      order: [
        { alias: 'b', column: 'y' },
        { alias: 'b', column: 'id' },
      ],
    });
    expect(await shapeOf('SELECT * FROM a LEFT JOIN b ON a.id = b.a_id AND b.x = $1')).toMatchObject({
      equalities: [],
      joined: [],
    });
    expect(await shapeOf('SELECT * FROM a ORDER BY x, y DESC')).toMatchObject({ order: [] });
    expect(await shapeOf('SELECT * FROM a ORDER BY x NULLS FIRST')).toMatchObject({ order: [] });
    expect(await shapeOf('SELECT * FROM a ORDER BY lower(x)')).toMatchObject({ order: [] });
  });

  it.each([
    ['SELECT * FROM d ORDER BY v <=> $1 LIMIT $2', null],
    ['SELECT v <=> $1 AS distance FROM d ORDER BY distance LIMIT $2', null],
    ['SELECT * FROM d ORDER BY $1::vector <=> v LIMIT $2', null],
    ['SELECT * FROM d ORDER BY v <=> $1 DESC LIMIT $2', 'descending'],
    ['SELECT * FROM d ORDER BY 1 - (v <=> $1) LIMIT $2', 'expression'],
    ['SELECT * FROM d ORDER BY cosine_distance(v, $1) LIMIT $2', 'expression'],
    ['SELECT * FROM d ORDER BY round((v <=> $1)::numeric, 3) LIMIT $2', 'expression'],
    ['SELECT * FROM d ORDER BY v <=> $1, id LIMIT $2', 'further-key'],
    ['SELECT * FROM d ORDER BY v <=> $1', 'no-limit'],
    ['SELECT * FROM d ORDER BY v <=> $1 LIMIT ALL', 'no-limit'],
  ])('says of %s what keeps an index from its order: %s', async (sql, defect) => {
    expect((await shapeOf(sql))?.nearest).toEqual({
      alias: null,
      column: 'v',
      operator: '<=>',
      defect,
      filtered: false,
    });
  });

  it('takes neither the distance nor the aggregate of a subquery or a window for its own', async () => {
    expect(await shapeOf('SELECT id FROM d ORDER BY (SELECT min(v <=> $1) FROM e) LIMIT 5')).toMatchObject({
      nearest: null,
    });
    const counted = 'SELECT id, count(*) OVER (), (SELECT count(*) FROM e) FROM d ORDER BY v <=> $1 LIMIT 5';
    expect(await shapeOf(counted)).toMatchObject({ aggregates: false, nearest: { column: 'v' } });
    expect(await shapeOf('SELECT coalesce(max(id), 0) FROM d')).toMatchObject({ aggregates: true });
  });

  it.each([
    ['INSERT INTO a VALUES ($1)', 'insert'],
    ['UPDATE a SET x = $1 WHERE id = $2', 'update'],
    ['DELETE FROM a WHERE id = $1', 'delete'],
    ['CREATE INDEX ON a (x)', 'other'],
  ])('says what kind %s is', async (sql, kind) => {
    expect((await shapeOf(sql))?.kind).toBe(kind);
  });

  it('is null for a text that was cut off', async () => {
    expect(await shapesOf(['SELECT * FROM a WHERE', 'SELECT 1'])).toEqual([
      null,
      expect.objectContaining({ kind: 'select' }),
    ]);
  });
});
