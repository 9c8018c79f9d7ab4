import { beforeAll, describe, expect, it } from 'vitest';
import { type KeyedTable, loadGrammar, readSelect, rewritesOf } from '../../src/statements/index.js';

const column = (name: string, notNull = true, comparable = true) => ({ name, notNull, comparable });
const TABLES: readonly KeyedTable[] = [
  {
    schema: null,
    name: 'users',
    columns: [column('id'), column('name', false), column('region'), column('code'), column('place', true, false)],
    keys: [['id']],
  },
  {
    schema: null,
    name: 'orders',
    columns: [column('number'), column('customer'), column('coupon', false), column('total')],
    keys: [['number']],
  },
];
const rewritten = (sql: string) => rewritesOf(readSelect(sql), TABLES);
const texts = (sql: string) => rewritten(sql).map(({ change, sql: text }) => `${change.code}: ${text}`);

beforeAll(loadGrammar);

describe('exists', () => {
  it.each([
    [
      'SELECT count(*) > 0 FROM orders WHERE customer = $1',
      'SELECT EXISTS (SELECT 1 FROM orders WHERE customer = $1) AS "?column?"',
    ],
    ['SELECT 1 > count(number) AS none FROM orders', 'SELECT NOT (EXISTS (SELECT 1 FROM orders)) AS "none"'],
    [
      'SELECT id FROM users u WHERE (SELECT count(*) FROM orders o WHERE o.customer = u.id) >= 1',
      'SELECT id FROM users AS u WHERE EXISTS (SELECT 1 FROM orders AS o WHERE o.customer = u.id)',
    ],
  ])('%s', (sql, text) => {
    expect(texts(sql)).toEqual([`exists: ${text}`]);
    expect(rewritten(sql)[0]!.change.data).toEqual({ where: [] });
  });

  it('says for which value of a parameter', () => {
    const [found] = rewritten('SELECT count(*) > $2 FROM orders WHERE customer = $1');
    expect(found!.change).toEqual({ code: 'exists', data: { where: [{ parameter: 2, value: 0 }] } });
  });

  it.each([
    'SELECT count(*) > 1 FROM orders',
    'SELECT count(*) = $1 FROM orders GROUP BY customer',
    'SELECT count(coupon) > 0 FROM orders',
    'SELECT count(o.number) > 0 FROM users u LEFT JOIN orders o ON o.customer = u.id',
    'SELECT count(DISTINCT customer) > 0 FROM orders',
    'SELECT count(*) FILTER (WHERE total > 5) > 0 FROM orders',
    'SELECT count(*) OVER () > 0 FROM orders',
    'SELECT count(*) > 0 FROM orders LIMIT 0',
    'SELECT count(*) > 0, max(total) FROM orders',
    'SELECT count(*) > 0 FROM orders HAVING max(total) > 3',
  ])('is silent: %s', (sql) => expect(texts(sql)).toEqual([]));
});

describe('not-exists', () => {
  it.each([
    [
      'SELECT name FROM users WHERE region = 1 AND id NOT IN (SELECT DISTINCT customer FROM orders WHERE total > $1)',
      'SELECT name FROM users WHERE region = 1 AND NOT (EXISTS (SELECT 1 FROM orders WHERE (total > $1 AND customer = users.id)))',
    ],
    [
      'SELECT name FROM users u WHERE NOT u.id IN (SELECT o.customer FROM orders o)',
      'SELECT name FROM users AS u WHERE NOT (EXISTS (SELECT 1 FROM orders AS o WHERE o.customer = u.id))',
    ],
  ])('%s', (sql, text) => expect(texts(sql)).toEqual([`not-exists: ${text}`]));

  it.each([
    ['the subquery may return NULL', 'SELECT 1 FROM users WHERE id NOT IN (SELECT coupon FROM orders)'],
    ['the column may be NULL', 'SELECT 1 FROM users WHERE name NOT IN (SELECT customer FROM orders)'],
    [
      'an outer join makes it NULL',
      'SELECT 1 FROM orders o LEFT JOIN users u ON u.id = o.customer WHERE u.region NOT IN (SELECT total FROM orders x)',
    ],
    ['its = may say NULL', 'SELECT 1 FROM users WHERE place NOT IN (SELECT customer FROM orders)'],
    ['the inner table hides the outer', 'SELECT 1 FROM users WHERE id NOT IN (SELECT users.region FROM users)'],
    ['it takes some rows', 'SELECT 1 FROM users WHERE id NOT IN (SELECT customer FROM orders LIMIT 5)'],
    ['it groups', 'SELECT 1 FROM users WHERE id NOT IN (SELECT customer FROM orders GROUP BY customer)'],
    ['no table that is known', 'SELECT 1 FROM users WHERE id NOT IN (SELECT customer FROM view)'],
    ['the column is of the outer table', 'SELECT 1 FROM users WHERE id NOT IN (SELECT region FROM orders)'],
    [
      'a common table expression',
      'WITH orders AS (SELECT 1) SELECT 1 FROM users WHERE id NOT IN (SELECT number FROM orders)',
    ],
  ])('is silent: %s', (_why, sql) => expect(texts(sql)).toEqual([]));
});

