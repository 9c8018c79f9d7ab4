import { expect, it } from 'vitest';
import { findCacheTools } from '../../../src/measure/index.js';
import { benches, hnsw, ivfflat } from '../../support/running-bench.js';
import { describeServers } from '../../support/servers.js';

await describeServers('the caches of a point', (server, choice) => {
  const running = benches(server, { rows: 1000 });

  it('are warm unless somebody asks for another state, and only warm points settle first', async () => {
    const bench = await running();
    const build = await bench.build(ivfflat(10));
    const [search] = await bench.points(build, [{ probes: 2 }]);
    const [confirm] = await bench.points(build, [{ probes: 2 }], { purpose: 'confirm' });
    expect(search?.measured).toMatchObject({ cache: { state: 'warm' }, warmUp: null, buffers: { meanRead: 0 } });
    expect(confirm?.measured).toMatchObject({ cache: { state: 'warm' } });
    expect(confirm?.measured?.warmUp?.blocks).toBeGreaterThanOrEqual(10);
    expect(search?.measured?.cache.prewarmed).toBe(choice !== 'embedded');
  });

  it('are cold: nothing is in shared_buffers when a query begins, and recall is what it was', async () => {
    const bench = await running({ queries: 110, cache: 'cold' });
    const build = await bench.build(hnsw(8, 32));
    const [cold] = await bench.points(build, [{ ef_search: 40 }], { purpose: 'confirm' });
    expect(cold).toMatchObject({ status: 'ok', measured: { cache: { state: 'cold' }, warmUp: null } });
    const { buffers, latencyMs, recall } = cold!.measured!;
    // A page that a query needs twice it finds the second time, but every page it has to read once.
    expect(buffers.meanRead).toBeGreaterThan(20);
    expect(latencyMs.n).toBe(100);
    expect(recall.queries).toBe(110);

    const [warm] = await bench.points(build, [{ ef_search: 40 }], { cache: 'warm' });
    expect(warm?.key).not.toBe(cold?.key);
    expect(warm?.measured?.recall.mean).toEqual(recall.mean);
    expect(warm?.measured?.buffers.meanRead).toBe(0);
  });

  it.runIf(choice === 'local')('are prewarmed where there is pg_prewarm', async () => {
    const bench = await running({ cache: 'prewarmed' });
    const [point] = await bench.points(await bench.build(ivfflat(10)), [{ probes: 2 }], { purpose: 'confirm' });
    expect(point?.measured).toMatchObject({ cache: { state: 'prewarmed' }, warmUp: null, buffers: { meanRead: 0 } });
  });

  it.runIf(choice === 'embedded')('are not prewarmed where there is none: refused, not estimated', async () => {
    const session = await server().connect('test');
    await expect(findCacheTools(session, 'prewarmed', server())).rejects.toThrow(
      'A prewarmed cache is not measurable here: the extension pg_prewarm is not there.',
    );
    await session.close();
  });
});
