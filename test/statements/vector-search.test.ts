import { beforeAll, describe, expect, it } from 'vitest';
import { findSearch, loadGrammar, readSelect, relationsNamed } from '../../src/statements/index.js';
import { RELATIONS } from '../support/known-relations.js';

beforeAll(loadGrammar);

describe('a search in a statement', () => {
  it('names the relations whose columns have to be known', () => {
    const root = readSelect('WITH q AS (SELECT * FROM app.queries) SELECT * FROM docs d, q JOIN docs e ON true');
    expect(relationsNamed(root)).toEqual([
      { schema: null, name: 'docs' },
      { schema: 'app', name: 'queries' },
    ]);
  });

  it.each([
    ['SELECT * FROM docs ORDER BY v <=> $1 LIMIT 5', 0],
    ['SELECT *, v <=> $1 AS far FROM docs ORDER BY far LIMIT 5', 0],
    ['SELECT id, v <=> $1 FROM docs ORDER BY 2 LIMIT 5', 0],
    ['SELECT * FROM (SELECT id, v <=> $1 AS far FROM docs) AS near ORDER BY near.far LIMIT 5', 1],
    ['WITH near AS (SELECT * FROM docs) SELECT id FROM near AS n ORDER BY $1 <=> n.v LIMIT 5', 1],
  ])('is found in %s', (sql, crossed) => {
    const search = findSearch(readSelect(sql), RELATIONS);
    expect(search).toMatchObject({ form: 'order', column: 'v', relation: { relname: 'docs' }, keysBefore: 0 });
    expect(search.crossed.length).toBe(crossed);
  });

  it.each([
    ['SELECT * FROM', /cannot be parsed/],
    ['SELECT 1; SELECT 2', /one statement/],
    [' ', /no statement/],
    ['UPDATE docs SET id = 1', /Expected a SELECT, got Update/],
    ['DECLARE c CURSOR FOR SELECT * FROM docs ORDER BY v <=> $1', /cursor/],
    ['SELECT * INTO other FROM docs ORDER BY v <=> $1 LIMIT 5', /writes a table/],
    ['SELECT * FROM docs ORDER BY v <=> $1 FETCH FIRST 5 ROWS WITH TIES', /WITH TIES/],
    ['SELECT * FROM docs ORDER BY id', /does not order by a distance/],
    [
      '(SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5) UNION ALL (SELECT id FROM docs ORDER BY v <=> $2 LIMIT 5)',
      /2 searches/,
    ],
    ['SELECT id, v <=> $1 AS far FROM docs UNION SELECT id, v <=> $1 FROM docs ORDER BY far LIMIT 5', /UNION/],
  ])('is refused in %s', (sql, message) => {
    expect(() => findSearch(readSelect(sql), RELATIONS)).toThrow(message);
  });
});
