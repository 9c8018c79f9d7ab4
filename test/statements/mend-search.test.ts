import { beforeAll, describe, expect, it } from 'vitest';
import type { SearchObstacle, SearchRemedy } from '../../src/results/index.js';
import {
  loadGrammar,
  type Mended,
  mendSearch,
  readSelect,
  type SearchedIndex,
  type SearchedTable,
} from '../../src/statements/index.js';
import { RELATIONS } from '../support/known-relations.js';

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
const COLUMN: SearchedTable['column'] = {
  name: 'v',
  quoted: '"v"',
  baseType: 'vector',
  type: 'vector(3)',
  isNotNull: true,
  dimensions: 3,
};
const tableWith = (...indexes: readonly SearchedIndex[]): SearchedTable => ({
  label: 'public.docs',
  pgvector: '0.8.0',
  column: COLUMN,
  leaves: [{ oid: 1, name: 'docs', quoted: '"public"."docs"', blocks: 100 }],
  indexes,
});
const mend = (sql: string, ...indexes: readonly SearchedIndex[]) =>
  mendIn(tableWith(...(indexes.length > 0 ? indexes : [index()])), sql);
const mendIn = (table: SearchedTable, sql: string, except: readonly SearchObstacle['code'][] = []) =>
  mendSearch(readSelect(sql), { relations: RELATIONS, table, volatile: ['embed'], except });
const writtenIndex = (remedy: SearchRemedy): string =>
  remedy.kind === 'create-index' ? `${remedy.method} ${remedy.expression} ${remedy.operatorClass}` : remedy.kind;
const toldOf = ({ found }: Mended): readonly string[] =>
  found.map(({ code, remedy }) =>
    remedy.kind === 'rewrite' ? `${code} ${remedy.sameRows ? 'same' : 'other'}` : `${code} ${remedy.kind}`,
  );

