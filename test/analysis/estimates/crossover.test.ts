import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CostCurve, crossovers as crossoversOf } from '../../../src/analysis/index.js';
import { createRandom } from '../../../src/random.js';

const GRID = [0.001, 0.01, 0.1, 0.5];

/** A cost of `scale · selectivity^power`, known to within `spread`. */
const curve = (strategy: string, scale: number, power: number, { at = GRID, spread = 1.05 } = {}): CostCurve => ({
  strategy,
  points: at.map((selectivity) => {
    const value = scale * selectivity ** power;
    return { selectivity, cost: { value, low: value / spread, high: value * spread } };
  }),
});

/** The change between the cheapest at each selectivity that some curve has. */
function crossovers(curves: readonly CostCurve[]) {
  const selectivities = [...new Set(curves.flatMap(({ points }) => points.map(({ selectivity }) => selectivity)))];
  const choices = selectivities.map((selectivity) => {
    const costs = curves.flatMap(({ strategy, points }) =>
      points.filter((point) => point.selectivity === selectivity).map(({ cost }) => ({ strategy, value: cost.value })),
    );
    const strategy = costs.toSorted((a, b) => a.value - b.value)[0]?.strategy ?? null;
    return { selectivity, strategy };
  });
  return crossoversOf(curves, choices);
}

describe('crossovers', () => {
  it('are where power laws cross', () => {
    // Sorting 1000 · s ms of rows against scanning on for 0.2 / s ms: equal at s² = 0.0002.
    const [crossover, ...others] = crossovers([curve('pre-filter', 1000, 1), curve('iterative', 0.2, -1)]);
    expect(others).toEqual([]);
    expect(crossover).toMatchObject({ below: 'pre-filter', above: 'iterative', kind: 'cost' });
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

  it('are between strategies that were the choice somewhere, and no others', () => {
    // `flat` is below both between two places, where nothing was measured.
    const found = crossovers([curve('steep', 1, 2), curve('flat', 0.00011, 0), curve('falling', 0.00001, -1)]);
    expect(found.map(({ below, above }) => [below, above])).toEqual([['steep', 'falling']]);
    expect(found[0]!.selectivity.value).toBeCloseTo(0.00001 ** (1 / 3), 9);
  });

  it('are where the two cost the same, whatever their lines', () => {
    const line = fc.record({
      left: fc.double({ min: 1, max: 9, noNaN: true }),
      right: fc.double({ min: 1, max: 9, noNaN: true }),
    });
    fc.assert(
      fc.property(line, line, (a, b) => {
        const curves = [a, b].map(({ left, right }, i): CostCurve => ({
          strategy: String(i),
          points: [
            { selectivity: 0.01, cost: { value: left, low: left, high: left } },
            { selectivity: 0.1, cost: { value: right, low: right, high: right } },
          ],
        }));
        const costAt = ({ left, right }: typeof a, selectivity: number): number => {
          const share = Math.log(selectivity / 0.01) / Math.log(10);
          return Math.exp((1 - share) * Math.log(left) + share * Math.log(right));
        };
        for (const { selectivity } of crossovers(curves)) {
          expect(costAt(a, selectivity.value)).toBeCloseTo(costAt(b, selectivity.value), 9);
          expect(selectivity.value).toBeGreaterThanOrEqual(0.01 * (1 - 1e-9));
          expect(selectivity.value).toBeLessThanOrEqual(0.1 * (1 + 1e-9));
        }
      }),
    );
  });

  it('lie at the nearer end where the choice was one between equals', () => {
    const curves = [curve('pre-filter', 100, 1), curve('partial', 0.9, 0, { spread: 1.5 })];
    const choices = [
      { selectivity: 0.001, strategy: 'pre-filter' },
      // 1.0 against 0.9, which cannot be told apart.
      { selectivity: 0.01, strategy: 'pre-filter' },
      { selectivity: 0.1, strategy: 'partial' },
    ];
    const [found, ...others] = crossoversOf(curves, choices);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ below: 'pre-filter', above: 'partial', kind: 'cost' });
    expect(found!.selectivity.value).toBeCloseTo(0.01, 9);
    expect(found!.selectivity.low).toBeLessThan(0.01);
    expect(found!.selectivity.high).toBeGreaterThan(0.01);
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
    const found = crossovers([curve('pre-filter', 1000, 1), curve('post-filter', 0.5, 0, { at: [0.1, 0.5] })]);
    expect(found).toEqual([
      {
        below: 'pre-filter',
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
      const [found] = crossovers([noisy('pre-filter', 1000, 1), noisy('iterative', 0.2, -1)]);
      const { low, high } = found!.selectivity;
      if ((low ?? 0) <= truth && truth <= (high ?? 1)) held++;
      if ((high ?? 1) / (low ?? 1e-9) < 1.5) narrow++;
    }
    expect(held / REPETITIONS).toBeGreaterThan(0.95);
    expect(narrow / REPETITIONS).toBeGreaterThan(0.95);
  });
});
