import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IndexSpec } from '../../../src/vocabulary.js';
import { runningBench, type RunningBench } from '../../support/running-bench.js';
import { describeServers } from '../../support/servers.js';

const on = (stored: Pick<IndexSpec, 'representation' | 'dimensions'>): IndexSpec => ({
  method: 'hnsw',
  ...stored,
  parameters: { m: 16, ef_construction: 64 },
});

await describeServers('an index that keeps a part of the vectors', (server) => {
  let bench: RunningBench;
  beforeAll(async () => {
    bench = await runningBench(server(), { rows: 4000, dimensions: 32 });
  });
  afterAll(() => bench.stop());

  it.each([on({ representation: 'bit' }), on({ representation: 'subvector', dimensions: 8 })])(
    'serves $representation by its own plan, and comes to the neighbours by sorting candidates anew',
    async (spec) => {
      const build = await bench.build(spec);
      expect(build).toMatchObject({ status: 'ok', index: { valid: true } });
      const points = await bench.points(build, [
        { ef_search: 60, rerank_depth: 10 },
        { ef_search: 60, rerank_depth: 40 },
        { ef_search: 60 },
        { ef_search: 60, rerank_depth: 60 },
      ]);
      for (const { reason, measured } of points) {
        expect(reason).toBeNull();
        expect(measured?.plan).toMatchObject({ node: 'Index Scan', index: build.index?.name });
      }
      const [few, some, usual, many] = points.map(({ measured }) => measured!.recall.mean.value);
      expect(some).toBeGreaterThan(few!);
      // Four candidates for each row, when nothing is said.
      expect(usual).toBe(some);
      expect(many).toBeGreaterThan(some!);
    },
  );
});
