import { describe, expect, it } from 'vitest';
import { noQueries, querySet } from '../src/query-set.js';

const matrix = { rows: 4, dimensions: 2, values: Float32Array.from([0, 0, 1, 1, 2, 2, 3, 3]) };

describe('a set of queries', () => {
  it('has every query of the dataset, unless an order is given', () => {
    expect(querySet(matrix).order).toEqual([0, 1, 2, 3]);
    const set = querySet(matrix, [3, 1]);
    expect([set.size, set.dimensions]).toEqual([2, 2]);
    expect([...set.vector(0)]).toEqual([3, 3]);
    expect([...set.vector(1)]).toEqual([1, 1]);
  });

  it('selects and slices by position, and remembers the numbers in the dataset', () => {
    const set = querySet(matrix, [3, 1, 0]);
    expect(set.select([2, 0]).order).toEqual([0, 3]);
    expect([...set.select([2, 0]).vector(1)]).toEqual([3, 3]);
    expect(set.slice(1).order).toEqual([1, 0]);
    expect(set.slice(1, 1).order).toEqual([1]);
    expect(set.slice(1, 9).order).toEqual([1, 0]);
  });

  it('gives views, not copies', () => {
    expect(querySet(matrix).vector(1).buffer).toBe(matrix.values.buffer);
  });

  it('knows no position beyond its end', () => {
    expect(() => querySet(matrix, [2]).vector(1)).toThrow(RangeError);
    expect(() => noQueries(3).vector(0)).toThrow(RangeError);
    expect(() => querySet(matrix, [2]).select([1])).toThrow(RangeError);
  });
});
