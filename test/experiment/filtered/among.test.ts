import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Filter } from '../../../src/filter.js';
import type { BuildRecord, BuildRequest, PointRecord, PointRequest } from '../../../src/results/index.js';
import { filteredStrategy } from '../../../src/workloads/index.js';
import { exactScan, hnsw, type RunningBench, runningBench } from '../../support/running-bench.js';
import { describeServers } from '../../support/servers.js';

/*
 * What serves a query alone on the table, and what does when the indexes of other workloads stand there, too.
 */

const HALF: Filter = { column: 'half', op: '=', value: true };

await describeServers('a filtered query in sight of an index of plain queries', (server) => {
  let bench: RunningBench;
  let btree: BuildRecord;
  let graph: BuildRecord;
  beforeAll(async () => {
    bench = await runningBench(server(), {
      rows: 4000,
      dimensions: 64,
      generate: { attributes: { half: { kind: 'boolean', share: 0.5 } } },
      filters: [{ filter: HALF, join: null }],
    });
    btree = await build({
      spec: exactScan,
      repeat: 0,
      columnIndex: { method: 'btree', table: 'items', columns: ['half'] },
    });
    graph = await build({ spec: hnsw(), repeat: 0 });
  });
  afterAll(() => bench.stop());

  async function build(request: BuildRequest): Promise<BuildRecord> {
    const [record] = await bench.reply({ kind: 'build', requests: [request] });
    return record as BuildRecord;
  }

  async function ask(
    name: string,
    given: Partial<Omit<PointRequest, 'workload'>>,
    isProtected = false,
  ): Promise<PointRecord> {
    const { question, filter, join } = bench.filters[0]!;
    const [record] = await bench.reply({
      kind: 'point',
      requests: [
        {
          build: btree.key,
          workload: {
            kind: 'filtered',
            k: 10,
            filter,
            join,
            strategy: name,
            ...(isProtected ? { protected: true } : {}),
          },
          settings: filteredStrategy(name).settings({ ...question, pgvector: '0.8.0' }, hnsw()),
          queries: 50,
          purpose: 'search',
          ...given,
        },
      ],
    });
    return record as PointRecord;
  }

  it('is exact on its own index alone', async () => {
    expect(await ask('pre-filter', {})).toMatchObject({ status: 'ok', measured: { recall: { mean: { value: 1 } } } });
  });

  it('is taken over by that index, and void', async () => {
    const point = await ask('pre-filter', { among: [graph.key] });
    expect(point).toMatchObject({ status: 'void', reason: { code: 'other-plan' } });
    expect(JSON.stringify(point.reason)).toContain(graph.index!.name);
  });

  it('is kept from it in its protected form', async () => {
    const point = await ask('pre-filter', { among: [graph.key] }, true);
    expect(point).toMatchObject({ status: 'ok', measured: { recall: { mean: { value: 1 } } } });
    expect(JSON.stringify(point.measured!.filtering!.plans)).not.toContain(graph.index!.name);
  });

  it('is protected by a setting where a vector index serves it', async () => {
    const settings = { iterative_scan: 'relaxed_order', ef_search: 40 };
    const point = await ask('iterative-relaxed', { build: graph.key, among: [btree.key], settings }, true);
    expect(point).toMatchObject({ status: 'ok', measured: { settingsReadBack: { enable_sort: 'off' } } });
  });
});
