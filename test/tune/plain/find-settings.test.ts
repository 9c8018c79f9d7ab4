import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../../src/analysis/index.js';
import type { Search } from '../../../src/results/index.js';
import { findSettings, type FindOptions, type SettingsFound } from '../../../src/tune/plain/find-settings.js';
import type { Look } from '../../../src/tune/plain/observe.js';
import { candidatesOf } from '../../../src/tune/plain/space.js';
import { tableScanned, voidPoint } from '../../support/records.js';

const LOST = voidPoint(tableScanned);

/** The recall of a graph: linear in probit and logarithm. */
const recallAt = (value: number): number => normalCdf(0.5 + 0.45 * Math.log2(value / 10));

/** Runs the search on a curve, without a server. */
function find(
  options: Pick<FindOptions, 'values' | 'first' | 'searchRecall'> & Partial<FindOptions>,
  {
    recall = recallAt,
    isLost = () => false,
  }: { recall?: (value: number) => number; isLost?: (value: number) => boolean } = {},
): SettingsFound & { asked: number[] } {
  const asked: number[] = [];
  // oxlint-disable-next-line require-yield -- a look that needs no server
  function* look(value: number): Search<Look> {
    asked.push(value);
    if (isLost(value)) return { status: 'lost', point: LOST };
    const seen = {
      settings: {},
      value,
      recall: recall(value),
      queries: 500,
      buffers: 10 * value,
      medianMs: 1,
      points: [],
    };
    return { status: 'ok', observation: seen };
  }
  // oxlint-disable-next-line require-yield -- as above
  function* left(values: readonly number[]): Search<readonly number[]> {
    return values.filter((value) => !isLost(value));
  }
  const step = findSettings({ close: 1, hopeless: () => false, look, left, ...options }).next();
  if (!step.done) throw new Error('A search that needs no server asked one.');
  return { ...step.value, asked };
}

const all = candidatesOf(
  { spec: { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } }, knobValues: null },
  10,
)!.values;

describe('findSettings', () => {
  it('finds the least value that reaches the search recall, wherever it starts and whatever the curve', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 1200 }),
        fc.integer({ min: 1, max: 1200 }),
        fc.boolean(),
        (list, first, least, smooth) => {
          const values = list.toSorted((a, b) => a - b);
          const recall = smooth ? recallAt : (value: number): number => (value >= least ? 1 : 0);
          const searchRecall = smooth ? recallAt(least) : 0.9;
          const found = find({ values, first, searchRecall }, { recall });
          expect(found.reached?.value ?? null).toBe(values.find((value) => value >= least) ?? null);
          expect(new Set(found.asked).size).toBe(found.asked.length);
        },
      ),
    );
  });

  it('needs a handful of looks for a thousand values', () => {
    for (const searchRecall of [0.8, 0.95, 0.99]) {
      const values = Array.from({ length: 991 }, (_, i) => i + 10);
      expect(find({ values, first: 40, searchRecall, close: 1.15 }).asked.length).toBeLessThanOrEqual(5);
    }
  });

  it('stops where the next value costs the same', () => {
    const found = find({ values: all, first: 40, searchRecall: 0.97, close: 1.3 });
    const { value } = found.reached!;
    expect(recallAt(value)).toBeGreaterThanOrEqual(0.97);
    expect(recallAt(value / 1.35)).toBeLessThan(0.97);
  });

  it('finds nothing when the largest value misses the searchRecall', () => {
    expect(find({ values: all, first: 40, searchRecall: 0.5 }, { recall: () => 0.4 })).toMatchObject({ reached: null });
  });

  it('gives up at a look that misses the searchRecall and is dear already', () => {
    const found = find({ values: all, first: 40, searchRecall: 0.99, hopeless: ({ buffers }) => buffers > 300 });
    expect(found).toMatchObject({ reached: null, givenUp: { value: 40 } });
    expect(found.asked).toEqual([40]);
  });

  it('looks below the values at which the planner leaves the index', () => {
    const isLost = (value: number): boolean => value >= 100;
    const found = find({ values: all, first: 400, searchRecall: 0.9 }, { isLost });
    expect(found.lost.length).toBeGreaterThan(0);
    expect(found.reached!.value).toBeLessThan(100);
    expect(recallAt(found.reached!.value)).toBeGreaterThanOrEqual(0.9);
    expect(find({ values: all, first: 400, searchRecall: 0.9 }, { isLost: () => true })).toMatchObject({
      reached: null,
    });
  });

  it('finds the least value in any stretch in which the planner takes the index', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 45 }),
        fc.integer({ min: 1, max: 45 }),
        (served, first, least) => {
          const values = served.map((_, i) => i + 1);
          const isLost = (value: number): boolean => !served[value - 1];
          const recall = (value: number): number => (value >= least ? 1 : 0);
          const found = find({ values, first, searchRecall: 0.9 }, { recall, isLost });
          const wanted = values.find((value) => value >= least && !isLost(value));
          expect(found.reached?.value ?? null).toBe(wanted ?? null);
          expect(found.lost.length).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('candidatesOf', () => {
  it('begins where k rows can come back and ends where the method does', () => {
    expect(all[0]).toBe(10);
    expect(all.at(-1)).toBe(1000);
    expect(all.every((value, i) => i === 0 || value > all[i - 1]!)).toBe(true);
  });

  it('probes no more lists than there are', () => {
    const spec = { method: 'ivfflat', representation: 'vector' as const, parameters: { lists: 30 } };
    const { values } = candidatesOf({ spec, knobValues: null }, 10)!;
    expect(values[0]).toBe(1);
    expect(values.at(-1)).toBe(30);
  });

  it('keeps to the values that a configuration names', () => {
    const spec = { method: 'hnsw', representation: 'vector' as const, parameters: { m: 16, ef_construction: 64 } };
    expect(candidatesOf({ spec, knobValues: [5, 40, 80] }, 10)!.values).toEqual([40, 80]);
  });

  it('has none for the exact scan', () => {
    expect(
      candidatesOf({ spec: { method: 'none', representation: 'vector', parameters: {} }, knobValues: null }, 10),
    ).toBeUndefined();
  });
});
