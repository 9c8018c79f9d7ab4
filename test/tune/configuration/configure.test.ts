import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, type PointRequest } from '../../../src/results/index.js';
import { chooseBuilds } from '../../../src/tune/configuration/choose-builds.js';
import { configure } from '../../../src/tune/configuration/configure.js';
import type { Demand, Way } from '../../../src/tune/configuration/demand.js';
import type { IndexSpec, Placement } from '../../../src/vocabulary.js';
import { buildRecord, builtIndex, measured, tableScanned } from '../../support/records.js';
import { exactScan, hnsw, ivfflat } from '../../support/running-bench.js';
import { targetFor } from '../../support/spaces.js';
import { answer, requestsOf, syntheticBench } from '../../support/synthetic-bench.js';

function build(spec: IndexSpec, bytes: number, given: { placement?: Placement; columns?: string[] } = {}) {
  const { placement, columns } = given;
  const columnIndex = columns && { method: 'btree' as const, table: 'items', columns };
  return buildRecord({
    request: { spec, ...(placement ? { placement } : {}), ...(columnIndex ? { columnIndex } : {}) },
    index: builtIndex({ bytes }),
  });
}

const graph = build(hnsw(), 5000);
const lists = build(ivfflat(100), 3000);
const btree = build(exactScan, 100, { columns: ['tenant'] });
const partial = build(hnsw(), 2000, { placement: { kind: 'partial', predicates: ['tenant = 1'] } });
const copy = build(hnsw(), 2000, { placement: { kind: 'list', column: 'tenant', values: ['1'] } });
const none = build(exactScan, 0);
const ALL = new Map([graph, lists, btree, partial, copy, none].map((record) => [record.key, record]));
const FACTS = new Map(
  [...ALL].map(([key, { request, index }]) => [
    key,
    {
      bytes: index!.bytes,
      seconds: 1,
      isCopy: request.placement?.kind === 'list',
      isWholeVector: request.spec.method !== 'none' && request.placement === undefined,
    },
  ]),
);

function way(strategy: string, builds: readonly { readonly key: string }[], ms: number, given: Partial<Way> = {}): Way {
  const [first = none, ...beside] = builds;
  const request: PointRequest = {
    build: first.key,
    ...(beside.length > 0 ? { beside: beside.map(({ key }) => key) } : {}),
    workload: { kind: 'filtered', k: 10, filter: { column: 'tenant', op: '=', value: 1 }, join: null, strategy },
    settings: { ef_search: 40 },
    queries: 100,
    purpose: 'search',
  };
  return {
    option: 0,
    builds: builds.map(({ key }) => key),
    request,
    alone: measured({ recall: 1, medianMs: ms }),
    cost: ms,
    canBeProtected: true,
    ...given,
  };
}

const demand = (filter: number, ...ways: readonly [Way, ...Way[]]): Demand => ({
  of: { kind: 'filtered', workload: 0, filter },
  ways,
  alone: 'best',
});

