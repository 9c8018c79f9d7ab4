import { describe, expect, it } from 'vitest';
import { judge, type Truth } from '../../src/exact/index.js';

/** Two queries, k = 3; the second has only one matching row. Rows 7 and 8 tie at the end of the first. */
const truth: Truth = {
  metric: 'l2',
  k: 3,
  queries: 3,
  rows: Int32Array.of(4, 5, 7, 9, -1, -1, -1, -1, -1),
  distances: Float64Array.of(1, 2, 3, 0.5, Infinity, Infinity, Infinity, Infinity, Infinity),
  expected: Int32Array.of(3, 1, 0),
  tiesBeyondK: Int32Array.of(1, 0, 0),
  declared: 'none',
};
const distances: Record<number, number> = { 8: 3, 10: 3 * (1 + 9e-7), 11: 3 * (1 + 2e-6), 12: 0.1, 13: 6 };
const distanceTo = (row: number): number => distances[row]!;
/** No error that goes with the norms. */
const certain = (): number => 0;

describe('judge', () => {
  it.each([
    ['the truth itself', [7, 4, 5], { hits: 3, strictHits: 3, returned: 3, distanceRatio: 1 }],
    ['a tied row in place of the last', [4, 5, 8], { hits: 3, strictHits: 2, returned: 3, distanceRatio: 1 }],
    ['a row that ties within the tolerance', [4, 5, 10], { hits: 3, strictHits: 2, returned: 3 }],
    ['a row just beyond the tolerance', [4, 5, 11], { hits: 2, strictHits: 2, returned: 3 }],
    ['a row that is twice as far', [4, 5, 13], { hits: 2, strictHits: 2, returned: 3, distanceRatio: 9 / 6 }],
    ['one row twice', [4, 4, 5], { hits: 2, strictHits: 2, returned: 2, distanceRatio: 1 }],
    ['less than there is', [5, 7], { hits: 2, strictHits: 2, returned: 2, distanceRatio: 5 / 3 }],
    ['more rows than k', [4, 5, 7, 8], { hits: 3, strictHits: 3, returned: 4, distanceRatio: 1 }],
    ['nothing', [], { hits: 0, strictHits: 0, returned: 0, distanceRatio: null }],
  ])('%s', (_, rows, judgement) => {
    expect(judge(truth, 0, rows, distanceTo, certain)).toMatchObject(judgement);
  });

  it('measures against the last row that exists when fewer than k do', () => {
    expect(judge(truth, 1, [9, 12, 8], distanceTo, certain)).toMatchObject({ hits: 1, strictHits: 1, returned: 3 });
    expect(judge(truth, 1, [8], distanceTo, certain)).toMatchObject({
      hits: 0,
      strictHits: 0,
      returned: 1,
      distanceRatio: 6,
    });
  });

  it('finds no hit where nothing matches', () => {
    expect(judge(truth, 2, [4], () => 0, certain)).toEqual({
      hits: 0,
      strictHits: 0,
      returned: 1,
      distanceRatio: null,
    });
  });

  it('leaves rows without a distance out of the ratio, and knows none of inner products', () => {
    expect(judge(truth, 0, [4, 5, 9], () => Infinity, certain).distanceRatio).toBe(1);
    expect(judge({ ...truth, metric: 'ip' }, 0, [4, 5, 7], distanceTo, certain).distanceRatio).toBeNull();
  });

  it('calls copies of the query found a ratio of 1, and cannot divide by them when they were missed', () => {
    const copies = { ...truth, distances: Float64Array.of(0, 0, 0, ...truth.distances.subarray(3)) };
    expect(judge(copies, 0, [4, 5, 7], distanceTo, certain).distanceRatio).toBe(1);
    expect(judge(copies, 0, [4, 5, 8], distanceTo, certain).distanceRatio).toBeNull();
  });

  it('calls near-duplicates ties under the cosine distance as far as float32 can tell them apart', () => {
    // The server's exact answer, by sums in float32, of rows that lie 1e-5 from the query: its errors are of 4e-7.
    const near: Truth = {
      ...truth,
      metric: 'cosine',
      queries: 1,
      rows: Int32Array.of(4, 5, 7),
      distances: Float64Array.of(0.9e-5, 0.95e-5, 1e-5),
      expected: Int32Array.of(3),
    };
    const far: Record<number, number> = { 8: 1e-5 + 4e-7, 9: 1e-5 + 2e-6 };
    const hits = (rows: readonly number[], metric: Truth['metric'] = 'cosine') =>
      judge({ ...near, metric }, 0, rows, (row) => far[row]!, certain).hits;
    expect(hits([4, 5, 8])).toBe(3);
    expect(hits([4, 5, 9])).toBe(2);
    // Of distances that are sums of squares the error is relative.
    expect(hits([4, 5, 8], 'l2')).toBe(2);
  });

  it('calls ties what the errors of both distances cannot tell apart', () => {
    const errors: Record<number, number> = { 7: 0.5, 8: 0.2, 13: 0.2 };
    const far: Record<number, number> = { 8: 3.65, 13: 3.75 };
    const hits = (row: number) =>
      judge(
        truth,
        0,
        [4, 5, row],
        (i) => far[i]!,
        (i) => errors[i]!,
      ).hits;
    expect([hits(8), hits(13)]).toEqual([3, 2]);
  });

  it('asks only for distances that the truth does not hold', () => {
    const asked: number[] = [];
    judge(truth, 0, [4, 8, 5], (row) => asked.push(row), certain);
    expect(asked).toEqual([8]);
  });
});
