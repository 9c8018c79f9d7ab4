import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRIOR_SHARE, refutesByDeadline } from '../../../src/analysis/stats/betting.js';
import { bettingConfidence, bettingInterval, bettingLowerBound, bettingSequence } from '../../../src/analysis/index.js';
import { createRandom } from '../../../src/random.js';
import { clumpedRecalls, deviation } from '../clumped-recall.js';

const average = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const recallArray = fc
  .array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 120 })
  .map((hits) => hits.map((h) => h / 10));

const refutes = (x: Float64Array, mean: number): boolean =>
  refutesByDeadline(x, mean, { horizon: x.length, prior: PRIOR_SHARE * x.length });

describe('coverage of the betting interval', () => {
  // The interval holds the true mean exactly when neither side has refuted it; that takes one pass instead of forty.
  const covers = (x: Float64Array, mean: number): boolean =>
    !refutes(x, mean) &&
    !refutes(
      x.map((value) => 1 - value),
      1 - mean,
    );

  const replicates = 2000;
  const cells = [0.5, 0.9, 0.99, 0.9995].flatMap((mean) =>
    [100, 300, 1000, 3000].map((queries) => ({ mean, queries })),
  );

  it.each(cells)(
    'is 94 to 100 of 100 at recall $mean from $queries queries whose failures clump',
    ({ mean, queries }) => {
      const sample = clumpedRecalls({ mean, clumping: 0.6 });
      const random = createRandom(`coverage ${mean} ${queries}`);
      let covered = 0;
      for (let i = 0; i < replicates; i++) if (covers(sample(random, queries), mean)) covered++;
      expect(covered / replicates).toBeGreaterThanOrEqual(0.94);
    },
  );

  it.each([0.9, 0.98, 0.998])('is 94 to 100 of 100 at recall %d from 300 queries whose failures scatter', (mean) => {
    const sample = clumpedRecalls({ mean, clumping: 0.05 });
    const random = createRandom(`scattered ${mean}`);
    let covered = 0;
    for (let i = 0; i < replicates; i++) if (covers(sample(random, 300), mean)) covered++;
    expect(covered / replicates).toBeGreaterThanOrEqual(0.94);
  });

  it('leaves out only means that are refuted', () => {
    const random = createRandom('refuted means');
    for (const mean of [0.6, 0.93, 0.99, 0.999]) {
      const sample = clumpedRecalls({ mean, clumping: 0.6 });
      for (let i = 0; i < 10; i++) {
        const x = sample(random, 400);
        const mirrored = x.map((value) => 1 - value);
        const { low, high } = bettingInterval(x);
        for (let j = 0; j < 40; j++) {
          expect(refutes(x, low * (1 - random.next()))).toBe(true);
          expect(refutes(mirrored, (1 - high) * (1 - random.next()))).toBe(high < 1);
        }
        expect(refutes(x, low + 2e-6)).toBe(false);
      }
    }
  });
});

describe('the one-sided bound', () => {
  it.each([
    { mean: 0.95, clumping: 0.6, confidence: 0.95 },
    { mean: 0.99, clumping: 0.98, confidence: 0.95 },
    { mean: 0.98, clumping: 0.05, confidence: 0.9 },
    { mean: 0.9, clumping: 0.2, confidence: 0.9875 },
  ])('lies above the mean no more often than it may: %o', ({ mean, clumping, confidence }) => {
    const sample = clumpedRecalls({ mean, clumping });
    const random = createRandom(`bound ${mean} ${clumping}`);
    const target = -Math.log1p(-confidence);
    let wrong = 0;
    for (let i = 0; i < 2000; i++) {
      const x = sample(random, 600);
      if (refutesByDeadline(x, mean, { horizon: 600, prior: PRIOR_SHARE * 600, target })) wrong++;
    }
    // Two standard errors of a share of 2,000 above it.
    expect(wrong / 2000).toBeLessThan(1 - confidence + 0.01);
  });

  it('is the lower end of the interval at half its level, and rises as less confidence is asked for', () => {
    const x = clumpedRecalls({ mean: 0.96, clumping: 0.3 })(createRandom('bound'), 500);
    expect(bettingLowerBound(x, 0.975)).toBe(bettingInterval(x).low);
    const bounds = [0.999, 0.99, 0.95, 0.8].map((confidence) => bettingLowerBound(x, confidence));
    expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
  });

  it('has the confidence that is told for it', () => {
    const x = clumpedRecalls({ mean: 0.96, clumping: 0.3 })(createRandom('confidence'), 500);
    for (const confidence of [0.7, 0.95, 0.99]) {
      expect(bettingConfidence(x, bettingLowerBound(x, confidence))).toBeCloseTo(confidence, 2);
    }
    expect(bettingConfidence(x, average(x))).toBe(0);
    expect(bettingConfidence([], 0.5)).toBe(0);
  });
});

