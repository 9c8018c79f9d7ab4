import { expect, it } from 'vitest';
import { truncatedVectorScans } from '../../../../src/audit/checks/vectors/truncated-vector-scans.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend, run } from '../../../support/database-checks.js';
const VECTORS = ['CREATE EXTENSION vector', 'CREATE TABLE docs (id int, v vector(3))'];
const rows = (count: number): string =>
  `INSERT INTO docs SELECT i, ARRAY[i, random(), random()]::real[]::vector FROM generate_series(1, ${count}) AS i`;

describeWithServers('truncated-vector-scans', () => {
  const SEARCHES = (filter: string): string =>
    `DO $$ BEGIN FOR i IN 1..30 LOOP PERFORM FROM (SELECT FROM docs WHERE ${filter} ORDER BY v <-> '[1,2,3]' LIMIT 10) s; END LOOP; END $$`;
  const TABLE = [...VECTORS, rows(3000), 'CREATE INDEX docs_v ON docs USING hnsw (v vector_l2_ops)', 'ANALYZE docs'];

  it('speaks of a filter that removes what ef_search let through, until scans go on', async () => {
    const database = await databaseWith(...TABLE, 'SET enable_seqscan = off', SEARCHES('id % 20 = 0'));
    const found = foundBy(truncatedVectorScans, await databaseSnapshot(database));
    expect(found).toEqual([
      expect.objectContaining({
        severity: 'medium',
        object: 'public.docs.docs_v',
        data: expect.objectContaining({ scans: 30, rowsPerScan: 40, efSearch: 40 }),
      }),
    ]);
    await mend(database, found);
    expect(foundBy(truncatedVectorScans, await databaseSnapshot(database))).toEqual([]);
  });

  it('is silent where searches get the rows that they ask for', async () => {
    const database = await databaseWith(...TABLE, SEARCHES('true'));
    await run(database, SEARCHES('true'));
    expect(foundBy(truncatedVectorScans, await databaseSnapshot(database))).toEqual([]);
  });
});
