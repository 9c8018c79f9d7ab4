import fc from 'fast-check';
import { expect, it } from 'vitest';
import { completenessHistogram } from '../../../src/analysis/index.js';

it('counts queries by the tenth of their rows that came back', () => {
  const { tenths, empty, queries } = completenessHistogram([0, 4, 10, 12, 3, 0, 9], [10, 10, 10, 10, 3, 0, 10]);
  expect(tenths).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3]);
  expect(empty).toBe(1);
  expect(queries).toBe(6);
});

it('counts each query once that has anything to return', () => {
  const query = fc.record({ returned: fc.nat(30), expected: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(query), (all) => {
      const { tenths, empty, queries } = completenessHistogram(
        all.map(({ returned }) => returned),
        all.map(({ expected }) => expected),
      );
      expect(tenths.reduce((sum, count) => sum + count, 0)).toBe(queries);
      expect(queries).toBe(all.filter(({ expected }) => expected > 0).length);
      expect(tenths[10]).toBe(all.filter(({ returned, expected }) => expected > 0 && returned >= expected).length);
      expect(empty).toBeLessThanOrEqual(tenths[0]!);
    }),
  );
});

it('refuses counts of unlike numbers of queries', () => {
  expect(() => completenessHistogram([1], [1, 2])).toThrow(RangeError);
});
