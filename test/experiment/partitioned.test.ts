import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanOf } from '../../src/measure/index.js';
import type { PlanNode } from '../../src/postgres/index.js';
import type { BuildRecord, WritesRecord } from '../../src/results/index.js';
import { exactScan, hnsw, ivfflat, type RunningBench, runningBench } from '../support/running-bench.js';
import { describeServers } from '../support/servers.js';

const LAYOUT = { kind: 'partitioned', partitions: 3 } as const;
const PARTITIONS = ['items_p0', 'items_p1', 'items_p2'];

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

await describeServers('a table in partitions', (server, choice) => {
  let bench: RunningBench;
  let graph: BuildRecord;
  beforeAll(async () => {
    bench = await runningBench(server(), { rows: 3000, queries: 40, layout: LAYOUT });
    graph = await bench.build(hnsw(8, 32));
  });
  afterAll(() => bench.stop());

  it('has an index on each, which is read back by itself', () => {
    const { index, partitions = [], status } = graph;
    expect(status).toBe('ok');
    expect(partitions.map(({ table }) => table)).toEqual(PARTITIONS);
    expect(sum(partitions.map(({ rows }) => rows))).toBe(3000);
    expect(index?.bytes).toBe(sum(partitions.map(({ bytes }) => bytes)));
    for (const { bytes, valid, reloptions, metapage, definition } of partitions) {
      expect(bytes).toBeGreaterThan(0);
      expect(valid).toBe(true);
      expect(reloptions).toEqual({ m: '8', ef_construction: '32' });
      expect(metapage).toEqual({ m: 8, ef_construction: 32 });
      expect(definition).toContain('hnsw');
    }
  });

  it('is searched in every partition, and finds more with the same setting than one table', async () => {
    const names = graph.partitions!.map(({ name }) => name);
    const [narrow, wide] = await bench.points(graph, [{ ef_search: 10 }, { ef_search: 40 }]);
    for (const point of [narrow!, wide!]) {
      expect(point.reason).toBeNull();
      expect(point.measured?.plan).toMatchObject({
        node: 'Merge Append',
        index: graph.index!.name,
        scans: names.map((name) => `Index Scan using ${name}`).join(' + '),
      });
      expect(point.measured?.completeness.mean).toBe(1);
    }
    expect(wide!.measured!.buffers.mean.value).toBeGreaterThan(narrow!.measured!.buffers.mean.value);
    expect(narrow!.measured!.recall.mean.value).toBeGreaterThan(0.9);
  });

  it('returns the candidates of all: more than ef_search', async () => {
    const [point] = await bench.points(graph, [{ ef_search: 4 }]);
    // One table would return four of ten.
    expect(point?.measured?.completeness.mean).toBe(1);
  });

  it('is read as a whole by the exact scan, which finds every neighbour', async () => {
    const [point] = await bench.points(await bench.build(exactScan), [{}]);
    expect(point?.measured?.recall.mean.value).toBe(1);
    expect(point?.measured?.plan.index).toBeNull();
  });

  it.runIf(choice === 'local')(
    'is measured beside another index of its own, which is out of sight meanwhile',
    async () => {
      const lists = await bench.build(ivfflat(5));
      expect(lists.partitions).toHaveLength(3);
      const [point] = await bench.points(lists, [{ probes: 2 }]);
      expect(point?.measured?.plan.index).toBe(lists.index!.name);
      await bench.reply({ kind: 'release', build: lists.key });
      const rows = await bench.session.query("SELECT FROM pg_class WHERE relname LIKE 'ivfflat%'");
      expect(rows).toEqual([]);
    },
  );

  it('is divided alike where an index is built on a part of the rows', async () => {
    const part = await bench.build(hnsw(8, 32), 1500);
    expect(part.partitions!.map(({ table }) => table)).toEqual(PARTITIONS.map((name) => name.replace('_', '_1500_')));
    expect(sum(part.partitions!.map(({ rows }) => rows))).toBe(1500);
    const [point] = await bench.points(part, [{ ef_search: 20 }]);
    expect(point?.status).toBe('ok');
  });

  it.runIf(choice === 'local')(
    'shows where the planner leaves the indexes, of which nothing is predicted',
    async () => {
      const { axes, table } = await bench.plannerMap(graph, { ef_search: 40 });
      expect(axes.map(({ name, predicted }) => [name, predicted])).toEqual([
        ['ef_search', null],
        ['LIMIT', null],
        ['selectivity', null],
      ]);
      expect(axes[0]!.measured[0]).toMatchObject({ from: 1, plan: 'index' });
      expect(table.rows).toBe(3000);
      expect(table.indexPages * 8192).toBe(graph.index!.bytes);
    },
  );

  it.runIf(choice === 'local')('costs writes into the index of one partition a row', async () => {
    const [record] = await bench.reply({ kind: 'writes', requests: [{ build: graph.key }] });
    const writes = record as WritesRecord;
    expect(writes.rows).toBe(100);
    for (const cost of [writes, writes.update!]) expect(cost.with.walBytes).toBeGreaterThan(cost.without.walBytes);
  });

  it.runIf(choice === 'local')('is put out of the caches with its indexes, partition by partition', async () => {
    const [cold, warm] = [
      (await bench.points(graph, [{ ef_search: 30 }], { cache: 'cold', queries: 5 }))[0],
      (await bench.points(graph, [{ ef_search: 30 }], { queries: 5 }))[0],
    ];
    expect(cold!.measured!.buffers.meanRead).toBeGreaterThan(10);
    expect(warm!.measured!.buffers.meanRead).toBeLessThan(1);
  });

  it.runIf(choice === 'local')('is put under load, with the plan of each client proved', async () => {
    const mode = { kind: 'closed', concurrency: 2, seconds: 0.2 } as const;
    const { status, measured } = await bench.throughput(graph, { ef_search: 20 }, mode);
    expect(status).toBe('ok');
    expect(measured?.plan).toMatchObject({ node: 'Merge Append', index: graph.index!.name });
  });

  it('makes a point void where the planner rather reads the partitions as a whole', async () => {
    const [point] = await bench.points(graph, [{ ef_search: 1000 }]);
    expect(point).toMatchObject({
      status: 'void',
      reason: { code: 'other-plan', data: { wanted: { kind: 'all-of' }, got: [{ type: 'Seq Scan' }, {}, {}] } },
    });
  });

  it('is built anew where the index of one partition is not valid', async () => {
    const [, name] = graph.partitions!.map((partition) => partition.name);
    await bench.session.query('UPDATE pg_index SET indisvalid = false WHERE indexrelid = $1::regclass', [name!]);
    const [point] = await bench.points(graph, [{ ef_search: 50 }]);
    expect(point?.findings.map(({ code }) => code)).toContain('built-again');
  });
});

