import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { decodeFloat32, decodeUint16 } from '../../src/analysis/index.js';
import { applySettings, type Server } from '../../src/postgres/index.js';
import { describeServers, hasLocal, open, socketFolder } from '../support/servers.js';
import { exactScan, hnsw, ivfflat, type RunningBench, runningBench } from '../support/running-bench.js';

await describeServers('points', (server) => {
  let bench: RunningBench;
  beforeAll(async () => {
    bench = await runningBench(server());
  });
  afterAll(() => bench.stop());

  it('carry their evidence: settings read back, plan, raw samples, intervals', async () => {
    const build = await bench.build(hnsw());
    expect(build).toMatchObject({
      status: 'ok',
      index: { valid: true, opclass: 'vector_cosine_ops', reloptions: { m: '16', ef_construction: '64' } },
    });
    const [point] = await bench.points(build, [{ ef_search: 40 }]);
    expect(point).toMatchObject({
      status: 'ok',
      measured: {
        settingsReadBack: { 'hnsw.ef_search': '40' },
        plan: { node: 'Index Scan', index: build.index!.name },
      },
    });
    const { recall, samples, latencyMs, buffers, completeness, planCache } = point!.measured!;
    expect(recall.mean.value).toBeGreaterThan(0.9);
    expect(recall.mean.low).toBeLessThan(recall.mean.value);
    expect(completeness).toMatchObject({ mean: 1, shortQueries: 0, empty: 0 });
    expect(decodeFloat32(samples.latencyMs)).toHaveLength(latencyMs.n);
    const hits = decodeUint16(samples.hits);
    expect(hits.reduce((sum, hit) => sum + hit, 0) / (10 * hits.length)).toBeCloseTo(recall.mean.value, 12);
    expect(buffers.mean.value).toBeGreaterThan(40);
    const plan = `Index Scan using ${build.index!.name}`;
    expect(planCache).toMatchObject({ mode: 'auto', generic: plan, custom: plan });
    // 60 queries timed, and 50 whose buffers were counted, beside those of the checks.
    expect(planCache!.genericPlans! + planCache!.customPlans!).toBeGreaterThan(110);
  });

  it('of several indexes on one table are each served by their own', async () => {
    const builds = [await bench.build(hnsw(8, 32)), await bench.build(ivfflat(20)), await bench.build(hnsw())];
    for (const build of builds) {
      const [point] = await bench.points(build, [
        build.request.spec.method === 'hnsw' ? { ef_search: 20 } : { probes: 2 },
      ]);
      expect(point?.measured?.plan.index).toBe(build.index!.name);
    }
    // Everything that was hidden for a measurement is there again.
    const indexes = await bench.session.query<{ name: string }>(
      `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = 'items'::regclass AND NOT indisprimary`,
    );
    expect(indexes).toHaveLength(3);
  });

  it('of the exact scan find every neighbour, whatever indexes there are', async () => {
    const [point] = await bench.points(await bench.build(exactScan), [{}]);
    expect(point).toMatchObject({
      status: 'ok',
      measured: { plan: { node: 'Seq Scan', index: null }, recall: { mean: { value: 1 } } },
    });
  });

  it('of a subset of the rows are judged by the neighbours among those rows', async () => {
    const build = await bench.build(hnsw(), 1500);
    const exact = await bench.build(exactScan, 1500);
    const [subset] = await bench.points(build, [{ ef_search: 40 }]);
    // So few rows the planner would rather scan: the plan is forced, and the point says so.
    expect(subset?.measured?.settingsReadBack).toMatchObject({ enable_seqscan: 'off' });
    const [scan] = await bench.points(exact, [{}]);
    expect(subset?.measured?.recall.mean.value).toBeGreaterThan(0.95);
    expect(scan?.measured?.recall.mean.value).toBe(1);
    const [rows] = await bench.session.query<{ count: string }>('SELECT count(*) FROM items_1500');
    expect(rows?.count).toBe('1500');
  });

  it('with more ef_search never find less, on average', async () => {
    const build = await bench.build(hnsw(8, 32));
    const points = await bench.points(build, [{ ef_search: 10 }, { ef_search: 40 }, { ef_search: 160 }], {
      purpose: 'confirm',
    });
    const recalls = points.map(({ measured }) => measured!.recall.mean.value);
    expect(recalls).toEqual(recalls.toSorted((a, b) => a - b));
  });

  it('leave no setting behind for the next', async () => {
    const build = await bench.build(hnsw());
    await bench.points(build, [{ ef_search: 200 }]);
    expect(await bench.session.query(`SELECT current_setting('hnsw.ef_search') AS ef`)).toEqual([{ ef: '40' }]);
  });

  it('with a setting that the server refuses are failed, with its words', async () => {
    const build = await bench.build(hnsw());
    await expect(bench.points(build, [{ ef_search: 5000 }])).rejects.toThrow(
      'Expected ef_search to be a whole number from 1 to 1000',
    );
  });
});

/*
 * pgvector's traps, each of which has given some harness a false figure.
 */
