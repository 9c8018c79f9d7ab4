import { expect, it } from 'vitest';
import { readBuildSettings, readTableSizes } from '../../src/live/index.js';
import { describeServers } from '../support/servers.js';

await describeServers('sizes of tables', (server) => {
  it('are those of the catalog, with schemas in front', async () => {
    const session = await server().connect('sizes');
    await session.query('CREATE SCHEMA sized');
    await session.query('CREATE TABLE sized.t AS SELECT n FROM generate_series(1, 1000) n');
    await session.query('ANALYZE sized.t');
    const size = (await readTableSizes(session)).get('sized.t');
    expect(size?.rows).toBe(1000);
    expect(size?.bytes).toBeGreaterThan(30_000);
    // Never counted, and in parts.
    await session.query('CREATE TABLE sized.p (n int) PARTITION BY RANGE (n)');
    await session.query('CREATE TABLE sized.p1 PARTITION OF sized.p FOR VALUES FROM (0) TO (10000)');
    await session.query('INSERT INTO sized.p SELECT n FROM generate_series(1, 5000) n');
    const parts = (await readTableSizes(session)).get('sized.p');
    expect(parts?.rows).toBeGreaterThan(1000);
    expect(parts?.rows).toBeLessThan(20_000);
    expect(parts?.heapBytes).toBeGreaterThan(100_000);
    expect(await readBuildSettings(session)).toMatchObject({
      maintenanceWorkMemBytes: expect.any(Number) as number,
      pgVersion: expect.any(Number) as number,
    });
    await session.query('DROP SCHEMA sized CASCADE');
    await session.close();
  });
});