describe('the node that puts partitions together', () => {
  const node = (type: string, members: Partial<PlanNode> = {}): PlanNode => ({
    type,
    relation: null,
    index: null,
    startupCost: 0,
    totalCost: 0,
    estimatedRows: 0,
    actualRows: 0,
    rowsRemovedByFilter: 0,
    isFiltered: false,
    sharedHit: 0,
    sharedRead: 0,
    children: [],
    ...members,
  });
  const scan = (relation: string, index: string | null): PlanNode =>
    node(index === null ? 'Seq Scan' : 'Index Scan', { relation, index });
  const plan = (...children: readonly PlanNode[]): PlanNode =>
    node('Limit', { children: [node('Merge Append', { children })] });
  const wanted = (isEmpty = false) => ({
    index: 'graph',
    parts: [
      { table: 'a', index: 'a_idx' },
      { table: 'b', index: 'b_idx', isEmpty },
    ],
  });

  it('stands for the index', () => {
    expect(scanOf(plan(scan('a', 'a_idx'), scan('b', 'b_idx')), wanted())).toMatchObject({
      type: 'Merge Append',
      index: 'graph',
    });
  });

  it.each([
    ['reads one as a whole', plan(scan('a', 'a_idx'), scan('b', null)), 'other-plan'],
    ['reads one by another index', plan(scan('a', 'a_idx'), scan('b', 'a_idx')), 'other-plan'],
    ['leaves one out', plan(scan('a', 'a_idx')), 'table-not-read'],
  ])('is refused where it %s', (_, other, code) => {
    expect(() => scanOf(other, wanted())).toThrow(code);
  });

  it('may read one without rows in any way', () => {
    expect(scanOf(plan(scan('a', 'a_idx'), node('Sort', { children: [scan('b', null)] })), wanted(true)).index).toBe(
      'graph',
    );
    expect(scanOf(plan(scan('a', 'a_idx')), wanted(true)).index).toBe('graph');
  });
});
