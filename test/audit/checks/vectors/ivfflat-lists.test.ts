import { it } from 'vitest';
import { ivfflatLists } from '../../../../src/audit/checks/vectors/ivfflat-lists.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';
const VECTORS = ['CREATE EXTENSION vector', 'CREATE TABLE docs (id int, v vector(3))'];
const rows = (count: number): string =>
  `INSERT INTO docs SELECT i, ARRAY[i, random(), random()]::real[]::vector FROM generate_series(1, ${count}) AS i`;

describeWithServers('ivfflat-lists', () => {
  it('speaks of default lists on few rows, until they fit', () =>
    expectMended(
      ivfflatLists,
      [...VECTORS, rows(10_000), 'CREATE INDEX docs_v ON docs USING ivfflat (v vector_l2_ops)', 'ANALYZE docs'],
      {
        severity: 'medium',
        object: 'public.docs.docs_v',
        data: { index: 'docs_v', rows: 10_000, lists: 100, advised: 10 },
      },
    ));

  it('is silent where lists are about what they should be, and about few rows', () =>
    expectSilence(
      ivfflatLists,
      ...VECTORS,
      rows(10_000),
      'CREATE INDEX ON docs USING ivfflat (v vector_l2_ops) WITH (lists = 20)',
      'CREATE TABLE few (v vector(3))',
      'CREATE INDEX ON few USING ivfflat (v vector_l2_ops)',
      'ANALYZE',
    ));
});
