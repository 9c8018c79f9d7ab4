import { expect } from 'vitest';
import { distance, type Truth } from '../../src/exact/index.js';
import { roundingOf } from '../../src/exact/rounding.js';
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
    const errors = distances.map((_, row) => roundingOf(metric, vectorOf(queries, query), vectorOf(base, row)));
    expect(truth.expected[query]).toBe(expected);
    const rows = truth.rows.subarray(query * k, (query + 1) * k);
    const nearest = distances
      .map((distance, row) => ({ distance, row }))
      .filter(({ row }) => isAllowed(query, row))
      .sort((a, b) => (a.distance === b.distance ? a.row - b.row : a.distance - b.distance));
    const last = nearest[expected - 1];
    const limit = last === undefined ? 0 : tieLimit(last.distance, metric, errors[last.row]!);
    const isTied = ({ distance, row }: { distance: number; row: number }) => distance - errors[row]! <= limit;
    expect(truth.tiesBeyondK[query]).toBe(nearest.slice(expected).filter(isTied).length);
    expect([...rows]).toEqual(Array.from({ length: k }, (_, rank) => nearest[rank]?.row ?? -1));
    expect([...truth.distances.subarray(query * k, (query + 1) * k)]).toEqual(
      Array.from({ length: k }, (_, rank) => nearest[rank]?.distance ?? Infinity),
    );
  }
}
