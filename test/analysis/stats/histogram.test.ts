import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramOf } from '../../../src/analysis/index.js';

describe('histogram of latencies', () => {
  it('has eight bins to a doubling, the first and the last of them filled', () => {
    expect(histogramOf([1, 1.05, 1.1, 2])).toEqual({
      fromMs: 1,
      perDoubling: 8,
      counts: [2, 1, 0, 0, 0, 0, 0, 0, 1],
    });
  });

  it('loses no sample, and puts each between the edges of its bin', () => {
    const latencies = fc.array(fc.double({ min: 1e-5, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(latencies, (samples) => {
        const { fromMs, perDoubling, counts } = histogramOf(samples);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(samples.length);
        expect(counts[0]).toBeGreaterThan(0);
        expect(counts.at(-1)).toBeGreaterThan(0);
        const edge = (bin: number): number => fromMs * 2 ** (bin / perDoubling);
        // The edges themselves are rounded.
        for (const [bin, count] of counts.entries()) {
          const inside = samples.filter((s) => s >= edge(bin) * (1 - 1e-9) && s <= edge(bin + 1) * (1 + 1e-9)).length;
          expect(inside).toBeGreaterThanOrEqual(count);
        }
      }),
    );
  });

  it('takes a clock that stood still', () => {
    expect(histogramOf([0, 0]).counts).toEqual([2]);
  });
});
