import { expect, it } from 'vitest';
import { unnormalizedInnerProduct } from '../../../../src/audit/checks/vectors/unnormalized-inner-product.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';

const TABLE = [
  'CREATE EXTENSION vector',
  'CREATE TABLE docs (id int, v vector(2))',
  'INSERT INTO docs SELECT i, ARRAY[cos(i), sin(i)]::real[]::vector FROM generate_series(1, 200) AS i',
  'CREATE INDEX docs_v ON docs USING hnsw (v vector_ip_ops) WITH (m = 8)',
];

describeWithServers('unnormalized-inner-product', () => {
  it('says how long the vectors are, until the index is for the cosine distance', () =>
    expectMended(
      unnormalizedInnerProduct,
      [...TABLE, 'UPDATE docs SET v = ARRAY[2 * cos(id), 2 * sin(id)]::real[]::vector WHERE id % 2 = 0'],
      {
        severity: 'low',
        object: 'public.docs.docs_v',
        data: expect.objectContaining({
          sampled: 200,
          share: { value: 0.5, low: 0.5, high: 0.5 },
          least: expect.closeTo(1, 5),
          greatest: expect.closeTo(2, 5),
        }),
      },
    ));

  it('has an index dropped beside one for the cosine distance', () =>
    expectMended(
      unnormalizedInnerProduct,
      [...TABLE, 'UPDATE docs SET v = ARRAY[2, 2]', 'CREATE INDEX ON docs USING hnsw (v vector_cosine_ops)'],
      {
        remedy: expect.objectContaining({
          step: 'drop',
          statements: ['DROP INDEX CONCURRENTLY IF EXISTS "public"."docs_v";'],
        }),
      },
    ));

  it('is silent where all have length 1, and where an index is for another distance', () =>
    expectSilence(
      unnormalizedInnerProduct,
      ...TABLE,
      'CREATE TABLE others (v vector(2))',
      'INSERT INTO others SELECT ARRAY[i, i]::real[]::vector FROM generate_series(1, 200) AS i',
      'CREATE INDEX ON others USING hnsw (v vector_l2_ops)',
    ));
});
