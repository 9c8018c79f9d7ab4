import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlannerMapRecord } from '../../../src/results/index.js';
import { hnsw, ivfflat, type RunningBench, runningBench } from '../../support/running-bench.js';
import { describeServers } from '../../support/servers.js';

type Stretches = PlannerMapRecord['axes'][number]['measured'];

const plans = (stretches: Stretches | undefined) => stretches?.map(({ plan }) => plan);

await describeServers('the planner map of a build', (server) => {
  let bench: RunningBench;
  beforeAll(async () => {
    // Vectors that lie out of line, so that the table looks cheap to scan.
    bench = await runningBench(server(), { rows: 1500, dimensions: 600, queries: 10 });
  });
  afterAll(() => bench.stop());

  it.each([
    { name: 'HNSW', spec: hnsw(8, 32), settings: { ef_search: 40 } },
    { name: 'IVFFlat', spec: ivfflat(20), settings: { probes: 2 } },
  ])('of $name is predicted by the cost model to the single value, as EXPLAIN confirms', async ({ spec, settings }) => {
    const map = await bench.plannerMap(await bench.build(spec), settings);
    expect(map.axes.map(({ name }) => name)).toEqual([...Object.keys(settings), 'LIMIT', 'selectivity']);
    const [knob, limit, selectivity] = map.axes;
    for (const { predicted, measured } of map.axes) expect(predicted).toEqual(measured);
    expect(plans(knob?.measured)).toEqual(['index', 'sequential']);
    expect(plans(limit?.measured)).toEqual(['index', 'sequential']);
    expect(plans(selectivity?.measured)).toEqual(['sequential', 'index']);
    for (const { measured, explains } of map.axes) {
      expect(measured[0]!.from).toBe(1);
      expect(explains).toBeLessThan(20);
    }
  });

  it('leaves the table as it was', async () => {
    const [row] = await bench.session.query(
      `SELECT (SELECT count(*)::int FROM pg_constraint WHERE conrelid = 'items'::regclass AND contype = 'p') AS keys,
              (SELECT count(*)::int FROM pg_index WHERE indrelid = 'items'::regclass) AS indexes,
              current_setting('hnsw.ef_search') AS ef`,
    );
    expect(row).toEqual({ keys: 1, indexes: 3, ef: '40' });
  });
});
