import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CostCurve, crossovers } from '../../src/analysis/index.js';
import { createRandom } from '../../src/random.js';

const GRID = [0.001, 0.01, 0.1, 0.5];

/** A cost of `scale · selectivity^power`, known to within `spread`. */
const curve = (strategy: string, scale: number, power: number, { at = GRID, spread = 1.05 } = {}): CostCurve => ({
  strategy,
  points: at.map((selectivity) => {
    const value = scale * selectivity ** power;
    return { selectivity, cost: { value, low: value / spread, high: value * spread } };
  }),
});

describe('crossovers', () => {
  it('are where power laws cross', () => {
    // Sorting 1000 · s ms of rows against scanning on for 0.2 / s ms: equal at s² = 0.0002.
    const [crossover, ...others] = crossovers([curve('lookup', 1000, 1), curve('iterative', 0.2, -1)]);
    expect(others).toEqual([]);
    expect(crossover).toMatchObject({ below: 'lookup', above: 'iterative', kind: 'cost' });
    expect(crossover!.selectivity.value).toBeCloseTo(Math.sqrt(0.0002), 10);
    // Two costs of ±5 % are apart by √2 · 5 %, on lines that part by the square of the selectivity.
    const factor = Math.exp((Math.SQRT2 * Math.log(1.05)) / 2);
    expect(crossover!.selectivity.low).toBeCloseTo(Math.sqrt(0.0002) / factor, 6);
    expect(crossover!.selectivity.high).toBeCloseTo(Math.sqrt(0.0002) * factor, 6);
  });

  it('do not depend on the order of curves and points', () => {
    const curves = [curve('a', 1000, 1), curve('b', 3, 0), curve('c', 0.5, -0.5)];
    const shuffled = curves.toReversed().map(({ strategy, points }) => ({ strategy, points: points.toReversed() }));
    expect(crossovers(shuffled)).toEqual(crossovers(curves));
  });

  it('find a strategy that is cheapest only between two selectivities', () => {
    const found = crossovers([curve('steep', 1, 2), curve('flat', 0.01, 0), curve('falling', 0.00001, -1)]);
    expect(found.map(({ below, above }) => [below, above])).toEqual([['steep', 'falling']]);
    const between = crossovers([curve('steep', 1, 2), curve('flat', 0.0001, 0), curve('falling', 0.00001, -1)]);
    expect(between.map(({ below, above }) => [below, above])).toEqual([
      ['steep', 'flat'],
      ['flat', 'falling'],
    ]);
    expect(between.map(({ selectivity }) => selectivity.value)).toEqual([
      expect.closeTo(0.01, 9),
      expect.closeTo(0.1, 9),
    ]);
  });

  it('follow the lower envelope of any lines', () => {
    const line = fc.record({
      left: fc.double({ min: 1, max: 9, noNaN: true }),
      right: fc.double({ min: 1, max: 9, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(line, { minLength: 2, maxLength: 6, selector: ({ left, right }) => `${left} ${right}` }),
        (lines) => {
          const curves = lines.map(({ left, right }, i): CostCurve => ({
            strategy: String(i),
            points: [
              { selectivity: 0.01, cost: { value: left, low: left, high: left } },
              { selectivity: 0.1, cost: { value: right, low: right, high: right } },
            ],
          }));
          const costAt = (strategy: string, selectivity: number): number => {
            const { left, right } = lines[Number(strategy)]!;
            const share = Math.log(selectivity / 0.01) / Math.log(10);
            return Math.exp((1 - share) * Math.log(left) + share * Math.log(right));
          };
          const lowest = (selectivity: number): number =>
            Math.min(...curves.map(({ strategy }) => costAt(strategy, selectivity)));
          const found = crossovers(curves);
          for (const { below, above, selectivity } of found) {
            expect(costAt(below!, selectivity.value)).toBeCloseTo(lowest(selectivity.value), 9);
            expect(costAt(above!, selectivity.value)).toBeCloseTo(lowest(selectivity.value), 9);
          }
          for (const [i, crossover] of found.entries()) {
            if (i > 0) expect(found[i - 1]!.above).toBe(crossover.below);
          }
          const last = found.at(-1)?.above ?? null;
          if (last !== null) expect(costAt(last, 0.1)).toBe(lowest(0.1));
        },
      ),
    );
  });

  it('have no end where what was measured cannot tell the two apart', () => {
    const [crossover] = crossovers([curve('a', 1, 0.02, { spread: 1.2 }), curve('b', 0.95, 0)]);
    expect(crossover).toMatchObject({ kind: 'cost', selectivity: { low: null, high: null } });
    const unknown = crossovers([
      curve('a', 1000, 1),
      {
        strategy: 'b',
        points: GRID.map((selectivity) => ({ selectivity, cost: { value: 10, low: null, high: null } })),
      },
    ]);
    expect(unknown).toMatchObject([{ selectivity: { low: null, high: null } }]);
  });

  it('lie between two measurements where one strategy stops to reach the target', () => {
    const found = crossovers([curve('lookup', 1000, 1), curve('post-filter', 0.5, 0, { at: [0.1, 0.5] })]);
    expect(found).toEqual([
      {
        below: 'lookup',
        above: 'post-filter',
        kind: 'reach',
        selectivity: {
          value: expect.closeTo(Math.sqrt(0.001), 9) as number,
          low: expect.closeTo(0.01, 9) as number,
          high: expect.closeTo(0.1, 9) as number,
        },
      },
    ]);
    expect(
      crossovers([curve('post-filter', 0.5, 0, { at: [0.1] }), curve('other', 1, 0, { at: [0.01] })]),
    ).toMatchObject([{ below: 'other', above: 'post-filter', kind: 'reach' }]);
  });

  it('are none where one strategy is always the cheapest, or there is nothing to compare', () => {
    expect(crossovers([curve('a', 1, 0), curve('b', 2, 0)])).toEqual([]);
    expect(crossovers([curve('a', 1, 1)])).toEqual([]);
    expect(crossovers([])).toEqual([]);
  });

  it('hold the true crossing in 95 % of repetitions or more', () => {
    const random = createRandom('crossovers');
    const REPETITIONS = 2000;
    const sigma = 0.1;
    const truth = Math.sqrt(0.0002);
    const noisy = (strategy: string, scale: number, power: number): CostCurve => ({
      strategy,
      points: GRID.map((selectivity) => {
        const value = scale * selectivity ** power * Math.exp(sigma * random.normal());
        const factor = Math.exp(1.96 * sigma);
        return { selectivity, cost: { value, low: value / factor, high: value * factor } };
      }),
    });
    let held = 0;
    let narrow = 0;
    for (let i = 0; i < REPETITIONS; i++) {
      const [found] = crossovers([noisy('lookup', 1000, 1), noisy('iterative', 0.2, -1)]);
      const { low, high } = found!.selectivity;
      if ((low ?? 0) <= truth && truth <= (high ?? 1)) held++;
      if ((high ?? 1) / (low ?? 1e-9) < 1.5) narrow++;
    }
    expect(held / REPETITIONS).toBeGreaterThan(0.95);
    expect(narrow / REPETITIONS).toBeGreaterThan(0.95);
  });
});
