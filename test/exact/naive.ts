import { expect } from 'vitest';
import { distance, type Truth } from '../../src/exact/index.js';
import { tieLimit } from '../../src/exact/truth.js';
import type { Matrix, Metric } from '../../src/vocabulary.js';
import { vectorOf } from './memory-dataset.js';

/** Expects a truth to be what sorting all distances gives, to the last bit. */
export function expectNaive(
  truth: Truth,
  base: Matrix,
  queries: Matrix,
  metric: Metric,
  isAllowed: (query: number, row: number) => boolean = () => true,
): void {
  const { k } = truth;
  expect(truth.queries).toBe(queries.rows);
  for (let query = 0; query < queries.rows; query++) {
    const distances = Array.from({ length: base.rows }, (_, row) => {
      const d = distance(metric, vectorOf(queries, query), vectorOf(base, row));
      return Number.isNaN(d) ? Infinity : d;
    });
    const sorted = distances.filter((_, row) => isAllowed(query, row)).sort((a, b) => a - b);
    const expected = Math.min(k, sorted.length);
    const limit = expected === 0 ? 0 : tieLimit(sorted[expected - 1]!, metric);

    expect(truth.expected[query]).toBe(expected);
    expect(truth.tiesBeyondK[query]).toBe(sorted.slice(expected).filter((d) => d <= limit).length);
    const rows = truth.rows.subarray(query * k, (query + 1) * k);
    const nearest = distances
      .map((distance, row) => ({ distance, row }))
      .filter(({ row }) => isAllowed(query, row))
      .sort((a, b) => (a.distance === b.distance ? a.row - b.row : a.distance - b.distance));
    expect([...rows]).toEqual(Array.from({ length: k }, (_, rank) => nearest[rank]?.row ?? -1));
    expect([...truth.distances.subarray(query * k, (query + 1) * k)]).toEqual(
      Array.from({ length: k }, (_, rank) => nearest[rank]?.distance ?? Infinity),
    );
  }
}
