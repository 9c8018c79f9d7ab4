import { expect, it } from 'vitest';
import { ivfflatProbes } from '../../../../src/audit/checks/vectors/ivfflat-probes.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';
const VECTORS = ['CREATE EXTENSION vector', 'CREATE TABLE docs (id int, v vector(3))'];
const rows = (count: number): string =>
  `INSERT INTO docs SELECT i, ARRAY[i, random(), random()]::real[]::vector FROM generate_series(1, ${count}) AS i`;

describeWithServers('ivfflat-probes', () => {
  it('speaks where nobody sets probes, until the database does', () =>
    expectMended(
      ivfflatProbes,
      [...VECTORS, rows(1000), 'CREATE INDEX docs_v ON docs USING ivfflat (v vector_l2_ops)'],
      {
        severity: 'low',
        object: expect.stringMatching(/: ivfflat\.probes$/),
        data: { indexes: ['docs_v'], lists: 100, probes: 10 },
      },
    ));

  it('is silent without an IVFFlat index', () =>
    expectSilence(ivfflatProbes, ...VECTORS, 'CREATE INDEX ON docs USING hnsw (v vector_l2_ops)'));
});
