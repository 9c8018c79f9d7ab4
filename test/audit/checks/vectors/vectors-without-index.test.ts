import { expect, it } from 'vitest';
import { vectorsWithoutIndex } from '../../../../src/audit/checks/vectors/vectors-without-index.js';
import { auditDatabase } from '../../../../src/audit/index.js';
import { describeWithServers } from '../../../support/check-servers.js';
import {
  asApplication,
  databaseSnapshot,
  databaseWith,
  foundBy,
  repeat,
  run,
} from '../../../support/database-checks.js';
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

  // An adviser for indexes proposes nothing here, or fails: what serves the search is no B-tree.
  it('speaks of a search for the nearest, for which no other index is proposed', async () => {
    const database = await databaseWith(
      'CREATE EXTENSION pg_stat_statements',
      ...VECTORS,
      rows(10_000),
      'ANALYZE docs',
    );
    await asApplication(database, (session) =>
      repeat(session, 30, 'SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5', () => ['[1,2,3]']),
    );
    const { findings } = auditDatabase(await databaseSnapshot(database));
    const codes = findings.map(({ code }) => code);
    expect(codes).toContain('vectors-without-index');
    expect(codes).not.toContain('workload-index');
    expect(codes).not.toContain('scanning-statement');
  });

  it('is silent about few', async () => {
    expect(foundBy(vectorsWithoutIndex, await databaseSnapshot(await databaseWith(...VECTORS, rows(100))))).toEqual([]);
  });
});