describe('union-all', () => {
  it.each([
    [
      'SELECT u.id, number FROM users u, orders WHERE customer = u.id AND (name = $1 OR total = $2) ORDER BY u.id',
      'SELECT u.id, number FROM users AS u, orders WHERE customer = u.id AND name = $1 UNION ALL SELECT u.id, number FROM users AS u, orders WHERE customer = u.id AND total = $2 AND name = $1 IS NOT TRUE ORDER BY id',
    ],
    [
      'SELECT id FROM users WHERE id IN (SELECT customer FROM orders) OR region = $1',
      'SELECT id FROM users WHERE region = $1 UNION ALL SELECT id FROM users WHERE id IN (SELECT customer FROM orders) AND region = $1 IS NOT TRUE',
    ],
  ])('%s', (sql, text) => expect(texts(sql)).toEqual([`union-all: ${text}`]));

  it.each([
    'SELECT count(*) FROM users WHERE region = 1 OR code = 2',
    'SELECT id FROM users WHERE region = 1 OR code = 2 LIMIT 5',
    'SELECT DISTINCT name FROM users WHERE region = 1 OR code = 2',
    'SELECT region FROM users WHERE region = 1 OR code = 2 GROUP BY region',
    'SELECT id FROM users WHERE region = 1 OR id IN (SELECT customer FROM orders LIMIT 3)',
    'SELECT id FROM users WHERE region = 1 OR id = (SELECT max(customer) FROM orders)',
    'SELECT id FROM users WHERE region = 1 OR code = 2 ORDER BY region + 1',
    'SELECT region AS id FROM users WHERE region = 1 OR code = 2 ORDER BY users.id',
    'SELECT id FROM users TABLESAMPLE system (5) WHERE region = 1 OR code = 2',
  ])('is silent: %s', (sql) => expect(texts(sql)).toEqual([]));
});

describe('semi-join', () => {
  it.each([
    [
      'SELECT DISTINCT u.id, u.name FROM users u JOIN orders o ON o.customer = u.id WHERE o.total > $1 AND u.region = $2',
      'SELECT u.id, u.name FROM users AS u WHERE u.region = $2 AND EXISTS (SELECT 1 FROM orders AS o WHERE (o.total > $1 AND o.customer = u.id))',
    ],
    [
      'SELECT DISTINCT name FROM users, orders WHERE customer = id ORDER BY name',
      'SELECT DISTINCT name FROM users WHERE EXISTS (SELECT 1 FROM orders WHERE customer = id) ORDER BY name',
    ],
  ])('%s', (sql, text) => expect(texts(sql)).toEqual([`semi-join: ${text}`]));

  it.each([
    'SELECT u.id FROM users u JOIN orders o ON o.customer = u.id',
    'SELECT DISTINCT u.name, o.total FROM users u JOIN orders o ON o.customer = u.id',
    'SELECT DISTINCT u.id FROM users u LEFT JOIN orders o ON o.customer = u.id',
    'SELECT DISTINCT ON (u.id) u.id FROM users u JOIN orders o ON o.customer = u.id',
    'SELECT DISTINCT count(u.id) FROM users u JOIN orders o ON o.customer = u.id',
    'SELECT DISTINCT u.id FROM users u JOIN orders o ON o.customer = u.id LIMIT 5',
    'SELECT DISTINCT u.id FROM users u JOIN orders o USING (id)',
  ])('is silent: %s', (sql) => expect(texts(sql)).toEqual([]));
});

describe('no-distinct', () => {
  it('leaves DISTINCT out where a key is returned', () => {
    expect(texts('SELECT DISTINCT * FROM users')).toEqual(['no-distinct: SELECT * FROM users']);
    expect(texts('SELECT DISTINCT name FROM users')).toEqual([]);
    expect(texts('SELECT DISTINCT id FROM users LEFT JOIN orders ON customer = id')).toEqual([]);
  });
});
