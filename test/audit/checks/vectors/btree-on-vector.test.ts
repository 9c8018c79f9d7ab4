import { it } from 'vitest';
import { btreeOnVector } from '../../../../src/audit/checks/vectors/btree-on-vector.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';
const VECTORS = ['CREATE EXTENSION vector', 'CREATE TABLE docs (id int, v vector(3))'];

describeWithServers('btree-on-vector', () => {
  it('speaks of a B-tree, until it is dropped', () =>
    expectMended(btreeOnVector, [...VECTORS, 'CREATE INDEX docs_v ON docs (v)'], {
      severity: 'medium',
      object: 'public.docs.docs_v',
    }));

  it('is silent about HNSW, and about a B-tree on other columns', () =>
    expectSilence(
      btreeOnVector,
      ...VECTORS,
      'CREATE INDEX ON docs USING hnsw (v vector_l2_ops)',
      'CREATE INDEX ON docs (id)',
    ));
});
