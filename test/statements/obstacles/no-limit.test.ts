import { beforeAll, describe, expect, it } from 'vitest';
import { findSearch, limitingSelect, loadGrammar, readSelect, rowsAsked } from '../../../src/statements/index.js';
import { RELATIONS } from '../../support/known-relations.js';

beforeAll(loadGrammar);

describe('the SELECT that limits a search', () => {
  it.each([
    ['SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5', 5],
    ['SELECT * FROM (SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5) AS d LIMIT 9', 5],
    ['SELECT * FROM (SELECT id FROM docs ORDER BY v <=> $1) AS d LIMIT 9', 9],
    ['SELECT * FROM (SELECT id FROM docs ORDER BY v <=> $1) AS d WHERE id > 3 LIMIT 9', Infinity],
    ['SELECT * FROM (SELECT id FROM docs ORDER BY v <=> $1) AS d ORDER BY id LIMIT 9', Infinity],
    ['SELECT count(*) FROM (SELECT id FROM docs ORDER BY v <=> $1) AS d LIMIT 9', Infinity],
  ])('is found in %s', (sql, rows) => {
    expect(rowsAsked(limitingSelect(findSearch(readSelect(sql), RELATIONS)))).toBe(rows);
  });
});
