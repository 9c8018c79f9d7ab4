import { beforeAll, describe, expect, it } from 'vitest';
import { readParameters } from '../../src/logs/logged-parameters.js';
import { loadGrammar, readSelect, valuesOfExecution } from '../../src/statements/index.js';

beforeAll(loadGrammar);

const SEARCH = `SELECT id FROM app.items WHERE lang = $2 AND price < $3 AND kind IN ('a', 'b')
  ORDER BY embedding <=> $1::vector LIMIT 10`;

const valuesOf = (executed: string, given: readonly (readonly [number, string])[] = [], own = SEARCH) => {
  const values = valuesOfExecution(readSelect(own), executed, new Map(given));
  return values && [...values].toSorted(([a], [b]) => a - b);
};

describe('what an execution had in the places of parameters', () => {
  it.each([
    [
      'constants',
      `SELECT id FROM app.items WHERE lang = 'd''e' AND price < -9.5 AND kind IN ('a', 'b') ORDER BY embedding <=> '[1,2]'::vector LIMIT 20`,
      [],
      [
        [1, '[1,2]'],
        [2, "d'e"],
        [3, '-9.5'],
      ],
    ],
    [
      'parameters of other numbers',
      `select id /* route */ from app.items where lang = $1::text and price < $2 and kind in ('a', 'b') order by embedding <=> $3 limit $4`,
      [
        [1, 'en'],
        [2, '7'],
        [3, '[3,4]'],
        [4, '5'],
      ],
      [
        [1, '[3,4]'],
        [2, 'en'],
        [3, '7'],
      ],
    ],
  ] as const)('are read from %s', (_, executed, given, expected) => {
    expect(valuesOf(executed, given)).toEqual(expected);
  });

  it.each([
    ['another condition', SEARCH.replace('<', '>').replaceAll(/\$\d/g, "'1'")],
    ['another constant', SEARCH.replace("'b'", "'c'").replaceAll(/\$\d/g, "'1'")],
    ['another table', SEARCH.replace('app.items', 'app.others').replaceAll(/\$\d/g, "'1'")],
    ['a parameter that is not logged', SEARCH],
    ['NULL', SEARCH.replace('$2', 'NULL').replaceAll(/\$\d/g, "'1'")],
    ['what was cut off', SEARCH.slice(0, 70)],
    ['two statements', `${SEARCH}; SELECT 1`.replaceAll(/\$\d/g, "'1'")],
  ])('are none of %s', (_, executed) => expect(valuesOf(executed)).toBeNull());

  it('are one value for one parameter', () => {
    const own = 'SELECT embedding <-> $1 FROM items ORDER BY embedding <-> $1 LIMIT 3';
    const executed = (a: string, b: string) =>
      `SELECT embedding <-> '${a}' FROM items ORDER BY embedding <-> '${b}' LIMIT 3`;
    expect(valuesOf(executed('[1]', '[1]'), [], own)).toEqual([[1, '[1]']]);
    expect(valuesOf(executed('[1]', '[2]'), [], own)).toBeNull();
  });
});

it('reads parameters of a message, but for those that are NULL or were cut off', () => {
  const read = (detail: string) => [...readParameters(detail)];
  expect(read(`parameters: $1 = '[1,2]', $2 = NULL, $3 = 'it''s, $9 = ''x''', $4 = 'long...'`)).toEqual([
    [1, '[1,2]'],
    [3, "it's, $9 = 'x'"],
  ]);
  expect(read(`Parameters: $1 = '7'`)).toEqual([[1, '7']]);
  expect(read(`параметры: $1 = ''`)).toEqual([[1, '']]);
  expect(read('prepare: PREPARE q AS SELECT 1')).toEqual([]);
});
