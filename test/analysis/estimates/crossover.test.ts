import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossover, type RatioAt } from '../../../src/analysis/index.js';
import { createRandom } from '../../../src/random.js';

const GRID = [0.001, 0.01, 0.1, 0.5];

/** Ratios of `scale · selectivity^power`, known to within `spread`. */
const ratios = (scale: number, power: number, { at = GRID, spread = 1.05 } = {}): readonly RatioAt[] =>
  at.map((selectivity) => {
    const value = scale * selectivity ** power;
    return { selectivity, ratio: { value, low: value / spread, high: value * spread } };
  });

/** Scanning on for 0.2 / s ms against sorting 1000 · s ms of rows: equal at s² = 0.0002. */
const SCAN_OVER_SORT = [0.0002, -2] as const;
const TRUTH = Math.sqrt(0.0002);

describe('a crossover', () => {
  it('is where power laws cross', () => {
    const found = crossover(0.01, 0.1, ratios(...SCAN_OVER_SORT));
    expect(found!.value).toBeCloseTo(TRUTH, 10);
    // A ratio of ±5 % on lines that part by the square of the selectivity.
    const factor = Math.exp(Math.log(1.05) / 2);
    expect(found!.low).toBeCloseTo(TRUTH / factor, 6);
    expect(found!.high).toBeCloseTo(TRUTH * factor, 6);
  });

  it('does not depend on the order of the places', () => {
    // Not on one line: between other places other ends would be found.
    const factor = fc.double({ min: 0.3, max: 3, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(factor, factor, factor, factor),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        (bends, order) => {
          const found = GRID.map((selectivity, i): RatioAt => {
            const value = SCAN_OVER_SORT[0] * selectivity ** SCAN_OVER_SORT[1] * bends[i]!;
            return { selectivity, ratio: { value, low: value / 3, high: value * 3 } };
          });
          expect(
            crossover(
              0.01,
              0.1,
              order.map((i) => found[i]!),
            ),
          ).toEqual(crossover(0.01, 0.1, found));
        },
      ),
    );
  });

  it('is where the two cost the same, whatever their line', () => {
    const value = fc.double({ min: 0.1, max: 9, noNaN: true });
    fc.assert(
      fc.property(value, value, (left, right) => {
        const places = [left, right].map((ratio, i) => ({
          selectivity: [0.01, 0.1][i]!,
          ratio: { value: ratio, low: ratio, high: ratio },
        }));
        const found = crossover(0.01, 0.1, places)!;
        expect(found.value).toBeGreaterThanOrEqual(0.01 * (1 - 1e-9));
        expect(found.value).toBeLessThanOrEqual(0.1 * (1 + 1e-9));
        if (Math.log(left) * Math.log(right) >= 0) return;
        const share = Math.log(found.value / 0.01) / Math.log(10);
        expect((1 - share) * Math.log(left) + share * Math.log(right)).toBeCloseTo(0, 9);
      }),
    );
  });

  it('lies at the nearer end where the choice was one between equals', () => {
    const found = crossover(0.01, 0.1, ratios(0.009, -1, { spread: 1.5 }));
    expect(found!.value).toBeCloseTo(0.01, 9);
    expect(found!.low).toBeLessThan(0.01);
    expect(found!.high).toBeGreaterThan(0.01);
  });

  it('has no end where what was measured cannot tell the two apart', () => {
    expect(crossover(0.01, 0.1, ratios(0.95, -0.02, { spread: 1.2 }))).toMatchObject({ low: null, high: null });
    const unknown = ratios(...SCAN_OVER_SORT).map(({ selectivity, ratio }) => ({
      selectivity,
      ratio: { ...ratio, low: null, high: null },
    }));
    expect(crossover(0.01, 0.1, unknown)).toMatchObject({ low: null, high: null });
  });

  it('has an end only within what was measured side by side', () => {
    const found = crossover(0.01, 0.1, ratios(...SCAN_OVER_SORT, { at: [0.01, 0.1], spread: 4 }));
    expect(found!.value).toBeCloseTo(TRUTH, 10);
    expect(found!.low).toBeNull();
    expect(found!.high).toBeLessThan(0.1);
  });

  it('is none where the two were not measured side by side on both sides', () => {
    expect(crossover(0.01, 0.1, ratios(...SCAN_OVER_SORT, { at: [0.1, 0.5] }))).toBeNull();
    expect(crossover(0.01, 0.1, [])).toBeNull();
  });

  it('holds the true crossing in 95 % of repetitions or more', () => {
    const random = createRandom('crossovers');
    const REPETITIONS = 2000;
    const sigma = 0.1;
    const factor = Math.exp(1.96 * sigma);
    let held = 0;
    let narrow = 0;
    for (let i = 0; i < REPETITIONS; i++) {
      const noisy = ratios(...SCAN_OVER_SORT).map(({ selectivity, ratio }) => {
        const value = ratio.value * Math.exp(sigma * random.normal());
        return { selectivity, ratio: { value, low: value / factor, high: value * factor } };
      });
      const { low, high } = crossover(0.01, 0.1, noisy)!;
      if ((low ?? 0) <= TRUTH && TRUTH <= (high ?? 1)) held++;
      if ((high ?? 1) / (low ?? 1e-9) < 1.5) narrow++;
    }
    expect(held / REPETITIONS).toBeGreaterThan(0.95);
    expect(narrow / REPETITIONS).toBeGreaterThan(0.95);
  });
});
