import { afterAll, beforeAll, expect, it } from 'vitest';
import { NO_FILTER } from '../../../src/filter.js';
import type { BuildRecord, PagesRecord } from '../../../src/results/index.js';
import type { IndexSpec, SearchSettings } from '../../../src/vocabulary.js';
import { exactScan, hnsw, type RunningBench, runningBench } from '../../support/running-bench.js';
import { describeServers } from '../../support/servers.js';

const K = 10;
const PAGES = 3;

await describeServers('pages', (server) => {
  let bench: RunningBench;
  beforeAll(async () => {
    bench = await runningBench(server(), {
      rows: 1500,
      dimensions: 16,
      queries: 25,
      generate: { duplicates: 0 },
      filters: [{ filter: NO_FILTER, join: null, returns: { page: PAGES } }],
    });
  });
  afterAll(() => bench.stop());

  async function walk(strategy: string, spec: IndexSpec, settings: SearchSettings): Promise<PagesRecord> {
    const [build] = await bench.reply({ kind: 'build', requests: [{ spec, repeat: 0 }] });
    const workload = {
      kind: 'filtered' as const,
      k: K,
      filter: NO_FILTER,
      join: null,
      returns: { page: PAGES },
      strategy,
      ...(spec === exactScan ? {} : { forced: true as const }),
    };
    const request = { build: (build as BuildRecord).key, workload, settings, queries: 25 };
    const [record] = await bench.reply({ kind: 'pages', requests: [request] });
    return record as PagesRecord;
  }

  it('are complete by an exact scan, with no row lost or seen twice', async () => {
    const { walks } = await walk('exact-scan', exactScan, {});
    for (const { reason, pages, lost, repeated } of walks) {
      expect(reason).toBeNull();
      expect(pages.map(({ page, recall, completeness }) => [page, recall.value, completeness])).toEqual([
        [1, 1, 1],
        [2, 1, 1],
        [3, 1, 1],
      ]);
      expect([lost, repeated]).toEqual([
        { mean: 0, queries: 0 },
        { mean: 0, queries: 0 },
      ]);
    }
  });

  it('end where the index has given all its rows', async () => {
    const { walks } = await walk('post-filter', hnsw(), { iterative_scan: 'off', ef_search: K });
    expect(walks.map(({ by }) => by)).toEqual(['offset', 'keyset']);
    for (const { reason, pages, lost, repeated } of walks) {
      expect(reason).toBeNull();
      expect(pages.map(({ completeness }) => completeness)).toEqual([1, 0, 0]);
      expect(lost.queries).toBe(25);
      expect(lost.mean).toBeGreaterThanOrEqual((PAGES - 1) * K);
      expect(repeated.mean).toBe(0);
    }
  });
});
