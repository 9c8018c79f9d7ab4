import { afterAll, beforeAll, expect, it } from 'vitest';
import { distance } from '../../../src/exact/index.js';
import type { Filter, Join } from '../../../src/filter.js';
import type { BuildRecord, BuildRequest, FilterLimit, PointRecord } from '../../../src/results/index.js';
import type { IndexSpec, SearchSettings } from '../../../src/vocabulary.js';
import { filteredStrategies, filteredStrategy } from '../../../src/workloads/index.js';
import { exactScan, hnsw, ivfflat, type RunningBench, runningBench } from '../../support/running-bench.js';
import { describeServers } from '../../support/servers.js';

/*
 * Every strategy for filtered queries, through the whole bench: loaded, built, hidden from the others, proved, measured.
 */

const K = 10;
const tenth: Filter = { column: 'tenth', op: '=', value: { draw: { selectivity: 0.1, correlation: 0 } } };
const tenant: Filter = { column: 'tenant', op: '=', value: { draw: 'own' } };
/** The application's ids, in another order than the rows. */
const idOf = (row: number): number => 10_000 + ((row * 7919) % 100_003);
const listed: Filter = { column: 'id', op: 'in', value: { draw: { rows: 40 } } };
const later: Filter = {
  and: [
    { column: 'id', op: '>', value: 30_000 },
    { column: 'id', op: '<=', value: 40_000 },
  ],
};
const join: Join = { table: 'documents', key: 'document', columns: ['tenant'] };

