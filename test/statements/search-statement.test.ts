import { beforeAll, expect, it } from 'vitest';
import { loadGrammar, readSearchStatement, rowsWhateverParameters } from '../../src/statements/index.js';

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

const SEARCH = `SELECT "ä".id, "ä".v <=> $2::vector AS far FROM docs AS "ä" JOIN teams t ON t.id = "ä".team AND t.plan <> $6
  WHERE "ä".tenant = $1 AND "ä".made >= $4 AND $5 > "ä".made AND "ä".public AND lang IN ('en', $7, $8)
  ORDER BY far LIMIT $3`;

it('puts what is the same for every query in its place, and numbers the rest anew', () => {
  const values = new Map([
    [3, '7'],
    [7, "it's"],
  ]);
  const read = readSearchStatement(SEARCH, { values });
  expect(read.original).toBe(SEARCH);
  expect(read.text).toBe(
    `SELECT "ä".id, "ä".v <=> $1::vector AS far FROM docs AS "ä" JOIN teams t ON t.id = "ä".team AND t.plan <> $5
  WHERE "ä".tenant = $2 AND "ä".made >= $3 AND $4 > "ä".made AND "ä".public AND lang IN ('en', 'it''s', $6)
  ORDER BY far LIMIT 7`,
  );
  expect(read.limit).toBe(7);
  expect(read.drawn).toMatchObject([
    { number: 1, as: 'value', isOuter: true, label: '"ä".tenant' },
    { number: 4, as: 'low', isOuter: true, label: '"ä".made' },
    { number: 5, as: 'high', isOuter: true, label: '"ä".made' },
    { number: 6, as: 'value', isOuter: true, label: 't.plan' },
    { number: 8, as: 'further value', isOuter: true, label: 'lang' },
  ]);
  expect(readSearchStatement(SEARCH).limit).toBe(10);
});

it('leaves the conditions with parameters out', () => {
  const { root, drawn } = readSearchStatement(SEARCH);
  const expressions = drawn.map(({ expression }) => expression).slice(0, 1);
  expect(rowsWhateverParameters(root, 'ä', expressions)).toBe(
    'SELECT "ä".tableoid AS leaf, "ä".ctid AS place, "ä".tenant AS c0 FROM docs AS "ä" JOIN teams AS t ON t.id = "ä".team WHERE "ä".public',
  );
});

it('tells a condition of a subquery from one of its own', () => {
  const { drawn } = readSearchStatement(
    'SELECT id FROM docs WHERE EXISTS (SELECT FROM tags t WHERE t.doc = docs.id AND t.tag = $2) ORDER BY v <-> $1 LIMIT 3',
  );
  expect(drawn).toMatchObject([{ label: 't.tag', isOuter: false }]);
});

it.each([
  ['WHERE lower($2) = lang LIMIT 3', [], /nothing says what \$2 could be/],
  ['WHERE meta @> $2 LIMIT 3', [], /nothing says what \$2 could be/],
  ['LIMIT 3', [[2, '1']], /no parameter \$2/],
  ['LIMIT 3', [[1, '[1]']], /\$1 is the vector/],
  ['LIMIT $2', [[2, 'ten']], /LIMIT is ten/],
] as const)('refuses %s with %j', (end, values, message) => {
  const [where, limit] = end.split(/(?=LIMIT)/);
  const sql = `SELECT id FROM docs ${where === end ? '' : where} ORDER BY v <=> $1 ${limit ?? end}`;
  expect(() => readSearchStatement(sql, { values: new Map<number, string>(values) })).toThrow(message);
});
