import { beforeAll, expect, it } from 'vitest';
import { loadGrammar, readSearchStatement } from '../../src/statements/index.js';

beforeAll(loadGrammar);

const statement = (end: string): string => `SELECT "ä".id FROM docs AS "ä" ORDER BY v <=> $1 ${end}`;

it.each([
  ['LIMIT 10', 10, 'LIMIT 77'],
  ['LIMIT 1_000', 1000, 'LIMIT 77'],
  ['LIMIT 010', 10, 'LIMIT 77'],
  ['LIMIT 0x10', 16, 'LIMIT 77'],
  ['LIMIT (5)', 5, 'LIMIT (77)'],
  ['FETCH NEXT 5 ROWS ONLY', 5, 'FETCH NEXT 77 ROWS ONLY'],
])('puts another number in the place of %s', (end, limit, other) => {
  const read = readSearchStatement(statement(end));
  expect(read.limit).toBe(limit);
  expect(read.withColumns('ctid', 77)).toBe(statement(other).replace('SELECT ', 'SELECT ctid, '));
});

it.each([
  ['FETCH FIRST ROW ONLY', /no number/],
  ['LIMIT 2.5', /whole number/],
  ['LIMIT 2 + 3', /whole number/],
  ['FETCH FIRST 5 ROWS WITH TIES', /WITH TIES/],
])('refuses %s', (end, message) => {
  expect(() => readSearchStatement(statement(end))).toThrow(message);
});