await describeServers('a trap', (server) => {
  let bench: RunningBench;
  beforeAll(async () => {
    // Wide enough that the planner sees what reading every list costs.
    bench = await runningBench(server(), { rows: 2000, dimensions: 128, k: 60 });
  });
  afterAll(() => bench.stop());

  it('silent SET: with the library loaded, a value out of range is refused instead of forgotten', async () => {
    await expect(bench.session.query('SET hnsw.ef_search = 5000')).rejects.toThrow(/5000 is outside the valid range/);
    const wanted = { 'hnsw.ef_search': '80' };
    expect(await bench.session.rolledBack(() => applySettings(bench.session, wanted))).toEqual(wanted);
  });

  it('ef_search below k: rows are missing, and the point says so', async () => {
    const build = await bench.build(hnsw());
    const [point] = await bench.points(build, [{ ef_search: 40 }]);
    const { completeness, recall } = point!.measured!;
    expect(completeness.mean).toBeLessThan(0.75);
    expect(completeness.shortQueries).toBe(60);
    expect(recall.mean.value).toBeLessThanOrEqual(completeness.mean);
    expect(point?.findings.map(({ code }) => code)).toContain('short-answers');
  });

  it('probes = lists: the planner leaves the index, and the point is void instead of perfect', async () => {
    const build = await bench.build(ivfflat(20));
    const [point] = await bench.points(build, [{ probes: 20 }]);
    expect(point).toMatchObject({ status: 'void', measured: null });
    expect(point?.reason).toMatch(/should use index ivfflat_.*without an index/);
  });

  it('IVFFlat on too few rows for its lists: the notice becomes a finding', async () => {
    const build = await bench.build(ivfflat(2200));
    expect(build.status).toBe('ok');
    expect(build.notices.join()).toContain('little data');
    expect(build.findings.map(({ severity }) => severity)).toContain('warning');
  });

  it('IVFFlat with more lists than memory for them: the build fails, with the reason, and the run goes on', async () => {
    const build = await bench.build(ivfflat(32_000));
    expect(build).toMatchObject({ status: 'failed', index: null });
    expect(build.reason).toMatch(/memory required is \d+ MB.*maintenance_work_mem|invalid memory allocation request/);
    expect((await bench.build(hnsw(2, 4))).status).toBe('ok');
  });
});

describe.runIf(await hasLocal())('a trap outside pgvtune', () => {
  it('silent SET: on a fresh connection a value out of range is accepted, and becomes the default at the first use', async () => {
    const server = await open('local');
    const client = new pg.Client({ host: await socketFolder(server), user: 'postgres', database: 'postgres' });
    await client.connect();
    await client.query('SET hnsw.ef_search = 5000');
    await client.query('SET hnsw.ef_serch = 5000');
    await client.query(`SELECT '[1]'::vector`);
    const { rows } = await client.query<{ ef: string }>(`SELECT current_setting('hnsw.ef_search') AS ef`);
    expect(rows).toEqual([{ ef: '40' }]);
    await client.end();
    await server.stop();
  });
});

describe.runIf(await hasLocal())('a point in mid-run', () => {
  let server: Server;
  beforeAll(async () => {
    server = await open('local');
  });
  afterAll(() => server.stop());

  /** A clock that lets `act` loose at its nth reading, from another session; the act waits for the block's end. */
  function clockThat(act: () => Promise<unknown>, reading: number) {
    let readings = 0;
    let acting: Promise<unknown> | undefined;
    return {
      name: 'test',
      now: () => {
        if (++readings === reading) acting = act();
        return performance.now();
      },
      acted: () => acting,
    };
  }

  it('whose index is dropped is void, never a recall of 1', async () => {
    const other = await server.connect('other');
    const clock = clockThat(() => other.query(`DROP INDEX pgvtune_bench_2000.${name}`), 300);
    const bench = await runningBench(server, { rows: 2000, queries: 150, clock });
    const build = await bench.build(hnsw());
    const { name } = build.index!;
    const [point] = await bench.points(build, [{ ef_search: 40 }], { purpose: 'confirm' });
    await clock.acted();
    expect(point).toMatchObject({ status: 'void', measured: null });
    expect(point?.reason).toContain('without an index');
    await bench.stop();
    await other.close();
  });

  it('whose planner is pushed to a sequential scan is void, never a recall of 1', async () => {
    const other = await server.connect('other');
    const shrink = `DELETE FROM pgvtune_bench_2500.items WHERE id > 30; VACUUM ANALYZE pgvtune_bench_2500.items`;
    const clock = clockThat(async () => {
      for (const statement of shrink.split('; ')) await other.query(statement);
    }, 300);
    const bench = await runningBench(server, { rows: 2500, queries: 400, clock });
    const build = await bench.build(hnsw());
    const points = await bench.points(build, [{ ef_search: 40 }], { purpose: 'confirm' });
    await clock.acted();
    const [again] = await bench.points(build, [{ ef_search: 41 }], { purpose: 'confirm' });
    for (const point of [...points, again]) {
      if (point?.status === 'ok') expect(point.measured!.plan.index).toBe(build.index!.name);
    }
    expect(again).toMatchObject({ status: 'void', measured: null });
    await bench.stop();
    await other.close();
  });
});
