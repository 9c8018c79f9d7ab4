import { describe, expect, it } from 'vitest';
import { upkeepPlan } from '../../../src/capacity/index.js';
import type { ChurnRecord, ChurnState } from '../../../src/results/index.js';

const around = (value: number, half: number) => ({ value, low: value - half, high: value + half });

const state = (
  after: ChurnState['after'],
  { recall, buffers, indexBytes, changed }: { recall: number; buffers: number; indexBytes: number; changed: number },
): ChurnState => ({
  after,
  changed,
  rows: 1000,
  deadRows: 0,
  tableBytes: 1e6,
  indexBytes,
  searches: {
    recall: around(recall, 0.002),
    completeness: 1,
    buffers: around(buffers, 2),
    p50Ms: null,
    p95Ms: null,
  },
});

const changes = { kind: 'changes', inserted: 200, updated: 200, deleted: 100, seconds: 5, beside: null } as const;

const record = (...states: ChurnState[]): ChurnRecord => ({
  type: 'churn',
  key: 'k',
  startedAt: '',
  request: {
    spec: { method: 'hnsw', representation: 'vector', parameters: {} },
    settings: {},
    k: 10,
    rounds: 1,
    turnover: 0.5,
    mix: { insert: 0.4, update: 0.4, delete: 0.2 },
    arrival: 'random',
    changesPerSecond: null,
    queries: 100,
  },
  startRows: 1000,
  states,
});

const built = state({ kind: 'build', seconds: 1 }, { recall: 0.98, buffers: 100, indexBytes: 1e6, changed: 0 });
const worn = state(changes, { recall: 0.98, buffers: 140, indexBytes: 2e6, changed: 500 });

describe('upkeepPlan', () => {
  it('says from when on what upkeep gives back passes its limit', () => {
    const vacuumed = state(
      { kind: 'vacuum', seconds: 2 },
      { recall: 0.98, buffers: 112, indexBytes: 2e6, changed: 500 },
    );
    const renewed = state(
      { kind: 'reindex', seconds: 3, concurrently: true },
      { recall: 0.98, buffers: 112, indexBytes: 1e6, changed: 500 },
    );
    const plan = upkeepPlan(record(built, worn, vacuumed, renewed))!;
    expect(plan).toMatchObject({ changedShare: 0.5, changesPerSecond: 100 });
    // 25 % more pages after half of the rows: 10 % after a fifth.
    expect(plan.vacuum).toMatchObject({ seconds: 2, dueAtShare: expect.closeTo(0.2) });
    // Twice the size after half of the rows: 20 % more after a tenth.
    expect(plan.reindex).toMatchObject({ seconds: 3, dueAtShare: expect.closeTo(0.1) });
  });

  it('is not due for what intervals cannot tell apart, nor for what stays within the limits', () => {
    const wide = { ...worn, indexBytes: 1.1e6, searches: { ...worn.searches!, buffers: around(140, 60) } };
    const after = { recall: 0.98, buffers: 112, indexBytes: 1e6, changed: 500 };
    const vacuumed = state({ kind: 'vacuum', seconds: 2 }, after);
    const renewed = state({ kind: 'reindex', seconds: 3, concurrently: true }, after);
    const plan = upkeepPlan(record(built, wide, vacuumed, renewed))!;
    expect(plan.vacuum.dueAtShare).toBeNull();
    expect(plan.reindex.dueAtShare).toBeNull();
  });

  it('counts a recall that a new index brings back', () => {
    const vacuumed = state(
      { kind: 'vacuum', seconds: 2 },
      { recall: 0.9, buffers: 100, indexBytes: 1e6, changed: 500 },
    );
    const renewed = state(
      { kind: 'reindex', seconds: 3, concurrently: true },
      { recall: 0.95, buffers: 100, indexBytes: 1e6, changed: 500 },
    );
    // Five points lost after half of the rows: one after a tenth.
    expect(upkeepPlan(record(built, worn, vacuumed, renewed))!.reindex.dueAtShare).toBeCloseTo(0.1);
  });

  it('has none for a record that was cut short, and no figure where the index was not used', () => {
    expect(upkeepPlan(record(built, worn))).toBeNull();
    const unused = { ...worn, searches: null };
    const vacuumed = { ...unused, after: { kind: 'vacuum', seconds: 1 } as const };
    const renewed = { ...unused, after: { kind: 'reindex', seconds: 1, concurrently: false } as const };
    expect(upkeepPlan(record(built, unused, vacuumed, renewed))!.vacuum.wear.map(({ figure }) => figure)).toEqual([
      'indexBytes',
    ]);
  });
});
