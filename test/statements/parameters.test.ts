import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar, readSelect, rowsAsked } from '../../src/statements/index.js';

beforeAll(loadGrammar);

describe('the rows that a search goes through', () => {
  it.each([
    ['LIMIT 5', 5],
    ['LIMIT 5 OFFSET 20', 25],
    ['LIMIT $2 OFFSET $3', 37],
    ['OFFSET 20', Infinity],
    ['LIMIT ALL', Infinity],
    ['LIMIT 2 + 3', null],
    ['LIMIT $4', null],
    ['FETCH FIRST ROW ONLY', 1],
  ])('are counted: %s', (end, rows) => {
    const values = new Map([
      [2, '30'],
      [3, '7'],
    ]);
    expect(rowsAsked(readSelect(`SELECT id FROM docs ORDER BY v <=> $1 ${end}`), values)).toBe(rows);
  });
});
