import { expect, it } from 'vitest';
import { shapesOf } from '../../src/statements/index.js';

const causesOf = async (sql: string) => (await shapesOf([sql]))[0]?.causes.map(({ code, data }) => [code, data]);

it.each([
  [
    'SELECT id FROM users u WHERE lower(u.email) = $1',
    'computed-column',
    { expression: 'lower(email)', use: { alias: 'u', column: 'email' } },
  ],
  [
    'SELECT id FROM orders WHERE region = $2 AND $1 < made::date',
    'computed-column',
    { expression: 'made::date', use: { alias: null, column: 'made' } },
  ],
  [
    "SELECT id FROM users WHERE email LIKE '%@example.org'",
    'pattern',
    { use: { alias: null, column: 'email' }, isShown: true },
  ],
  ['SELECT id FROM users WHERE email ILIKE $1', 'pattern', { use: { alias: null, column: 'email' }, isShown: false }],
  ['SELECT id FROM users ORDER BY id LIMIT $1 OFFSET $2', 'offset', { rows: null }],
  ['SELECT id FROM users ORDER BY id LIMIT 10 OFFSET 5000', 'offset', { rows: 5000 }],
  ['SELECT id FROM users ORDER BY random() LIMIT 1', 'random-order', { limited: true }],
])('%s', async (sql, code, data) => expect(await causesOf(sql)).toEqual([[code, data]]));

it.each([
  'SELECT id FROM users WHERE email = lower($1)',
  'SELECT id FROM users WHERE lower(email) = lower(name)',
  'SELECT id FROM users WHERE substring(email, $1) = $2',
  "SELECT id FROM users WHERE email LIKE 'a%' AND name NOT LIKE '%b'",
  'SELECT id FROM users ORDER BY id LIMIT 10 OFFSET 20',
  'SELECT id FROM users WHERE lower(email) = $1 OR id = $2',
])('is silent: %s', async (sql) => expect(await causesOf(sql)).toEqual([]));
