import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ask, planInstead, type PlansRecord, type Reply } from '../../../src/results/index.js';
import { explore } from '../../../src/tune/plain/explore.js';
import type { IndexSpec, SearchSettings } from '../../../src/vocabulary.js';
import { hnsw, type RunningBench, runningBench } from '../../support/running-bench.js';
import { describeServers } from '../../support/servers.js';
import { spaceFor } from '../../support/spaces.js';

const ROWS = 2000;
const DIMENSIONS = 64;
/** The planner's estimate of this index falls where it reads more pages than the table has. */
const dense = hnsw(32, 64);
const bits: IndexSpec = { method: 'hnsw', representation: 'bit', parameters: { m: 16, ef_construction: 64 } };

await describeServers('the plans of a build', (server) => {
  let bench: RunningBench;
  beforeAll(async () => {
    const generate = { clusters: 1, intrinsic_dimension: 60, rows_per_document: 1, noise: 4 };
    bench = await runningBench(server(), { rows: ROWS, dimensions: DIMENSIONS, queries: 60, generate });
  });
  afterAll(() => bench.stop());

  const plansOf = async (spec: IndexSpec, settings: readonly SearchSettings[]) => {
    const build = await bench.build(spec);
    const workload = { kind: 'plain', k: 10 } as const;
    const requests = [{ build: build.key, workload, settings: [...settings] }];
    const [record] = (await bench.reply({ kind: 'plans', requests })) as readonly PlansRecord[];
    return { build, reasons: record!.reasons };
  };

  it('are those of the points, where the planner comes back to the index as well', async () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 10);
    const { build, reasons } = await plansOf(
      dense,
      values.map((ef_search) => ({ ef_search })),
    );
    const served = reasons.map((reason) => reason === null);
    const changes = values.filter((_, i) => i > 0 && served[i] !== served[i - 1]);
    expect([served[0], changes.length]).toEqual([true, 3]);
    for (const value of [10, ...changes]) {
      const [point] = await bench.points(build, [{ ef_search: value }]);
      expect([value, point!.status]).toEqual([value, served[value - 10] ? 'ok' : 'void']);
      expect(planInstead(point!.reason)).toEqual(planInstead(reasons[value - 10] ?? null));
    }
  });

  it('are those of the whole statement, where rows are sorted anew', async () => {
    const settings = [10, 40, 200, 1000].map((value) => ({ ef_search: value, rerank_depth: value }));
    const { build, reasons } = await plansOf(bits, settings);
    for (const [i, one] of settings.entries()) {
      const [point] = await bench.points(build, [one]);
      expect([one, point!.status]).toEqual([one, reasons[i] === null ? 'ok' : 'void']);
    }
  });

  it('lead the search to a recall that is reached beyond where the planner reads the table', async () => {
    const { build, reasons } = await plansOf(
      dense,
      Array.from({ length: 100 }, (_, i) => ({ ef_search: i + 10 })),
    );
    const end = 9 + reasons.findIndex((reason) => reason !== null);
    const back = 10 + reasons.findIndex((reason, i) => i > end - 9 && reason === null);
    const [before] = await bench.points(build, [{ ef_search: end }]);
    const [after] = await bench.points(build, [{ ef_search: back }]);
    const recalls = [before!, after!].map(({ measured }) => measured!.recall.mean.value);
    expect(recalls[1]).toBeGreaterThan(recalls[0]! + 0.01);

    const space = spaceFor({ families: [], rows: ROWS, dimensions: DIMENSIONS, queries: 60 });
    const search = explore(space, {
      family: { spec: dense, knobValues: null },
      searchRecall: (recalls[0]! + recalls[1]!) / 2,
      first: 40,
      queries: { from: 0, count: 60 },
    });
    const found = await drive(search, bench.reply);
    expect(found.reached!.value).toBeGreaterThanOrEqual(back);
    expect(found.lost.length).toBeLessThanOrEqual(1);
  });
});

async function drive<Answer>(
  search: Generator<Ask, Answer, Reply>,
  reply: (ask: Ask) => Promise<Reply>,
): Promise<Answer> {
  let step = search.next();
  while (!step.done) step = search.next(await reply(step.value));
  return step.value;
}
