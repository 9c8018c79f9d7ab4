import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { decodeFloat32, decodeUint16 } from '../../../src/analysis/index.js';
import { applySettings, type Session } from '../../../src/postgres/index.js';
import { textOf, textsIn } from '../../../src/reports/index.js';
import { findings, planInstead, type PointRecord } from '../../../src/results/index.js';
import {
  benches,
  exactScan,
  hnsw,
  interrupting,
  ivfflat,
  type RunningBench,
  runningBench,
} from '../../support/running-bench.js';
import { describeServers, hasLocal, open, sharedServer, socketFolder } from '../../support/servers.js';

await describeServers('points', (server) => {
  let bench: RunningBench;
  beforeAll(async () => {
    bench = await runningBench(server());
  });
  afterAll(() => bench.stop());

  it('explain fewer queries where nothing is concluded, and look at the transaction where something is', async () => {
    const build = await bench.build(hnsw());
    const [search] = await bench.points(build, [{ ef_search: 41 }]);
    const [confirm] = await bench.points(build, [{ ef_search: 41 }], { purpose: 'confirm' });
    expect(search!.measured!.buffers.queries).toBe(20);
    expect(search!.measured!.transactionMs).toBeUndefined();
    expect(confirm!.measured!.buffers.queries).toBe(50);
    const { n, median, statements } = confirm!.measured!.transactionMs!;
    expect([n, statements]).toEqual([20, 3]);
    expect(median.low).toBeGreaterThan(0);
    expect(median.high!).toBeGreaterThanOrEqual(median.value);
  });

  it('are refused more queries than the run asks, and not measured with fewer', async () => {
    const build = await bench.build(hnsw());
    await expect(bench.points(build, [{ ef_search: 40 }], { from: 50 })).rejects.toThrow(
      /Expected at most \d+ queries/,
    );
  });

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
    expect(recall.distanceRatio).toBeGreaterThanOrEqual(1);
    expect(recall.queriesNeeded).toBeGreaterThan(0);
    expect(completeness).toMatchObject({ mean: 1, shortQueries: 0, empty: 0 });
    expect(decodeFloat32(samples.latencyMs)).toHaveLength(latencyMs.n);
    const hits = decodeUint16(samples.hits);
    expect(hits.reduce((sum, hit) => sum + hit, 0) / (10 * hits.length)).toBeCloseTo(recall.mean.value, 12);
    expect(buffers.mean.value).toBeGreaterThan(40);
    const plan = `Index Scan using ${build.index!.name}`;
    expect(planCache).toMatchObject({ mode: 'auto', generic: plan, custom: plan });
    // 60 queries timed, and 20 whose buffers were counted, beside those of the checks.
    expect(planCache!.genericPlans! + planCache!.customPlans!).toBeGreaterThan(80);
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

  it('are measured once: what is known is a defect beside what is not, and alone it is given back', async () => {
    const build = await bench.build(hnsw());
    const confirm = { purpose: 'confirm' } as const;
    const [known] = await bench.points(build, [{ ef_search: 43 }], confirm);
    await expect(bench.points(build, [{ ef_search: 43 }, { ef_search: 44 }], confirm)).rejects.toThrow(
      new TypeError(`Expected to measure each point once, got ${known!.key} a second time.`),
    );
    expect(await bench.points(build, [{ ef_search: 43 }], confirm)).toEqual([known]);
    const comparedWith = [known!.key];
    const [again] = await bench.points(build, [{ ef_search: 43 }, { ef_search: 44 }], { ...confirm, comparedWith });
    expect(again!.key).not.toBe(known!.key);
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
    expect(point?.reason).toEqual({
      code: 'other-plan',
      data: {
        wanted: { kind: 'one-of', indexes: [expect.stringMatching(/^ivfflat_/)], orTable: false },
        got: [{ table: 'items', type: 'Seq Scan', indexes: [] }],
      },
    });
  });

  it('IVFFlat on too few rows for its lists: the notice becomes a finding', async () => {
    const build = await bench.build(ivfflat(2200));
    expect(build.status).toBe('ok');
    expect(build.notices.join()).toContain('little data');
    expect(build.findings).toContainEqual(findings.ivfflatLittleData.of({}));
  });

  it('IVFFlat with more lists than memory for them: the build fails, with the reason, and the run goes on', async () => {
    const build = await bench.build(ivfflat(32_000));
    expect(build).toMatchObject({ status: 'failed', index: null });
    expect(build.reason && textOf(textsIn('en').reasons, build.reason)).toMatch(
      /memory required is \d+ MB.*maintenance_work_mem|invalid memory allocation request/,
    );
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
  const server = sharedServer('local');
  const running = benches(server, { rows: 2000, queries: 150 });

  /** Measures a point of 150 queries, before one of which `act` happens once, through a session of somebody else. */
  async function during(query: number, act: (other: Session, index: string) => Promise<unknown>): Promise<PointRecord> {
    const other = await server().connect('other');
    let index = '';
    // Twenty-one queries prove the exact neighbours, one goes ahead of each block.
    const bench = await running({ wrap: interrupting(21 + query, () => act(other, index)) });
    const build = await bench.build(hnsw());
    index = bench.workspace.quote(build.index!.name);
    const [point] = await bench.points(build, [{ ef_search: 40 }]);
    return point!;
  }

  const IN_A_BLOCK = 80;
  const IN_THE_LAST = 140;

  it.each([IN_A_BLOCK, IN_THE_LAST])(
    'whose index is dropped is void, never a recall of 1 (query %i)',
    async (query) => {
      let dropped: Promise<unknown> | undefined;
      const point = await during(query, async (other, index) => {
        const observer = await server().connect('observer');
        dropped = other.query(`DROP INDEX ${index}`);
        // It has to wait for the block's end, and stands in the queue before the query goes on.
        const waiting = `SELECT FROM pg_locks WHERE pid = ${other.backendPid} AND NOT granted`;
        while ((await observer.query(waiting)).length === 0);
        await observer.close();
      });
      await dropped;
      expect(point).toMatchObject({ status: 'void', measured: null });
      expect(planInstead(point.reason)).toMatchObject([{ type: 'Seq Scan', indexes: [] }]);
    },
  );

  it.each([IN_A_BLOCK, IN_THE_LAST])(
    'whose planner is pushed to a sequential scan is void, never a recall of 1 (query %i)',
    async (query) => {
      const items = 'pgvtune_bench_2000.items';
      const point = await during(query, async (other) => {
        await other.query(`DELETE FROM ${items} WHERE id > 30`);
        await other.query(`VACUUM (ANALYZE, TRUNCATE off) ${items}`);
      });
      expect(point).toMatchObject({ status: 'void', measured: null });
      expect(planInstead(point.reason)).toMatchObject([{ type: 'Seq Scan', indexes: [] }]);
    },
  );
});
