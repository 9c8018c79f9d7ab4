import { expect, it } from 'vitest';
import { hnswPageWaste } from '../../../../src/audit/checks/vectors/hnsw-page-waste.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('hnsw-page-waste', () => {
  it('speaks of elements that leave a fifth of each page empty', async () => {
    const snapshot = await databaseSnapshot(
      await databaseWith(
        'CREATE EXTENSION vector',
        'CREATE TABLE docs (v vector(1536), w vector(384))',
        'CREATE INDEX wasteful ON docs USING hnsw (v vector_l2_ops) WITH (m = 8)',
        'CREATE INDEX dense ON docs USING hnsw (w vector_l2_ops)',
      ),
    );
    // A hundred megabytes would take too long to build.
    const large = { ...snapshot, indexes: snapshot.indexes.map((index) => ({ ...index, bytes: 2 ** 30 })) };
    expect(foundBy(hnswPageWaste, large)).toEqual([
      expect.objectContaining({
        severity: 'info',
        object: 'public.docs.wasteful',
        data: expect.objectContaining({ m: 8, elementsPerPage: 1, waste: expect.closeTo(0.22, 1) }),
      }),
    ]);
    expect(foundBy(hnswPageWaste, snapshot)).toEqual([]);
  });
});
