import { beforeAll, describe, expect, it } from 'vitest';
import { dropsOnlyFarthest, findSearch, joinsKeepRows, loadGrammar, readSelect } from '../../src/statements/index.js';
import { RELATIONS } from '../support/known-relations.js';

beforeAll(loadGrammar);

describe('the tables beside a search', () => {
  it.each([
    ['docs', true],
    ['docs JOIN probes p ON p.id = docs.id', false],
    ['docs, probes', false],
    ['docs LEFT JOIN probes p ON p.id = docs.id', true],
    ['docs LEFT JOIN probes p ON p.id = docs.id LEFT JOIN probes q ON q.id = p.id', true],
    ['docs JOIN probes p ON p.id = docs.id LEFT JOIN probes q ON q.id = p.id', false],
    ['probes p LEFT JOIN docs ON p.id = docs.id', false],
    ['probes p LEFT JOIN (docs LEFT JOIN probes q ON q.id = docs.id) ON p.id = docs.id', false],
    ['probes p RIGHT JOIN docs ON p.id = docs.id', true],
    ['docs WHERE tenant = 3', true],
    ['docs WHERE tenant = (SELECT max(id) FROM probes)', true],
    ['docs WHERE NOT EXISTS (SELECT 1 FROM probes p WHERE p.id = docs.id)', false],
    ['(SELECT * FROM docs WHERE id IN (SELECT id FROM probes)) AS d', false],
  ])('keep every row of it, or not: %s', (from, keep) => {
    const search = findSearch(readSelect(`SELECT 1 FROM ${from} ORDER BY v <=> $1 LIMIT 5`), RELATIONS);
    expect(joinsKeepRows(search)).toBe(keep);
  });
});

describe('a condition of a search', () => {
  it.each([
    ['v <=> $1 < 0.3', true],
    ['0.3 >= v <=> $1', true],
    ['1 - (v <=> $1) > 0.7', true],
    ['1 - (v <=> $1) < 0.7', false],
    ['v <=> $1 > 0.3', false],
    ['v <=> $2 < 0.3', false],
    ['v <-> $1 < 0.3', false],
    ['tenant < 3', false],
    ['v IS NOT NULL', true],
    ['v IS NULL', false],
    ['tenant IS NOT NULL', false],
  ])('only cuts its answer short, or not: %s', (condition, cuts) => {
    const search = findSearch(
      readSelect(`SELECT id FROM docs WHERE ${condition} ORDER BY v <=> $1 LIMIT 5`),
      RELATIONS,
    );
    expect(dropsOnlyFarthest(search)).toBe(cuts);
  });

  it('may be on the name of the distance, or beside another', () => {
    const cut = (sql: string): boolean => dropsOnlyFarthest(findSearch(readSelect(sql), RELATIONS));
    const named = 'SELECT * FROM (SELECT id, tenant, v <=> $1 AS far FROM docs) AS n WHERE far < 0.3';
    expect(cut(`${named} ORDER BY far LIMIT 5`)).toBe(true);
    expect(cut(`${named} AND tenant = 5 ORDER BY far LIMIT 5`)).toBe(false);
    expect(cut('SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5')).toBe(true);
  });
});
