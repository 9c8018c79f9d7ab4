import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/random.js';
import { arrivalTimes } from '../../src/workloads/index.js';

const schedule = fc.record({
  arrivals: fc.constantFrom('poisson' as const, 'constant' as const),
  ratePerSecond: fc.double({ min: 0.5, max: 3000, noNaN: true }),
  seconds: fc.double({ min: 0.1, max: 3, noNaN: true }),
});

describe('arrivalTimes', () => {
  it('ascend within the window, and are the same for the same seed', () => {
    fc.assert(
      fc.property(schedule, fc.integer(), (options, seed) => {
        const times = arrivalTimes({ ...options, random: createRandom(seed) });
        expect(times.every((time, i) => time >= (times[i - 1] ?? 0) && time < options.seconds * 1000)).toBe(true);
        expect(arrivalTimes({ ...options, random: createRandom(seed) })).toEqual(times);
      }),
    );
  });

  it('are evenly spaced when constant', () => {
    const times = arrivalTimes({ arrivals: 'constant', ratePerSecond: 3, seconds: 2, random: createRandom(1) });
    expect([...times]).toEqual([0, 1, 2, 3, 4, 5].map((i) => (i * 1000) / 3));
  });

  it('are independent of each other when Poisson: exponential gaps, and counts whose variance is their mean', () => {
    const [ratePerSecond, seconds] = [1000, 100];
    const times = arrivalTimes({ arrivals: 'poisson', ratePerSecond, seconds, random: createRandom(7) });
    const mean = ratePerSecond * seconds;
    expect(Math.abs(times.length - mean)).toBeLessThan(4 * Math.sqrt(mean));

    const gaps = Array.from(times, (time, i) => time - (times[i - 1] ?? 0));
    for (const t of [0.1, 0.5, 1, 2, 4]) {
      const share = gaps.filter((gap) => gap > t).length / gaps.length;
      expect(share).toBeCloseTo(Math.exp(-t), 2);
    }
    const perTenth = new Float64Array(seconds * 10);
    for (const time of times) perTenth[Math.floor(time / 100)]!++;
    const expected = ratePerSecond / 10;
    const variance = perTenth.reduce((sum, count) => sum + (count - expected) ** 2, 0) / perTenth.length;
    expect(variance / expected).toBeGreaterThan(0.85);
    expect(variance / expected).toBeLessThan(1.15);
  });
});
