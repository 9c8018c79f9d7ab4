import { describe, expect, it } from 'vitest';
import { queriesNeeded, recallPerQuery, summariseRecall } from '../../../src/analysis/index.js';

describe('recall', () => {
  const answers = {
    hits: Uint16Array.of(10, 9, 4, 3, 0, 12),
    strictHits: Uint16Array.of(10, 8, 4, 3, 0, 9),
    returned: Uint16Array.of(10, 10, 10, 3, 0, 12),
    expected: Int32Array.of(10, 10, 10, 3, 0, 10),
    distanceRatios: [1, 1.02, 1.1, null, null, 1],
  };

  it('is hits over the rows that exist, at most 1, without the queries that have no answer', () => {
    expect([...recallPerQuery(answers)]).toEqual([1, 0.9, 0.4, 1, 1]);
    const { recall, completeness } = summariseRecall(answers);
    expect(recall).toMatchObject({ queries: 5, excluded: 1, min: 0.4, p1: 0.4, p5: 0.4, shareBelowHalf: 0.2 });
    expect(recall.mean.value).toBeCloseTo(4.3 / 5, 12);
    expect(recall.strictMean).toBeCloseTo((1 + 0.8 + 0.4 + 1 + 0.9) / 5, 12);
    expect(recall.distanceRatio).toBeCloseTo((1 + 1.02 + 1.1 + 1) / 4, 12);
    expect(recall.queriesNeeded).toBe(queriesNeeded([1, 0.9, 0.4, 1, 1], 0.005));
    expect(completeness).toEqual({ mean: 1, shortQueries: 0 });
  });

  it('counts rows that were not returned as misses', () => {
    const { recall, completeness } = summariseRecall({
      hits: [4, 10],
      strictHits: [4, 10],
      returned: [4, 10],
      expected: [10, 10],
      distanceRatios: [null, null],
    });
    expect(recall.distanceRatio).toBeNull();
    expect(recall.mean.value).toBeCloseTo(0.7, 12);
    expect(completeness).toEqual({ mean: 0.7, shortQueries: 1 });
  });

  it('has tails by nearest rank', () => {
    const hits = Array.from({ length: 200 }, (_, i) => (i < 3 ? 0 : i < 12 ? 5 : 10));
    const { recall } = summariseRecall({
      hits,
      strictHits: hits,
      returned: hits.map(() => 10),
      expected: hits.map(() => 10),
      distanceRatios: [],
    });
    expect(recall).toMatchObject({ min: 0, p1: 0, p5: 0.5, shareBelowHalf: 3 / 200 });
  });

  it('has an interval around the mean, even when all failures come last', () => {
    const hits = Array.from({ length: 1000 }, (_, i) => (i < 700 ? 10 : 0));
    const expected = hits.map(() => 10);
    const { mean } = summariseRecall({ hits, strictHits: hits, returned: hits, expected, distanceRatios: [] }).recall;
    expect(mean.low).toBeLessThanOrEqual(mean.value);
    expect(mean.high).toBeGreaterThanOrEqual(mean.value);
  });

  it('does not claim certainty when nothing failed', () => {
    const hits = Array.from({ length: 500 }, () => 10);
    const answers = { hits, strictHits: hits, returned: hits, expected: hits, distanceRatios: [] };
    const { mean } = summariseRecall(answers).recall;
    expect(mean).toMatchObject({ value: 1, high: 1 });
    expect(mean.low).toBeLessThan(0.9927);
    expect(mean.low).toBeGreaterThan(0.99);
  });

  it('refuses queries that all have an empty truth, unless that is meant so, and arrays that do not fit', () => {
    const nothing = { hits: [0], strictHits: [0], returned: [0], distanceRatios: [null] };
    expect(() => summariseRecall({ ...nothing, expected: [0] })).toThrow(/got none among 1/);
    const { recall } = summariseRecall({ ...nothing, expected: [0] }, { mayBeEmpty: true });
    expect(recall).toMatchObject({ mean: { value: 1, high: 1 }, queries: 1, excluded: 0 });
    const wrong = summariseRecall({ ...nothing, returned: [1], expected: [0] }, { mayBeEmpty: true });
    expect(wrong.recall.mean.value).toBe(0);
    expect(() => summariseRecall({ ...nothing, expected: [1, 1] })).toThrow(/each of 2 queries, got 1/);
  });
});
