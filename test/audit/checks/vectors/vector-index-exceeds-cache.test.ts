import { expect, it } from 'vitest';
import { vectorIndexExceedsCache } from '../../../../src/audit/checks/vectors/vector-index-exceeds-cache.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';
const VECTORS = ['CREATE EXTENSION vector', 'CREATE TABLE docs (id int, v vector(3))'];
const rows = (count: number): string =>
  `INSERT INTO docs SELECT i, ARRAY[i, random(), random()]::real[]::vector FROM generate_series(1, ${count}) AS i`;

describeWithServers('vector-index-exceeds-cache', () => {
  it('is more severe the less of the index the memory can hold, and silent where it fits', async () => {
    const snapshot = await databaseSnapshot(
      await databaseWith(...VECTORS, rows(1000), 'CREATE INDEX docs_v ON docs USING hnsw (v vector_l2_ops)'),
    );
    const withCache = (shared_buffers: string, effective_cache_size: string) =>
      foundBy(vectorIndexExceedsCache, {
        ...snapshot,
        settings: { ...snapshot.settings, shared_buffers, effective_cache_size },
      }).map(({ severity, object }) => [severity, object]);
    expect(withCache('128kB', '64kB')).toEqual([['medium', 'public.docs.docs_v']]);
    expect(withCache('128kB', '1GB')).toEqual([['low', 'public.docs.docs_v']]);
    expect(foundBy(vectorIndexExceedsCache, snapshot)).toEqual([]);
  });
});
