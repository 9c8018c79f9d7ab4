import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hnswVisitedRows,
  hnswWork,
  indexKind,
  PLANNER_DEFAULTS,
  planStretches,
  predictPlan,
  type PlanPrediction,
} from '../../src/indexes/index.js';
import { cases } from './cases.js';

const costs = { ...PLANNER_DEFAULTS, maxParallelWorkersPerGather: 0 };

function plan(method: string, table: object, settings: Record<string, number>, query: object = {}): PlanPrediction {
  const input = { k: 10, orderByOperators: 1, costs, ...table, settings, ...query } as never;
  return predictPlan(indexKind(method).model!.scanCost!(input), input);
}

describe('planner costs', () => {
  it.each(cases.explainCosts)(
    '$method $parameters $settings on $rows rows: $startup … $total, $plan',
    ({ method, settings, startup, total, plan: chosen, ...table }) => {
      const predicted = plan(method, table, settings);
      // EXPLAIN prints two decimals.
      expect(Math.abs(predicted.index.startup - startup)).toBeLessThanOrEqual(0.005 + 1e-9);
      expect(Math.abs(predicted.index.total - total)).toBeLessThanOrEqual(0.005 + 1e-9);
      expect(predicted.plan).toBe(chosen);
    },
  );

  it('changes its mind more than once as ef_search grows', () => {
    const table = { rows: 6000, indexPages: 2704, heapPages: 800, parameters: { m: 16 } };
    const stretches = planStretches({ from: 1, to: 1000 }, (value) => plan('hnsw', table, { ef_search: value }).plan);
    expect(stretches.map((s) => s.plan)).toEqual(['index', 'sequential', 'index', 'sequential']);
    const at = (value: number): string | undefined => stretches.find((s) => s.from <= value && value <= s.to)?.plan;
    expect([40, 100, 200, 400].map(at)).toEqual(['index', 'sequential', 'index', 'sequential']);
    expect(stretches[0]?.from).toBe(1);
    expect(stretches.at(-1)?.to).toBe(1000);
  });

  it('never reads an IVFFlat index whose every list is probed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 3000, max: 1_000_000 }), (lists, rows) => {
        const table = {
          rows,
          indexPages: Math.ceil(rows / 2) + lists,
          heapPages: Math.ceil(rows / 157),
          parameters: { lists },
        };
        expect(plan('ivfflat', table, { probes: lists }).plan).toBe('sequential');
      }),
      { seed: 1 },
    );
  });

  it('reads an index less gladly the fewer rows pass a filter', () => {
    const table = { rows: 100_000, indexPages: 25_001, heapPages: 20_000, parameters: { m: 16 } };
    const limit = [1, 0.1, 0.01, 0.001].map(
      (selectivity) => plan('hnsw', table, { ef_search: 40 }, { selectivity, filterOperators: 1 }).limit.index.total,
    );
    expect(limit.toSorted((a, b) => a - b)).toEqual(limit);
  });

  it('considers parallel workers for a table of 8 MB', () => {
    const table = { rows: 6000, indexPages: 2704, parameters: { m: 16 } };
    const query = { costs: PLANNER_DEFAULTS };
    const at = (heapPages: number): unknown =>
      plan('hnsw', { ...table, heapPages }, {}, query).limit.parallelSequential;
    expect(at(1023)).toBeNull();
    expect(at(1024)).not.toBeNull();
  });

  it('fetches more heap pages where the cache is small', () => {
    const table = { rows: 100_000, indexPages: 25_001, heapPages: 20_000, parameters: { m: 16 } };
    const total = (bytes: number): number =>
      plan('hnsw', table, {}, { costs: { ...costs, effectiveCacheSizeBytes: bytes } }).index.total;
    expect(total(8 * 1024 ** 2)).toBeGreaterThan(total(8 * 1024 ** 3));
  });
});

describe('work of a query', () => {
  it.each(cases.hnswBuffers)('m=$m, ef_search=$efSearch on $rows rows touches $buffers buffers', (point) => {
    const visited = hnswVisitedRows(point) / (point.buffers - point.efSearch);
    expect(visited).toBeGreaterThan(0.72);
    expect(visited).toBeLessThan(1.06);
    const predicted = hnswWork(point).buffers;
    expect(point.buffers / predicted).toBeGreaterThan(0.94);
    expect(point.buffers / predicted).toBeLessThan(1.4);
  });

  it('grows with the knob that buys recall', () => {
    const table = { rows: 100_000, valueBytes: 1544, table: { heapPages: 20_000, toastPages: 0 }, k: 10 };
    for (const [method, parameters, knob] of [
      ['hnsw', { m: 16 }, 'ef_search'],
      ['ivfflat', { lists: 100 }, 'probes'],
    ] as const) {
      const buffers = [1, 10, 50, 100].map(
        (value) => indexKind(method).model!.work({ ...table, parameters, settings: { [knob]: value } }).buffers,
      );
      expect(new Set(buffers).size).toBe(4);
      expect(buffers.toSorted((a, b) => a - b)).toEqual(buffers);
    }
  });

  it('looks up every vector of an exact scan that lies out of line', () => {
    const work = (heapPages: number, toastPages: number): number =>
      indexKind('none').model!.work({
        rows: 5000,
        valueBytes: 3080,
        table: { heapPages, toastPages },
        parameters: {},
        settings: {},
        k: 10,
      }).buffers;
    expect(work(1250, 0)).toBe(1250);
    // Measured: 30,065.
    expect(work(37, 2500) / 30_065).toBeCloseTo(1, 0);
  });
});