beforeAll(loadGrammar);
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
      ['operand-of-another-table other'],
      'SELECT d.id FROM docs AS d ORDER BY d.v <=> ((SELECT q.w FROM probes AS q WHERE q.id = 3)) LIMIT 5',
    ],
    [
      "SELECT id FROM docs ORDER BY v <=> embed('cat') LIMIT 5",
      ['volatile-operand other'],
      "SELECT id FROM docs ORDER BY v <=> ((SELECT embed('cat'))) LIMIT 5",
    ],
    [
      'SELECT id FROM docs ORDER BY v::halfvec(3) <=> $1::halfvec(3) LIMIT 5',
      ['column-expression other'],
      'SELECT id FROM docs ORDER BY v <=> CAST($1 AS vector) LIMIT 5',
    ],
    [
      'SELECT id FROM docs WHERE v <=> $1 < 0.3',
      ['threshold-only other'],
      'SELECT id FROM docs WHERE (v <=> $1) < 0.3 ORDER BY v <=> $1 LIMIT 100',
    ],
  ])('of %s', (sql, codes, rewritten) => {
    const mended = mend(sql);
    expect(
      toldOf(mended).filter((one) => !(one.startsWith('nulls-first') && codes.includes('descending other'))),
    ).toEqual(codes);
    expect(mended.sql.replaceAll(/\s+/g, ' ')).toBe(rewritten);
    expect(mend(mended.sql).found).toEqual([]);
  });

  it('is that the farthest rows come first, whatever it is written as, and nothing else', () => {
    for (const order of [
      '1 - (v <=> $1)',
      '-(v <=> $1)',
      'v <=> $1 DESC',
      '1 - (v <=> $1) ASC',
      'exp(v <=> $1) DESC',
    ]) {
      const sql = `SELECT id FROM docs ORDER BY ${order} LIMIT 5`;
      expect(toldOf(mend(sql))).toEqual(['descending other']);
      expect(toldOf(mendIn(tableWith(index()), sql, ['descending']))).toEqual([]);
    }
  });

  const NULLABLE = { ...tableWith(index()), column: { ...COLUMN, isNotNull: false } };
  it.each([
    // DESC puts rows without a distance first.
    ['SELECT id FROM docs ORDER BY 1 - (v <=> $1) DESC LIMIT 5', 'order-expression other'],
    ['SELECT id FROM docs ORDER BY 1 - (v <=> $1) DESC NULLS LAST LIMIT 5', 'order-expression same'],
    ['SELECT id FROM docs WHERE v IS NOT NULL ORDER BY 1 - (v <=> $1) DESC LIMIT 5', 'order-expression same'],
    ['SELECT id FROM docs ORDER BY coalesce(v <=> $1, 0) LIMIT 5', 'order-expression other'],
    ['SELECT id FROM docs ORDER BY 2 * (v <=> $1) LIMIT 5', 'order-expression same'],
    ['SELECT id FROM docs ORDER BY 2 * (v <=> $1) NULLS FIRST LIMIT 5', 'order-expression other'],
  ])('keeps the rows of a nullable column, or not: %s', (sql, told) => {
    expect(toldOf(mendIn(NULLABLE, sql))).toEqual([told]);
  });

  it.each([
    ['SELECT id FROM docs ORDER BY coalesce(v <=> $1, 0) LIMIT 5', 'order-expression same'],
    // Rounding makes rows equal that are not.
    ['SELECT id FROM docs ORDER BY round((v <=> $1)::numeric, 2) LIMIT 5', 'order-expression other'],
    ['SELECT id FROM docs ORDER BY 1 - floor(v <=> $1) DESC LIMIT 5', 'order-expression other'],
    ['SELECT id FROM docs ORDER BY (v <=> $1)::real LIMIT 5', 'order-expression other'],
    ['SELECT id FROM docs ORDER BY sqrt(v <=> $1) LIMIT 5', 'order-expression same'],
    ['SELECT id FROM docs ORDER BY v::vector(3) <=> $1 LIMIT 5', 'column-expression same'],
    ['SELECT id FROM docs ORDER BY v <=> $1::halfvec LIMIT 5', 'operand-type other'],
    ['SELECT id FROM docs ORDER BY v <=> $1::sparsevec LIMIT 5', 'operand-type same'],
    // Null where the table is on the side that a join fills up.
    [
      'SELECT p.id FROM probes p LEFT JOIN docs d ON d.id = p.id ORDER BY 1 - (d.v <=> $1) DESC LIMIT 5',
      'order-expression other',
    ],
    // The first rows of a subquery by one key are not those by two.
    [
      'SELECT * FROM (SELECT id, 1 - (v <=> $1) AS near FROM docs) AS n ORDER BY near DESC, id LIMIT 5',
      'order-expression other',
    ],
    ['SELECT d.id FROM docs d, probes q WHERE q.id = 3 ORDER BY d.v <=> q.w LIMIT 5', 'operand-of-another-table other'],
    ['SELECT * FROM docs d, probes q WHERE q.id = 3 ORDER BY d.v <=> q.w LIMIT 5', 'operand-of-another-table none'],
    ['SELECT q.* FROM docs d, probes q WHERE q.id = 3 ORDER BY d.v <=> q.w LIMIT 5', 'operand-of-another-table none'],
    ['SELECT d.* FROM docs d, probes q WHERE q.id = 3 ORDER BY d.v <=> q.w LIMIT 5', 'operand-of-another-table other'],
    [
      'SELECT id FROM (SELECT id, rank() OVER (ORDER BY v <=> $1) AS n FROM docs) AS d WHERE n <= 7',
      'rank-window other',
    ],
    [
      'SELECT id FROM (SELECT id, row_number() OVER (ORDER BY v <=> $1, id) AS n FROM docs) AS d WHERE n <= 7',
      'rank-window other',
    ],
  ])('keeps the rows, or not: %s', (sql, told) => {
    expect(toldOf(mend(sql))).toEqual([told]);
  });

  it('is fetched with the rows that OFFSET leaves out', () => {
    const inner =
      'SELECT * FROM (SELECT id, 1 - (v <=> $1) AS near FROM docs) AS n ORDER BY near DESC LIMIT 5 OFFSET 20';
    expect(mend(inner).sql).toMatch(/LIMIT 25 \) AS n .* LIMIT 5\s+OFFSET 20$/s);
    const parameters = inner.replace('5 OFFSET 20', '$2 OFFSET $3');
    expect(mend(parameters).sql).toMatch(/LIMIT \$2 \+ \$3 \) AS n/s);
    const candidates = 'SELECT DISTINCT tenant, v <=> $1 AS far FROM docs ORDER BY far LIMIT 5 OFFSET 20';
    expect(mend(candidates).sql).toMatch(/LIMIT 250 \) AS docs/s);
    const all = candidates.replace('5 OFFSET 20', 'ALL');
    expect(mend(all).sql).toMatch(/LIMIT 100 \) AS docs/s);
  });

  it.each([
    [{}, [], '<=>', 'hnsw "v" vector_cosine_ops'],
    [{}, [index({ method: 'ivfflat', operator: '<->' })], '<=>', 'ivfflat "v" vector_cosine_ops'],
    // IVFFlat has no class for it.
    [{}, [index({ method: 'ivfflat', operator: '<->' })], '<+>', 'hnsw "v" vector_l1_ops'],
    [{ dimensions: 2001, type: 'vector(2001)' }, [], '<=>', 'hnsw (CAST(v AS halfvec(2001))) halfvec_cosine_ops'],
    [{ dimensions: 4001, type: 'vector(4001)' }, [], '<=>', 'none'],
    [{ type: 'vector' }, [], '<=>', 'hnsw (CAST(v AS vector(3))) vector_cosine_ops'],
    [{ type: 'halfvec', baseType: 'halfvec' }, [], '<=>', 'hnsw (CAST(v AS halfvec(3))) halfvec_cosine_ops'],
    [{ type: 'vector', dimensions: null }, [], '<=>', 'none'],
    [
      { type: 'bit(3)', baseType: 'bit' },
      [index({ method: 'ivfflat', operator: '<~>' })],
      '<%>',
      'hnsw "v" bit_jaccard_ops',
    ],
  ])('is mended by an index that the server makes: %j %j %s', (change, indexes, operator, made) => {
    const table = { ...tableWith(...indexes), column: { ...COLUMN, ...change } };
    const { found } = mendIn(table, `SELECT id FROM docs ORDER BY v ${operator} $1 LIMIT 5`);
    expect(found.map(({ remedy }) => writtenIndex(remedy))).toEqual([made]);
  });

  it.each([
    ['v::halfvec <=> $1::halfvec', '0.8.0', 'hnsw (CAST(v AS halfvec(3))) halfvec_cosine_ops'],
    ['v::halfvec(3) <=> $1::halfvec(3)', '0.8.0', 'hnsw (CAST(v AS halfvec(3))) halfvec_cosine_ops'],
    ['v::halfvec(3) <=> $1::halfvec(3)', '0.6.2', 'none'],
    ['subvector(v, 1, 2) <=> $1', '0.8.0', 'none'],
    ['subvector(v, 1, 2)::vector(2) <=> $1', '0.8.0', 'hnsw (CAST(subvector(v, 1, 2) AS vector(2))) vector_cosine_ops'],
    [
      'binary_quantize(v)::bit(3) <~> $1',
      '0.8.0',
      'hnsw (CAST(binary_quantize(v) AS pg_catalog.bit(3))) bit_hamming_ops',
    ],
  ])('is mended by an index on what is compared: %s, %s', (order, pgvector, made) => {
    const { found } = mendIn({ ...tableWith(), pgvector }, `SELECT id FROM docs ORDER BY ${order} LIMIT 5`);
    expect(found.map(({ remedy }) => writtenIndex(remedy))).toEqual([made]);
  });

  it('is mended on other partitions by an index like the one that serves', () => {
    const leaf = { oid: 2, name: 'more', quoted: '"public"."more"', blocks: 1 };
    const own = index({ expression: '((v)::halfvec(3))', isExpression: true, operandType: 'halfvec(3)' });
    const table = tableWith(index({ name: 'first', method: 'ivfflat', operator: '<->' }), own);
    const order = 'v::halfvec(3) <=> $1::halfvec(3)';
    const { found } = mendIn(
      { ...table, leaves: [...table.leaves, leaf] },
      `SELECT id FROM docs ORDER BY ${order} LIMIT 5`,
    );
    expect(found).toMatchObject([{ code: 'partition-without-index', remedy: { tables: ['"public"."more"'] } }]);
    expect(writtenIndex(found[0]!.remedy)).toBe('hnsw (CAST(v AS halfvec(3))) halfvec_cosine_ops');
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
    const declared = index({ expression: '(v::vector(3))', isExpression: true });
    const bare = { ...tableWith(declared), column: { ...COLUMN, type: 'vector' } };
    expect(toldOf(mendIn(bare, sql))).toEqual(['index-on-expression same']);
    const partial = mend(sql, index({ predicate: '(tenant = 5) AND NOT id IS NULL' }));
    expect(partial.found).toMatchObject([{ code: 'partial-index', remedy: { sameRows: false } }]);
    expect(partial.sql).toContain('WHERE tenant = 5 AND NOT (d.id IS NULL)');
  });
});
