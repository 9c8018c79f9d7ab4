import { expect, it } from 'vitest';
import { spreadOverSizes } from '../../../src/experiment/points/explained.js';
import { createRandom } from '../../../src/random.js';

const QUERIES = 200;
const SEARCH = { queries: QUERIES, most: 20, isConclusion: false };
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Tenants of which a tenth are a hundred times as large; a query touches as many pages as its tenant has rows. */
function skewed(seed: string): readonly number[] {
  const random = createRandom(seed);
  return Array.from({ length: QUERIES }, () => (random.next() < 0.1 ? 5000 + random.int(2000) : 50 + random.int(20)));
}

it('has large classes in the sample as often as they are asked', () => {
  const errors = Array.from({ length: 100 }, (_, seed) => {
    const sizes = skewed(`tenants ${seed}`);
    const pages = (of: readonly number[]): number => mean(of.map((query) => sizes[query]!));
    const all = pages([...sizes.keys()]);
    return {
      spread: Math.abs(pages(spreadOverSizes(sizes, SEARCH)) / all - 1),
      first: Math.abs(pages([...sizes.keys()].slice(0, 20)) / all - 1),
    };
  });
  expect(mean(errors.map(({ spread }) => spread))).toBeLessThan(0.2);
  expect(mean(errors.map(({ first }) => first))).toBeGreaterThan(2 * mean(errors.map(({ spread }) => spread)));
});

/*
 * Sizes as in a table of tenants where 200 queries touch 279 pages in the median and 4,770 at the 95th percentile: a logarithm
 * with a standard deviation of 1.73. Pages go with the size (an exact sort) or against it (a scan that goes on until it has
 * found enough), with a spread of their own.
 */
it.each([
  ['with the size', (size: number) => size],
  ['against the size', (size: number) => 279 ** 2 / size],
])('misses the mean of skewed classes by less than half as much as the first queries do: pages %s', (_, pagesOf) => {
  for (const most of [20, 50]) {
    const errors = Array.from({ length: 200 }, (__, seed) => {
      const random = createRandom(`lognormal ${seed}`);
      const sizes = Array.from({ length: QUERIES }, () => 279 * Math.exp(1.73 * random.normal()));
      const pages = sizes.map((size) => pagesOf(size) * Math.exp(0.2 * random.normal()));
      const missed = (of: readonly number[]): number =>
        Math.abs(mean(of.map((query) => pages[query]!)) / mean(pages) - 1);
      const spread = spreadOverSizes(sizes, { ...SEARCH, most });
      const concluded = spreadOverSizes(sizes, { ...SEARCH, most, isConclusion: true });
      return [missed(spread), missed(concluded), missed([...sizes.keys()].slice(0, most))] as const;
    });
    const [spread, concluded, first] = [0, 1, 2].map((way) => mean(errors.map((error) => error[way]!)));
    expect(concluded).toBe(0);
    expect(spread).toBeLessThan(0.25);
    expect(first).toBeGreaterThan(2 * spread!);
  }
});

it('names each query once, and all of them where skewed classes are concluded about', () => {
  const sizes = skewed('once');
  const some = spreadOverSizes(sizes, SEARCH);
  expect(new Set(some).size).toBe(20);
  expect(some).toEqual(some.toSorted((a, b) => a - b));
  expect(spreadOverSizes(sizes, { ...SEARCH, isConclusion: true })).toHaveLength(QUERIES);
  expect(spreadOverSizes(sizes, { ...SEARCH, most: Infinity })).toHaveLength(QUERIES);
});

it('is the first queries where all are answered from as many rows', () => {
  for (const sizes of [[], sizesOf(100)]) {
    expect(spreadOverSizes(sizes, { ...SEARCH, isConclusion: true })).toEqual(Array.from({ length: 20 }, (_, i) => i));
  }
});

const sizesOf = (rows: number): readonly number[] => Array.from({ length: QUERIES }, (_, i) => rows + (i % 7));
