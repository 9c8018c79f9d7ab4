import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, exactTruth, halfPrecision, judge, roundToHalf } from '../../src/exact/index.js';
import { matrix, memoryDataset, randomMatrix, vectorOf } from './memory-dataset.js';

/** Every finite half-precision number from zero on, in ascending order. */
const halves = Float64Array.from({ length: 0x7c00 }, (_, bits) => {
  const exponent = bits >> 10;
  const fraction = bits & 0x3ff;
  return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
});
const round = (value: number): number => roundToHalf(Float32Array.of(value))[0]!;

describe('rounding to half precision', () => {
  it('keeps every half-precision number', () => {
    expect([...roundToHalf(Float32Array.from(halves))]).toEqual([...halves]);
    expect([...roundToHalf(Float32Array.from(halves, (half) => -half))]).toEqual([...halves].map((half) => -half));
  });

  it('goes to the nearer of two neighbours, half way to the even one', () => {
    fc.assert(
      fc.property(fc.nat(halves.length - 2), fc.constantFrom(0.25, 0.5, 0.75), fc.boolean(), (i, share, negative) => {
        const [low, high] = [halves[i]!, halves[i + 1]!];
        const value = low + share * (high - low);
        const even = i % 2 === 0 ? low : high;
        const expected = share === 0.5 ? even : share < 0.5 ? low : high;
        expect(round(negative ? -value : value)).toBe(negative ? -expected : expected);
      }),
    );
  });

  it('becomes infinite from half way beyond the largest number', () => {
    expect(round(65_519)).toBe(65_504);
    expect(round(65_520)).toBe(Infinity);
    expect(round(-1e30)).toBe(-Infinity);
  });
});

describe('a dataset in half precision', () => {
  it('tells the loss of representation: its neighbours are those of the rounded vectors', async () => {
    const offset = (values: Float32Array): Float32Array => values.map((value) => 100 + value);
    const noise = randomMatrix(300, 16, 'half base');
    const base = matrix(300, 16, offset(noise.values));
    const queries = matrix(5, 16, offset(randomMatrix(5, 16, 'half queries').values));
    const dataset = memoryDataset(base, queries);
    const stored = halfPrecision(dataset);

    const truth = await exactTruth(dataset, { metric: 'l2', k: 10 });
    const halfTruth = await exactTruth(stored, { metric: 'l2', k: 10 });
    const rounded = matrix(300, 16, roundToHalf(base.values));
    const roundedQueries = matrix(5, 16, roundToHalf(queries.values));
    const direct = await exactTruth(memoryDataset(rounded, roundedQueries), { metric: 'l2', k: 10 });
    expect(halfTruth).toEqual(direct);

    const hits = [0, 1, 2, 3, 4].map((query) => {
      const found = [...halfTruth.rows.subarray(query * 10, query * 10 + 10)];
      return judge(
        truth,
        query,
        found,
        (row) => distance('l2', vectorOf(queries, query), dataset.vector(row)),
        () => 0,
      ).hits;
    });
    expect(Math.max(...hits)).toBeGreaterThan(0);
    expect(Math.min(...hits)).toBeLessThan(10);
    expect([...stored.vector(3)]).toEqual([...roundToHalf(dataset.vector(3))]);
    expect(await stored.declaredNeighbours()).toBeNull();
  });
});
