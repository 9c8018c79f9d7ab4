import { expect, it } from 'vitest';
import { readTableSizes } from '../../src/live/index.js';
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
    await session.query('DROP SCHEMA sized CASCADE');
    await session.close();
  });
});