describe('the choice of indexes that stand together', () => {
  const scan = way('exact-scan', [], 10);

  it('adds what makes queries quicker on the average, and nothing for a few percent', () => {
    const demands = [
      demand(0, way('pre-filter', [btree], 1), scan),
      demand(1, way('iterative-relaxed', [graph], 9.8), scan),
    ];
    expect(chooseBuilds(demands, FACTS, [], targetFor())).toEqual([btree.key]);
    expect(chooseBuilds([demand(0, scan)], FACTS, [], targetFor())).toEqual([]);
  });

  it('takes one vector index over the whole table, and the one that is required first of all', () => {
    const demands = [demand(0, way('iterative-relaxed', [lists], 1), way('iterative-relaxed', [graph], 2), scan)];
    expect(chooseBuilds(demands, FACTS, [], targetFor())).toEqual([lists.key]);
    expect(chooseBuilds(demands, FACTS, [graph.key], targetFor())).toEqual([graph.key]);
  });

  it('serves every workload before it makes one quicker', () => {
    const demands = [
      demand(0, way('iterative-relaxed', [lists], 0.1), scan),
      demand(1, way('iterative-relaxed', [graph], 5)),
    ];
    expect(chooseBuilds(demands, FACTS, [], targetFor())).toEqual([graph.key]);
  });

  it('minimises what the indexes take, where the target asks for that', () => {
    const demands = [
      demand(0, way('iterative-relaxed', [graph], 1), way('pre-filter', [btree], 2)),
      demand(1, way('iterative-relaxed', [graph], 1), scan),
    ];
    expect(chooseBuilds(demands, FACTS, [], targetFor())).toEqual([graph.key]);
    expect(chooseBuilds(demands, FACTS, [], targetFor({ minimise: 'index_bytes' }))).toEqual([btree.key]);
    // Of what takes as long, one index serves both.
    expect(chooseBuilds(demands, FACTS, [], targetFor({ minimise: 'build_seconds' }))).toHaveLength(1);
  });

  it('keeps all of them together within the bounds of the target', () => {
    const demands = [
      demand(0, way('iterative-relaxed', [graph], 1), scan),
      demand(1, way('partial-index', [partial], 1), way('pre-filter', [btree], 5)),
    ];
    expect(new Set(chooseBuilds(demands, FACTS, [], targetFor()))).toEqual(new Set([graph.key, partial.key]));
    // There is room for one of the two; the other filter has a way without.
    expect(chooseBuilds(demands, FACTS, [], targetFor({ indexBytes: 5500 }))).toEqual([partial.key]);
    expect(chooseBuilds(demands, FACTS, [], targetFor({ buildSeconds: 1 }))).toHaveLength(1);
  });

  it('takes a copy of the table only where it brings far more than an index has to', () => {
    const partitions = (ms: number) =>
      [demand(0, way('list-partitions', [copy], ms), way('pre-filter', [btree], 1))] as const;
    expect(chooseBuilds(partitions(0.8), FACTS, [btree.key], targetFor())).toEqual([btree.key]);
    expect(new Set(chooseBuilds(partitions(0.2), FACTS, [btree.key], targetFor()))).toEqual(
      new Set([btree.key, copy.key]),
    );
  });

  it('never has two vector indexes over the whole table, nor leaves out what would be worth it', () => {
    const some = fc.subarray([graph, lists, btree, partial]);
    const ways = fc
      .tuple(some, fc.double({ min: 0.1, max: 100, noNaN: true }))
      .map(([of, ms]) => way('pre-filter', of, ms));
    const demands = fc.array(fc.array(ways, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(demands, (all) => {
        const made = all.map((of, filter) => demand(filter, ...(of as [Way, ...Way[]])));
        const chosen = chooseBuilds(made, FACTS, [], targetFor());
        expect(chosen.filter((key) => FACTS.get(key)!.isWholeVector).length).toBeLessThanOrEqual(1);
        expect(new Set(chosen).size).toBe(chosen.length);
        expect(chooseBuilds(made, FACTS, chosen, targetFor())).toEqual(chosen);
      }),
    );
  });
});

describe('the configuration of a table', () => {
  /** A server whose planner takes an exact query to the graph where it sees one, unless it is protected. */
  const greedy = syntheticBench({
    figures(_spec, _knob, { workload, among = [] }) {
      if (workload.kind !== 'filtered') throw new TypeError(workload.kind);
      const isTaken = workload.strategy === 'pre-filter' && among.includes(graph.key) && !workload.protected;
      return { recall: 1, medianMs: 1, ...(isTaken ? { voidBecause: tableScanned } : {}) };
    },
  });
  const found = () => {
    for (const record of ALL.values()) greedy.reply({ kind: 'build', requests: [record.request] });
    return answer(
      configure(
        [
          demand(0, way('pre-filter', [btree], 1, { option: 3 }), way('exact-scan', [], 10)),
          demand(1, way('iterative-relaxed', [graph], 1), way('exact-scan', [], 10)),
        ],
        [],
        ALL,
        { target: targetFor(), tableBytes: 4000 },
      ),
      greedy.reply,
    );
  };

  it('measures every workload in sight of every index, and protects what another one takes over', () => {
    const { builds, bytes, served, writes } = found();
    expect(new Set(builds)).toEqual(new Set([btree.key, graph.key]));
    expect(bytes).toBe(5100);
    expect(served).toMatchObject([
      { option: 3, lost: [expect.any(String)] },
      { option: 0, lost: [] },
    ]);
    // What all of them cost together at every INSERT; last, because rows that are rolled back leave dead ones.
    const [first, ...beside] = builds;
    const cost = { build: first!, beside };
    expect(writes).toBe(keyOf('writes', cost));
    expect(greedy.asked.at(-1)).toMatchObject({ kind: 'writes', requests: [cost] });
    const asked = requestsOf(greedy.asked, 'point');
    expect(asked.map(({ build, among }) => [build, among])).toEqual([
      [btree.key, [graph.key]],
      [btree.key, [graph.key]],
      [graph.key, [btree.key]],
    ]);
    expect(asked.map(({ workload }) => workload.kind === 'filtered' && workload.protected)).toEqual([
      undefined,
      true,
      undefined,
    ]);
  });

  it('does not build what nobody uses, and measures the others without it', () => {
    const bench = syntheticBench({
      figures: (_spec, _knob, { workload }) => {
        const isBad = workload.kind === 'filtered' && workload.strategy === 'iterative-relaxed';
        return { recall: isBad ? 0.3 : 1, medianMs: 1 };
      },
    });
    for (const record of ALL.values()) bench.reply({ kind: 'build', requests: [record.request] });
    const demands = [
      demand(0, way('pre-filter', [btree], 1), way('exact-scan', [], 10)),
      demand(1, way('iterative-relaxed', [graph], 1), way('exact-scan', [], 10)),
    ];
    const { builds, served } = answer(
      configure(demands, [], ALL, { target: targetFor(), tableBytes: 4000 }),
      bench.reply,
    );
    expect(builds).toEqual([btree.key]);
    expect(served.every(({ point }) => point !== null)).toBe(true);
    expect(requestsOf(bench.asked, 'point').at(-1)!.among).toEqual([btree.key]);
  });

  it('serves a workload only within the bounds on its time and on all indexes', () => {
    const bench = syntheticBench({ figures: () => ({ recall: 1, medianMs: 2 }) });
    for (const record of ALL.values()) bench.reply({ kind: 'build', requests: [record.request] });
    const demands = [demand(0, way('iterative-relaxed', [graph], 1)), demand(1, way('partial-index', [partial], 1))];
    const slow = answer(
      configure(demands, [], ALL, { target: targetFor({ p95Ms: 1 }), tableBytes: 4000 }),
      bench.reply,
    );
    expect(slow.served).toMatchObject([
      { point: null, unmet: [{ code: 'p95', data: { boundMs: 1 } }] },
      { point: null, unmet: [{ code: 'p95' }] },
    ]);
    const large = answer(
      configure(demands, [], ALL, { target: targetFor({ indexBytes: 6000 }), tableBytes: 4000 }),
      bench.reply,
    );
    expect(large.served.filter(({ point }) => point === null)).toMatchObject([
      { unmet: [{ code: 'index_size', data: { bytes: 7000, bound: 6000 } }] },
    ]);
    expect(large.bytes).toBeLessThanOrEqual(6000);
  });

  it('counts the copy of the table that partitions are', () => {
    const bench = syntheticBench({ figures: () => ({ recall: 1, medianMs: 1 }) });
    for (const record of ALL.values()) bench.reply({ kind: 'build', requests: [record.request] });
    const demands = [demand(0, way('list-partitions', [copy], 1)), demand(1, way('exact-scan', [], 1))];
    const found = answer(configure(demands, [], ALL, { target: targetFor(), tableBytes: 4000 }), bench.reply);
    expect(found).toMatchObject({ builds: [copy.key], bytes: 6000 });
  });
});
