import { expect, it } from 'vitest';
import { hnswBloat } from '../../../../src/audit/checks/vectors/hnsw-bloat.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';
const VECTORS = ['CREATE EXTENSION vector', 'CREATE TABLE docs (id int, v vector(3))'];
const rows = (count: number): string =>
  `INSERT INTO docs SELECT i, ARRAY[i, random(), random()]::real[]::vector FROM generate_series(1, ${count}) AS i`;

describeWithServers('hnsw-bloat', () => {
  it('speaks after every vector was replaced, until the index is rebuilt', () =>
    expectMended(
      hnswBloat,
      [
        ...VECTORS,
        rows(5000),
        'CREATE INDEX docs_v ON docs USING hnsw (v vector_l2_ops) WITH (m = 8)',
        'UPDATE docs SET v = ARRAY[id + 0.5, random(), random()]::real[]::vector',
        'VACUUM docs',
      ],
      {
        severity: 'medium',
        object: 'public.docs.docs_v',
        data: expect.objectContaining({ ratio: expect.closeTo(2, 1), rows: 5000, m: 8 }),
      },
    ));

  // What other tools call bloated a hundred times over.
  it('is silent about fresh indexes, whatever their m and type', () =>
    expectSilence(
      hnswBloat,
      'CREATE EXTENSION vector',
      'CREATE TABLE docs (v vector(1536))',
      'INSERT INTO docs SELECT array_agg(random())::real[]::vector FROM generate_series(1, 600 * 1536) AS i GROUP BY i % 600',
      'CREATE INDEX ON docs USING hnsw (v vector_cosine_ops)',
      'CREATE INDEX ON docs USING hnsw (v vector_cosine_ops) WITH (m = 8)',
      'CREATE INDEX ON docs USING hnsw ((v::halfvec(1536)) halfvec_l2_ops)',
      "SET maintenance_work_mem = '128MB'",
      'CREATE INDEX ON docs USING ivfflat ((v::halfvec(1536)) halfvec_l2_ops) WITH (lists = 1)',
      'ANALYZE docs',
    ));
});
