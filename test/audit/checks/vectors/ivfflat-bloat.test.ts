import { expect, it } from 'vitest';
import { ivfflatBloat } from '../../../../src/audit/checks/vectors/ivfflat-bloat.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';

const ROWS = (lists: number): readonly string[] => [
  'CREATE EXTENSION vector',
  'CREATE TABLE docs (id int, v vector(256))',
  `INSERT INTO docs SELECT g, array_agg(random())::real[]::vector FROM generate_series(1, 2000) AS g, generate_series(1, 256 + g * 0) GROUP BY g`,
  `CREATE INDEX docs_v ON docs USING ivfflat (v vector_l2_ops) WITH (lists = ${lists})`,
];

describeWithServers('ivfflat-bloat', () => {
  it('speaks after every vector was replaced twice, until the index is rebuilt', () =>
    expectMended(
      ivfflatBloat,
      [...ROWS(10), 'UPDATE docs SET v = v + v', 'DELETE FROM docs WHERE id % 4 > 0', 'VACUUM ANALYZE docs'],
      { object: 'public.docs.docs_v', data: expect.objectContaining({ lists: 10, rows: 500 }) },
    ));

  it.each([1, 10, 400])('is silent about a fresh index with %i lists', (lists) =>
    expectSilence(ivfflatBloat, ...ROWS(lists), 'ANALYZE docs'),
  );
});
