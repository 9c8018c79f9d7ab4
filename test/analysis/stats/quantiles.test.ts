import { describe, expect, it } from 'vitest';
import { quantileRanks, samplesForQuantile } from '../../../src/analysis/stats/binomial.js';
import { estimateQuantiles, nearestRank, summariseLatency } from '../../../src/analysis/index.js';
import { createRandom } from '../../../src/random.js';

describe('order statistics around a quantile', () => {
  // From scipy.stats.binom 1.17: the first rank whose tail exceeds 2.5 %.
  it.each([
    [6, 0.5, 1, 6],
    [100, 0.5, 40, 61],
    [72, 0.95, 64, 72],
    [200, 0.95, 184, 197],
    [2000, 0.95, 1880, 1920],
    [368, 0.99, 360, 368],
    [1000, 0.99, 983, 997],
    [10_000, 0.99, 9880, 9920],
    [3688, 0.999, 3680, 3688],
  ])('n = %d, p = %d: ranks %d to %d', (n, p, low, high) => {
    expect(quantileRanks(n, p, 0.025)).toEqual({ low, high });
  });

  it('says when no sample bounds the quantile', () => {
    expect(quantileRanks(5, 0.5, 0.025)).toEqual({ low: 0, high: 6 });
    expect(quantileRanks(367, 0.99, 0.025).high).toBe(368);
  });

  it('is symmetric in p', () => {
    for (const n of [10, 57, 400]) {
      const { low, high } = quantileRanks(n, 0.9, 0.025);
      expect(quantileRanks(n, 1 - 0.9, 0.025)).toEqual({ low: n + 1 - high, high: n + 1 - low });
    }
  });

  it('needs 6, 36, 72, 368 and 3688 samples for the quantiles that are printed', () => {
    expect([0.5, 0.9, 0.95, 0.99, 0.999].map((p) => samplesForQuantile(p, 0.025))).toEqual([6, 36, 72, 368, 3688]);
    for (const p of [0.5, 0.9, 0.95, 0.99]) {
      const needs = samplesForQuantile(p, 0.025);
      expect(quantileRanks(needs, p, 0.025).high).toBe(needs);
      expect(quantileRanks(needs - 1, p, 0.025).high).toBe(needs);
    }
  });
});

describe('quantiles', () => {
  const random = createRandom('quantiles');
  const lognormal = (n: number): Float64Array =>
    Float64Array.from({ length: n }, () => Math.exp(0.5 * random.normal()));

  it('are samples at the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([0.01, 0.5, 0.95, 0.951, 1].map((p) => nearestRank(values, p))).toEqual([1, 50, 95, 96, 100]);
    expect(nearestRank([7], 0.01)).toBe(7);
  });

  it('are null below the samples they need', () => {
    const { quantiles } = summariseLatency(lognormal(100), { blockSize: 50, queries: 100 });
    expect(quantiles.map(({ p, estimate, needs }) => [p, estimate === null, needs])).toEqual([
      [0.5, false, 6],
      [0.9, false, 36],
      [0.95, false, 72],
      [0.99, true, 368],
      [0.999, true, 3688],
    ]);
  });

  it('cover the true quantile of independent samples 95 times in 100', () => {
    const truth = Math.exp(0.5 * 1.6448536269514722);
    let covered = 0;
    for (let i = 0; i < 2000; i++) {
      const [p95] = estimateQuantiles(lognormal(300), [0.95]);
      if (p95!.estimate!.low! <= truth && truth <= p95!.estimate!.high!) covered++;
    }
    expect(covered / 2000).toBeGreaterThan(0.94);
    expect(covered / 2000).toBeLessThan(0.98);
  });

  /** Blocks that share the machine's state: a factor for all samples of a block. */
  const inBlocks = (blocks: number): Float64Array =>
    Float64Array.from(
      Array.from({ length: blocks }, () => Math.exp(0.3 * random.normal())).flatMap((state) =>
        Array.from({ length: 50 }, () => state * Math.exp(0.3 * random.normal())),
      ),
    );

  it('cover it in blocks too, where order statistics alone do not', () => {
    const replicates = 200;
    let plain = 0;
    let blocked = 0;
    for (let i = 0; i < replicates; i++) {
      const samples = inBlocks(20);
      const covers = (blockSize?: number): boolean => {
        const [median] = estimateQuantiles(samples, [0.5], blockSize === undefined ? {} : { blockSize });
        return median!.estimate!.low! <= 1 && 1 <= median!.estimate!.high!;
      };
      if (covers()) plain++;
      if (covers(50)) blocked++;
    }
    expect(plain / replicates).toBeLessThan(0.6);
    expect(blocked / replicates).toBeGreaterThan(0.88);
  });

  it('depend on nothing but the samples', () => {
    const samples = inBlocks(12);
    expect(summariseLatency(samples, { blockSize: 50, queries: 600 })).toEqual(
      summariseLatency(samples, { blockSize: 50, queries: 600 }),
    );
    expect(samples).toHaveLength(600);
  });

  it('hold their estimate, also when the last block is short', () => {
    for (const { estimate } of estimateQuantiles(inBlocks(5).subarray(0, 230), [0.9, 0.5, 0.95], { blockSize: 50 })) {
      expect(estimate!.low).toBeLessThanOrEqual(estimate!.value);
      expect(estimate!.high).toBeGreaterThanOrEqual(estimate!.value);
    }
  });

  it('need a sample', () => {
    expect(() => summariseLatency([], { blockSize: 50, queries: 1 })).toThrow(/at least one latency/);
  });
});
