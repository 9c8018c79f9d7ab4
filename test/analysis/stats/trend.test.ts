import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSteady, mannKendall } from '../../../src/analysis/stats/trend.js';
import { createRandom } from '../../../src/random.js';

describe('Mann-Kendall test', () => {
  it('counts pairs in order, and is normal with continuity correction', () => {
    // Variance 9·8·23/18 = 92, hence z = (12 − 1)/√92.
    const { statistic, p } = mannKendall([44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]);
    expect(statistic).toBe(12);
    expect(p).toBeCloseTo(0.2514, 3);
  });

  it('takes ties into account', () => {
    // Ties of three and of two take 3·2·11 and 2·1·9 from 6·5·17: variance 426/18, hence z = (11 − 1)/√23.67.
    const { statistic, p } = mannKendall([10, 10, 10, 20, 20, 30]);
    expect(statistic).toBe(11);
    expect(p).toBeCloseTo(0.0398, 4);
  });

  it('changes sign, and nothing else, when time runs backwards', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 30 }), (values) => {
        const forwards = mannKendall(values);
        const backwards = mannKendall(values.toReversed());
        expect(backwards.statistic).toBe(0 - forwards.statistic);
        expect(backwards.p).toBe(forwards.p);
      }),
    );
  });

  it('sees nothing in a constant', () => {
    expect(mannKendall([5, 5, 5, 5])).toEqual({ statistic: 0, p: 1 });
  });

  const random = createRandom('trend');
  /** Share of 4000 series of ten medians, log-normal with a spread of 10 %, that are taken for steady. */
  const shareSteady = (drift: number): number => {
    let steady = 0;
    for (let series = 0; series < 4000; series++) {
      const medians = Array.from({ length: 10 }, (_, i) => Math.exp(0.1 * random.normal() + drift * i));
      if (isSteady(medians)) steady++;
    }
    return steady / 4000;
  };

  it('simulated: takes one steady series in ten for one with a trend', () => {
    const alarms = 1 - shareSteady(0);
    expect(alarms).toBeGreaterThan(0.07);
    expect(alarms).toBeLessThan(0.11);
  });

  it('simulated: sees a cache that fills up', () => {
    // From the first block to the last, 45 % quicker.
    expect(shareSteady(-0.06)).toBeLessThan(0.1);
    // 18 %: seen more often than not.
    expect(shareSteady(-0.02)).toBeLessThan(0.75);
  });
});
