import { expect, it } from 'vitest';
import { hnswBesideIvfflat } from '../../../../src/audit/checks/vectors/hnsw-beside-ivfflat.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectFound, expectSilence } from '../../../support/database-checks.js';
const VECTORS = ['CREATE EXTENSION vector', 'CREATE TABLE docs (id int, v vector(3))'];

describeWithServers('hnsw-beside-ivfflat', () => {
  it('names both', () =>
    expectFound(
      hnswBesideIvfflat,
      [
        ...VECTORS,
        'CREATE INDEX h ON docs USING hnsw (v vector_l2_ops)',
        'CREATE INDEX i ON docs USING ivfflat (v vector_l2_ops)',
      ],
      { severity: 'info', object: 'public.docs.h', data: expect.objectContaining({ hnsw: 'h', ivfflat: 'i' }) },
    ));

  it('is silent where they serve different searches', () =>
    expectSilence(
      hnswBesideIvfflat,
      ...VECTORS,
      'CREATE INDEX ON docs USING hnsw (v vector_l2_ops)',
      'CREATE INDEX ON docs USING ivfflat (v vector_cosine_ops)',
      'CREATE INDEX ON docs USING ivfflat (v vector_l2_ops) WHERE id = 1',
    ));
});