describe('width of the betting interval', () => {
  it('comes near what is possible when nothing fails: Clopper and Pearson cannot be beaten there', () => {
    for (const queries of [100, 1000]) {
      const { low, high } = bettingInterval(new Float64Array(queries).fill(1));
      const exact = 0.025 ** (1 / queries);
      expect(high).toBe(1);
      expect(low).toBeLessThan(exact);
      expect(1 - low).toBeLessThan(1.05 * (1 - exact));
    }
  });

  it.each([
    { mean: 0.9, clumping: 0.2 },
    { mean: 0.95, clumping: 0.1 },
    { mean: 0.987, clumping: 0.85 },
  ])('is less than 1.6 times that of normal theory where that holds (recall $mean, 2000 queries)', (recall) => {
    const sample = clumpedRecalls(recall);
    const random = createRandom(`width ${recall.mean}`);
    const normal = (1.96 * deviation(recall)) / Math.sqrt(2000);
    const widths = Array.from({ length: 30 }, () => {
      const { low, high } = bettingInterval(sample(random, 2000));
      return (high - low) / 2;
    });
    expect(average(widths)).toBeGreaterThan(0.9 * normal);
    expect(average(widths)).toBeLessThan(1.6 * normal);
  });
});

describe('optional stopping', () => {
  /** Share of samples for which the interval missed the mean at any of the looks. */
  const everMissed = (interval: (seen: Float64Array) => { low: number; high: number }, label: string): number => {
    const mean = 0.98;
    const sample = clumpedRecalls({ mean, clumping: 0.3 });
    const random = createRandom(label);
    const replicates = 300;
    let missed = 0;
    for (let i = 0; i < replicates; i++) {
      const x = sample(random, 400);
      const looks = [25, 50, 100, 200, 300, 400].map((n) => interval(x.subarray(0, n)));
      if (looks.some(({ low, high }) => low > mean || high < mean)) missed++;
    }
    return missed / replicates;
  };

  it('is allowed with an open end', () => {
    expect(everMissed((seen) => bettingSequence(seen), 'open end')).toBeLessThanOrEqual(0.05);
  });

  it('is allowed up to a horizon named beforehand', () => {
    expect(everMissed((seen) => bettingInterval(seen, { horizon: 400 }), 'horizon')).toBeLessThanOrEqual(0.05);
  });

  it('costs width: the sequence is wider than the interval', () => {
    const x = clumpedRecalls({ mean: 0.95, clumping: 0.1 })(createRandom('wider'), 1000);
    const fixed = bettingInterval(x);
    const sequence = bettingSequence(x);
    expect(sequence.high - sequence.low).toBeGreaterThan(fixed.high - fixed.low);
  });
});

describe('properties', () => {
  const methods = { bettingInterval, bettingSequence };
  it.each(Object.entries(methods))('%s stays in [0, 1] and is a mirror image for mirrored values', (_, interval) => {
    fc.assert(
      fc.property(recallArray, (recalls) => {
        const { low, high } = interval(recalls);
        const mirrored = interval(recalls.map((recall) => 1 - recall));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThan(high);
        expect(mirrored.low).toBeCloseTo(1 - high, 5);
        expect(mirrored.high).toBeCloseTo(1 - low, 5);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('knows nothing without values, and next to nothing from one', () => {
    expect(bettingInterval([])).toEqual({ low: 0, high: 1 });
    expect(bettingSequence([])).toEqual({ low: 0, high: 1 });
    expect(bettingInterval([1]).low).toBeLessThanOrEqual(0.025);
  });

  it.each([[[0.5, 1.1]], [[-0.1]], [[Number.NaN]]])('refuses %j', (values) => {
    expect(() => bettingInterval(values)).toThrow(/Expected values from 0 to 1/);
    expect(() => bettingSequence(values)).toThrow(/Expected values from 0 to 1/);
  });

  it('refuses more values than the horizon', () => {
    expect(() => bettingInterval([1, 1, 1], { horizon: 2 })).toThrow(/at most 2 values, got 3/);
  });
});
