import { expect, it } from 'vitest';
import { vectorsWithoutIndex } from '../../../../src/audit/checks/vectors/vectors-without-index.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, run } from '../../../support/database-checks.js';
const VECTORS = ['CREATE EXTENSION vector', 'CREATE TABLE docs (id int, v vector(3))'];
const rows = (count: number): string =>
  `INSERT INTO docs SELECT i, ARRAY[i, random(), random()]::real[]::vector FROM generate_series(1, ${count}) AS i`;

describeWithServers('vectors-without-index', () => {
  it('speaks of many vectors, until they have an index', async () => {
    const database = await databaseWith(...VECTORS, rows(10_000), 'ANALYZE docs');
    const found = async () => foundBy(vectorsWithoutIndex, await databaseSnapshot(database));
    expect(await found()).toEqual([
      expect.objectContaining({
        severity: 'low',
        object: 'public.docs.v',
        data: expect.objectContaining({ rows: 10_000 }),
      }),
    ]);
    await run(database, 'CREATE INDEX ON docs USING ivfflat ((v::halfvec(3)) halfvec_l2_ops) WITH (lists = 5)');
    expect(await found()).toEqual([]);
  });

  it('is silent about few', async () => {
    expect(foundBy(vectorsWithoutIndex, await databaseSnapshot(await databaseWith(...VECTORS, rows(100))))).toEqual([]);
  });
});
