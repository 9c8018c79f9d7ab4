import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCount, countStatement } from '../../src/measure/server-time.js';
import { openStatementTimes } from '../../src/measure/index.js';
import type { Server, Session } from '../../src/postgres/index.js';
import { preloadingServer } from '../support/preloading-server.js';
import { hnsw, runningBench } from '../support/running-bench.js';
import { hasLocal } from '../support/servers.js';

describe('the sum of counts', () => {
  const block = { calls: 50, executionMs: 10 };

  it('adds blocks up', () => {
    const first = addCount(undefined, block, 50);
    expect(addCount(first, block, 50)).toEqual({ calls: 100, executionMs: 20 });
  });

  it('is unknown for good once a block is missing, or holds the calls of somebody else', () => {
    expect(addCount(undefined, undefined, 50)).toBeNull();
    expect(addCount(block, { calls: 51, executionMs: 10 }, 50)).toBeNull();
    expect(addCount(null, block, 50)).toBeNull();
  });
});

describe.runIf(await hasLocal())('the time that pg_stat_statements counts', () => {
  let server: Server;
  let session: Session;
  beforeAll(async () => {
    server = await preloadingServer('pg_stat_statements');
    session = await server.connect('measure');
  });
  afterAll(() => server.stop());

  it('is not there before the extension is', async () => {
    expect(await openStatementTimes(session)).toBeNull();
    await session.query('CREATE EXTENSION pg_stat_statements');
    expect(await openStatementTimes(session)).not.toBeNull();
  });

  it('is that of the very statement, in the calls between beginning and end', async () => {
    const times = await openStatementTimes(session);
    const statement = { name: 'counted', text: 'SELECT count(*) FROM generate_series(1, $1::int)' };
    await session.execute(statement, [5]);
    const count = await countStatement(times!, statement, ['5']);
    for (let i = 0; i < 7; i++) await session.execute(statement, [20_000]);
    const { calls, executionMs } = await count!();
    expect(calls).toBe(7);
    // Twenty thousand rows are not counted in a microsecond.
    expect(executionMs).toBeGreaterThan(0.001);
  });

  it('stands in the record of a point, over exactly its timed queries', async () => {
    const bench = await runningBench(server, { rows: 1000 });
    const build = await bench.build(hnsw(4, 16));
    const [one, other] = await bench.points(build, [{ ef_search: 20 }, { ef_search: 40 }], { purpose: 'confirm' });
    for (const point of [one, other]) {
      const { serverMs, latencyMs } = point!.measured!;
      expect(serverMs?.statements?.n).toBe(latencyMs.n);
      expect(serverMs?.statements?.mean).toBeGreaterThan(0);
      expect(serverMs?.explain).toMatchObject({ n: 50 });
      // The server's time is a part of the client's.
      expect(serverMs!.statements!.mean).toBeLessThan(latencyMs.mean);
    }
    await bench.stop();
  });
});