await describeServers('filtered points', (server) => {
  let bench: RunningBench;
  beforeAll(async () => {
    bench = await runningBench(server(), {
      rows: 4000,
      dimensions: 64,
      queries: 60,
      generate: {
        duplicates: 0,
        attributes: {
          tenth: { kind: 'category', selectivity: 0.1 },
          tenant: { kind: 'tenant', values: 12 },
          document: { kind: 'document' },
        },
      },
      filters: [
        { filter: tenth, join: null },
        { filter: tenant, join: null },
        { filter: tenant, join },
        { filter: listed, join: null },
        { filter: later, join: null },
      ],
      tamper: (source) => ({
        ...source,
        async *base() {
          let first = 0;
          for await (const batch of source.base()) {
            const start = first;
            yield { ...batch, ids: Array.from({ length: batch.rows }, (_, i) => idOf(start + i)) };
            first += batch.rows;
          }
        },
      }),
    });
  });
  afterAll(() => bench.stop());

  async function build(request: BuildRequest): Promise<BuildRecord> {
    const [record] = await bench.reply({ kind: 'build', requests: [request] });
    return record as BuildRecord;
  }

  /** Measures one strategy with what it needs, and gives its indexes back. */
  async function measure(
    name: string,
    {
      number,
      spec,
      settings = {},
      forced,
    }: { number: number; spec: IndexSpec; settings?: SearchSettings; forced?: true },
  ): Promise<PointRecord | FilterLimit> {
    const { question, filter, join: joined } = bench.filters[number]!;
    const strategy = filteredStrategy(name);
    const own = { ...question, pgvector: '0.8.0', exactBelowRows: 400 };
    const limit = strategy.limit(own, spec);
    if (limit !== null) return limit;
    const needed = strategy.indexes(own, spec);
    const builds: BuildRecord[] = [];
    for (const index of needed) {
      const placement = index.kind === 'vector' && index.placement ? { placement: index.placement } : {};
      const asked = index.kind === 'vector' ? { spec, ...placement } : { spec: exactScan, columnIndex: index.spec };
      builds.push(await build({ ...asked, repeat: 0 }));
    }
    if (builds.length === 0) builds.push(await build({ spec: exactScan, repeat: 0 }));
    expect(builds.map(({ status, reason }) => [status, reason])).toEqual(builds.map(() => ['ok', null]));
    const workload = {
      kind: 'filtered' as const,
      k: K,
      filter,
      join: joined,
      strategy: name,
      exactBelowRows: 400,
      // Costs of what is forbidden are beyond all bounds, so that scans would be compiled first.
      ...(forced && strategy.isApproximate ? { forced } : {}),
    };
    const [main, ...others] = builds.map(({ key }) => key);
    const [record] = await bench.reply({
      kind: 'point',
      requests: [
        {
          build: main!,
          ...(others.length > 0 ? { beside: others } : {}),
          workload,
          settings: { ...strategy.settings(own, spec), ...settings },
          queries: 60,
          purpose: 'search',
        },
      ],
    });
    return record as PointRecord;
  }

  it.each([
    ['exact-scan', exactScan],
    ['pre-filter', exactScan],
    ['post-filter', hnsw()],
    ['iterative-relaxed', hnsw()],
    ['iterative-strict', hnsw()],
    ['iterative-relaxed', ivfflat(10)],
    ['partial-index', hnsw()],
    ['list-partitions', hnsw()],
    ['hash-partitions', hnsw()],
    ['by-class-size', hnsw()],
  ])('are proved to be served by %s', async (name, spec) => {
    const number = name === 'by-class-size' ? 1 : 0;
    const point = await measure(name, { number, spec, forced: true });
    expect(point).toMatchObject({ status: 'ok', reason: null });
    const { recall, completeness, filtering, plan } = (point as PointRecord).measured!;
    expect(filtering!.plans.reduce((sum, { queries }) => sum + queries, 0)).toBe(20);
    expect(plan.scans).toBe(filtering!.plans[0]!.scans);
    expect(completeness.tenths!.reduce((sum, queries) => sum + queries, 0)).toBe(recall.queries);
    if (name === 'exact-scan' || name === 'pre-filter') expect(recall.mean.value).toBe(1);
    if (name === 'exact-scan') expect(filtering!.rowsRemoved.value).toBeCloseTo(3600, -2.5);
  });

  it.each([
    ['a list of ids', 3, ({ id }: { id: number }, ids: readonly number[]) => ids.includes(id)],
    ['a range of ids', 4, ({ id }: { id: number }) => id > 30_000 && id <= 40_000],
  ])('find %s by the primary key, and the rows that are nearest', async (_, number, matches) => {
    const { truth, question, drawn } = bench.filters[number]!;
    const filter = drawn.filters[drawn.ofQuery[0]!]!;
    const ids = 'value' in filter ? (filter.value as number[]) : [];
    const far = (row: number): number => distance('cosine', question.queries.vector(0), bench.dataset.vector(row));
    const nearest = Array.from({ length: 4000 }, (__, row) => row)
      .filter((row) => matches({ id: idOf(row) }, ids))
      .sort((a, b) => far(a) - far(b))
      .slice(0, K);
    expect([...truth.rows.subarray(0, K)]).toEqual(nearest);

    const point = (await measure('pre-filter', { number, spec: exactScan })) as PointRecord;
    expect(point).toMatchObject({ status: 'ok', request: { build: expect.stringContaining('none') } });
    expect(point.measured!.recall.mean.value).toBe(1);
    expect(point.measured!.filtering!.plans[0]!.scans).toContain('primary_key');
    expect(await measure('exact-scan', { number, spec: exactScan })).toMatchObject({ code: 'found-by-primary-key' });
    // As it would in the application, the primary key takes the query over.
    if (number === 3) expect(await measure('post-filter', { number, spec: hnsw() })).toMatchObject({ status: 'void' });
  });

  it('starve behind a filter of 10 %, and say so', async () => {
    const point = (await measure('post-filter', { number: 0, spec: hnsw(), forced: true })) as PointRecord;
    const { completeness } = point.measured!;
    expect(completeness.mean * K).toBeGreaterThan(3);
    expect(completeness.mean * K).toBeLessThan(5);
    expect(completeness.tenths!.at(-1)).toBeLessThan(10);
    const full = (await measure('iterative-relaxed', { number: 0, spec: hnsw(), forced: true })) as PointRecord;
    expect(full.measured!.completeness.mean).toBe(1);
    expect(full.measured!.recall.mean.value).toBeGreaterThan(0.9);
  });

  it('are void with the plan that the server chose instead', async () => {
    const point = (await measure('iterative-relaxed', { number: 1, spec: hnsw() })) as PointRecord;
    expect(point).toMatchObject({ status: 'void', measured: null });
    expect(point.reason).toEqual({
      code: 'other-plan',
      data: {
        wanted: { kind: 'one-of', indexes: [expect.stringMatching(/^hnsw_/)], orTable: false },
        got: [{ table: 'items', type: 'Seq Scan', indexes: [] }],
      },
    });
  });

  it.each(filteredStrategies.map(({ name }) => name))('are served by %s behind a join, or refused', async (name) => {
    const { isApproximate } = filteredStrategy(name);
    const spec = isApproximate ? hnsw() : exactScan;
    const point = await measure(name, { number: 2, spec, forced: true });
    if ('data' in point) expect(point.code).toMatch(/join/);
    else {
      expect(point).toMatchObject({ status: 'ok', reason: null });
      if (!isApproximate) expect(point.measured!.recall.mean.value).toBe(1);
    }
  });
});
