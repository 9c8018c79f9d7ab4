import { describe, expect, it } from 'vitest';
import { upkeepPlan } from '../../../src/capacity/index.js';
import { churnRecord, churnState } from '../../support/records.js';

const changes = { kind: 'changes', inserted: 200, updated: 200, deleted: 100, seconds: 5, beside: null } as const;

const built = churnState({ kind: 'build', seconds: 1 }, { changed: 0 });
const worn = churnState(changes, { buffers: 140, indexBytes: 2e6 });

describe('upkeepPlan', () => {
  it('says from when on what upkeep gives back passes its limit', () => {
    const vacuumed = churnState(
      { kind: 'vacuum', seconds: 2 },
      { recall: 0.98, buffers: 112, indexBytes: 2e6, changed: 500 },
    );
    const renewed = churnState(
      { kind: 'reindex', seconds: 3, concurrently: true },
      { recall: 0.98, buffers: 112, indexBytes: 1e6, changed: 500 },
    );
    const plan = upkeepPlan(churnRecord([built, worn, vacuumed, renewed]))!;
    expect(plan).toMatchObject({ changedShare: 0.5, changesPerSecond: 100 });
    // 25 % more pages after half of the rows: 10 % after a fifth.
    expect(plan.vacuum).toMatchObject({ seconds: 2, dueAtShare: expect.closeTo(0.2) });
    // Twice the size after half of the rows: 20 % more after a tenth.
    expect(plan.reindex).toMatchObject({ seconds: 3, dueAtShare: expect.closeTo(0.1) });
  });

  it('is not due for what intervals cannot tell apart, nor for what stays within the limits', () => {
    const wide = {
      ...worn,
      indexBytes: 1.1e6,
      searches: { ...worn.searches!, buffers: { value: 140, low: 80, high: 200 } },
    };
    const after = { recall: 0.98, buffers: 112, indexBytes: 1e6, changed: 500 };
    const vacuumed = churnState({ kind: 'vacuum', seconds: 2 }, after);
    const renewed = churnState({ kind: 'reindex', seconds: 3, concurrently: true }, after);
    const plan = upkeepPlan(churnRecord([built, wide, vacuumed, renewed]))!;
    expect(plan.vacuum.dueAtShare).toBeNull();
    expect(plan.reindex.dueAtShare).toBeNull();
  });

  it('counts a recall that a new index brings back', () => {
    const vacuumed = churnState(
      { kind: 'vacuum', seconds: 2 },
      { recall: 0.9, buffers: 100, indexBytes: 1e6, changed: 500 },
    );
    const renewed = churnState(
      { kind: 'reindex', seconds: 3, concurrently: true },
      { recall: 0.95, buffers: 100, indexBytes: 1e6, changed: 500 },
    );
    // Five points lost after half of the rows: one after a tenth.
    expect(upkeepPlan(churnRecord([built, worn, vacuumed, renewed]))!.reindex.dueAtShare).toBeCloseTo(0.1);
  });

  it('has none for a record that was cut short, and no figure where the index was not used', () => {
    expect(upkeepPlan(churnRecord([built, worn]))).toBeNull();
    const unused = { ...worn, searches: null };
    const vacuumed = { ...unused, after: { kind: 'vacuum', seconds: 1 } as const };
    const renewed = { ...unused, after: { kind: 'reindex', seconds: 1, concurrently: false } as const };
    expect(
      upkeepPlan(churnRecord([built, unused, vacuumed, renewed]))!.vacuum.wear.map(({ figure }) => figure),
    ).toEqual(['indexBytes']);
  });
});
