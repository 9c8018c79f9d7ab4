import { beforeAll, describe, expect, it } from 'vitest';
import {
  findSearch,
  type KnownRelation,
  loadGrammar,
  mendSearch,
  readSelect,
  relationsNamed,
  type SearchedIndex,
  type SearchedTable,
} from '../../src/statements/index.js';

const columnsOf = (...columns: readonly string[]) =>
  columns.map((column) => {
    const [name = '', type = ''] = column.split(':');
    return { name, type, vectorIndexes: name === 'v' ? 1 : 0 };
  });
const RELATIONS: readonly KnownRelation[] = [
  { schema: null, name: 'docs', columns: columnsOf('id:int4', 'tenant:int4', 'v:vector') },
  { schema: null, name: 'probes', columns: columnsOf('id:int4', 'w:vector') },
];
const index = (change: Partial<SearchedIndex> = {}): SearchedIndex => ({
  name: 'docs_v',
  quoted: 'public.docs_v',
  table: 1,
  method: 'hnsw',
  opclass: 'vector_cosine_ops',
  operator: '<=>',
  expression: 'v',
  operandType: 'vector(3)',
  isExpression: false,
  predicate: null,
  valid: true,
  ...change,
});
const tableWith = (...indexes: readonly SearchedIndex[]): SearchedTable => ({
  label: 'public.docs',
  column: { name: 'v', quoted: '"v"', baseType: 'vector', type: 'vector(3)' },
  leaves: [{ oid: 1, name: 'docs', quoted: '"public"."docs"', blocks: 100 }],
  indexes,
});
const mend = (sql: string, ...indexes: readonly SearchedIndex[]) =>
  mendSearch(readSelect(sql), {
    relations: RELATIONS,
    table: tableWith(...(indexes.length > 0 ? indexes : [index()])),
    volatile: ['embed'],
  });

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

describe('an obstacle of a search', () => {
  it.each([
    ['SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5', [], 'SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5'],
    [
      'SELECT id, 1 - (v <=> $1) AS near FROM docs ORDER BY near DESC LIMIT 5',
      ['order-expression same'],
      'SELECT id, 1 - (v <=> $1) AS near FROM docs ORDER BY v <=> $1 LIMIT 5',
    ],
    [
      'SELECT * FROM (SELECT id, 1 - (v <=> $1) AS near FROM docs) AS found ORDER BY near DESC LIMIT 5',
      ['order-expression same'],
      'SELECT * FROM ( SELECT id, 1 - (v <=> $1) AS near FROM docs ORDER BY v <=> $1 LIMIT 5 ) AS found ORDER BY near DESC LIMIT 5',
    ],
    [
      'SELECT id FROM docs ORDER BY v <=> $1 DESC NULLS FIRST LIMIT 5',
      ['descending other'],
      'SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5',
    ],
    [
      'SELECT id FROM docs ORDER BY cosine_distance(v, $1) LIMIT 5',
      ['distance-function same'],
      'SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5',
    ],
    [
      'SELECT id FROM docs ORDER BY 0.7 * (v <=> $1) + 0.3 * id LIMIT 5',
      ['order-expression other'],
      'SELECT id FROM ( SELECT * FROM docs ORDER BY v <=> $1 LIMIT 50 ) AS docs ORDER BY (0.7 * (v <=> $1)) + (0.3 * id) LIMIT 5',
    ],
    ['SELECT id FROM docs ORDER BY v <=> $1', ['no-limit other'], 'SELECT id FROM docs ORDER BY v <=> $1 LIMIT 10'],
    [
      'WITH d AS MATERIALIZED (SELECT * FROM docs) SELECT id FROM d ORDER BY v <=> $1 LIMIT 5',
      ['materialized-cte same'],
      'WITH d AS NOT MATERIALIZED (SELECT * FROM docs) SELECT id FROM d ORDER BY v <=> $1 LIMIT 5',
    ],
    [
      'SELECT id FROM (SELECT * FROM docs OFFSET 0) AS d ORDER BY v <=> $1 LIMIT 5',
      ['subquery-fence same'],
      'SELECT id FROM ( SELECT * FROM docs ) AS d ORDER BY v <=> $1 LIMIT 5',
    ],
    [
      'SELECT id FROM (SELECT id, row_number() OVER (ORDER BY v <=> $1) AS n FROM docs) AS d WHERE n <= 7',
      ['rank-window same'],
      'SELECT id FROM ( SELECT id, row_number() OVER (ORDER BY v <=> $1) AS n FROM docs ORDER BY v <=> $1 LIMIT 7 ) AS d WHERE n <= 7',
    ],
    [
      'SELECT d.id FROM docs d JOIN probes q ON q.id = 3 ORDER BY d.v <=> q.w LIMIT 5',
      ['operand-of-another-table same'],
      'SELECT d.id FROM docs AS d ORDER BY d.v <=> ((SELECT q.w FROM probes AS q WHERE q.id = 3)) LIMIT 5',
    ],
    [
      "SELECT id FROM docs ORDER BY v <=> embed('cat') LIMIT 5",
      ['volatile-operand other'],
      "SELECT id FROM docs ORDER BY v <=> ((SELECT embed('cat'))) LIMIT 5",
    ],
    [
      'SELECT id FROM docs ORDER BY v::halfvec(3) <=> $1::halfvec(3) LIMIT 5',
      ['column-expression same'],
      'SELECT id FROM docs ORDER BY v <=> CAST($1 AS vector) LIMIT 5',
    ],
    [
      'SELECT id FROM docs WHERE v <=> $1 < 0.3',
      ['threshold-only other'],
      'SELECT id FROM docs WHERE (v <=> $1) < 0.3 ORDER BY v <=> $1 LIMIT 100',
    ],
  ])('of %s', (sql, codes, rewritten) => {
    const mended = mend(sql);
    const told = mended.found.map(({ code, remedy }) =>
      remedy.kind === 'rewrite' ? `${code} ${remedy.sameRows ? 'same' : 'other'}` : `${code} ${remedy.kind}`,
    );
    expect(told.filter((one) => !(one.startsWith('nulls-first') && codes.includes('descending other')))).toEqual(codes);
    expect(mended.sql.replaceAll(/\s+/g, ' ')).toBe(rewritten);
    expect(mend(mended.sql).found).toEqual([]);
  });

  it('is an index for another distance, on something else, over other rows, invalid, or none', () => {
    const sql = 'SELECT id FROM docs AS d WHERE tenant = 5 ORDER BY v <=> $1 LIMIT 5';
    expect(mend(sql, index({ operator: '<->' })).found).toMatchObject([
      {
        code: 'operator-mismatch',
        remedy: { kind: 'create-index', expression: '"v"', operatorClass: 'vector_cosine_ops' },
      },
    ]);
    expect(mend(sql, index({ valid: false })).found).toMatchObject([{ code: 'invalid-index' }]);
    const half = mend(sql, index({ expression: '(v::halfvec(3))', isExpression: true, operandType: 'halfvec(3)' }));
    expect(half.found).toMatchObject([{ code: 'index-on-expression' }]);
    expect(half.sql).toContain('ORDER BY CAST(v AS halfvec(3)) <=> CAST($1 AS halfvec(3))');
    const partial = mend(sql, index({ predicate: '(tenant = 5) AND NOT id IS NULL' }));
    expect(partial.found).toMatchObject([{ code: 'partial-index', remedy: { sameRows: false } }]);
    expect(partial.sql).toContain('WHERE tenant = 5 AND NOT (d.id IS NULL)');
  });
});
