import { expect, it } from 'vitest';
import { hnswBuildSpills } from '../../../../src/audit/checks/vectors/hnsw-build-spills.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';
const VECTORS = ['CREATE EXTENSION vector', 'CREATE TABLE docs (id int, v vector(3))'];
const rows = (count: number): string =>
  `INSERT INTO docs SELECT i, ARRAY[i, random(), random()]::real[]::vector FROM generate_series(1, ${count}) AS i`;

describeWithServers('hnsw-build-spills', () => {
  it('speaks where maintenance_work_mem holds less than the graph, and not where it holds it', async () => {
    const snapshot = await databaseSnapshot(
      await databaseWith(
        ...VECTORS,
        rows(10_000),
        'CREATE INDEX docs_v ON docs USING hnsw (v vector_l2_ops) WITH (m = 4)',
      ),
    );
    const withMemory = (maintenance_work_mem: string) =>
      foundBy(hnswBuildSpills, { ...snapshot, settings: { ...snapshot.settings, maintenance_work_mem } });
    expect(withMemory('4MB')).toEqual([
      expect.objectContaining({
        severity: 'low',
        object: 'public.docs.docs_v',
        data: expect.objectContaining({ rows: 10_000, maintenanceWorkMemBytes: 4 * 2 ** 20 }),
      }),
    ]);
    expect(withMemory('64MB')).toEqual([]);
    // Up to 15 a build without parallel workers takes 16 bytes more for each of its pieces.
    const rowsInMemory = (number: number) => {
      const settings = { ...snapshot.settings, maintenance_work_mem: '2MB', max_parallel_maintenance_workers: '0' };
      const [found] = foundBy(hnswBuildSpills, { ...snapshot, server: { ...snapshot.server, number }, settings });
      return Number(found?.data.rowsInMemory);
    };
    expect(rowsInMemory(150_018)).toBeLessThan(rowsInMemory(160_000));
    expect(rowsInMemory(160_000)).toBe(rowsInMemory(170_002));
  });
});
