import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guessKnob, isotonic } from '../../../src/analysis/index.js';
import { normalCdf, normalQuantile } from '../../../src/analysis/stats/normal.js';

describe('normal distribution', () => {
  // scipy.stats.norm, scipy 1.17.
  it.each([
    [-6, 9.865876450376946e-10],
    [-3.5, 0.00023262907903552502],
    [-1.96, 0.024997895148220435],
    [0, 0.5],
    [1, 0.8413447460685429],
    [5, 0.9999997133484281],
  ])('P(Z ≤ %d) = %d', (z, p) => {
    expect(Math.abs(normalCdf(z) - p)).toBeLessThan(2e-15);
  });

  it.each([
    [0.95, 1.6448536269514722],
    [0.975, 1.959963984540054],
    [0.9995, 3.2905267314919255],
    [1e-6, -4.753424308822899],
  ])('has the quantile %d at %d', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 9);
  });

  it('has tails of next to nothing', () => {
    expect(normalCdf(-40)).toBe(0);
    expect(normalCdf(40)).toBe(1);
  });
});

describe('isotonic regression', () => {
  it('pools what falls, by weight', () => {
    expect(isotonic([1, 3, 2, 2])).toEqual([1, 7 / 3, 7 / 3, 7 / 3]);
    // scipy.optimize.isotonic_regression, scipy 1.17.
    const fit = isotonic([1, 3, 2, 4, 3.5, 3, 5], [1, 2, 1, 1, 3, 1, 1]);
    const expected = [1, 8 / 3, 8 / 3, 3.5, 3.5, 3.5, 5];
    for (const [i, value] of fit.entries()) expect(value).toBeCloseTo(expected[i]!, 12);
  });

  it('does not fall, keeps the mean, and leaves alone what rises', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1 }), (values) => {
        const fit = isotonic(values);
        const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
        for (let i = 1; i < fit.length; i++) expect(fit[i]!).toBeGreaterThanOrEqual(fit[i - 1]!);
        expect(sum(fit)).toBeCloseTo(sum(values), 6);
        const rising = values.toSorted((a, b) => a - b);
        expect(isotonic(rising)).toEqual(rising);
      }),
    );
  });
});

describe('guess of a knob', () => {
  // dbpedia, 1M × 1536, m = 16, ef_construction = 200: ef_search → recall, as reported in pgvector issue 409.
  const curve = new Map([
    [10, 0.846],
    [20, 0.922],
    [40, 0.966],
    [80, 0.986],
    [120, 0.991],
    [200, 0.995],
    [400, 0.9975],
  ]);
  const at = (...knobs: number[]) => knobs.map((knob) => ({ knob, recall: curve.get(knob)!, queries: 10_000 }));

  it('lies between the neighbours of the target, near the curve', () => {
    const guess = guessKnob(at(80, 20), 0.966);
    expect(guess).toBeGreaterThan(34);
    expect(guess).toBeLessThan(48);
    expect(guessKnob(at(10, 40, 120, 400), 0.995)).toBeGreaterThan(150);
    expect(guessKnob(at(10, 40, 120, 400), 0.995)).toBeLessThan(260);
    expect(guessKnob(at(40, 80), 0.986)).toBeCloseTo(80, 6);
  });

  it('goes on a little where all points miss, and back a little where all reach', () => {
    const beyond = guessKnob(at(20, 40), 0.986);
    expect(beyond).toBeGreaterThan(60);
    expect(beyond).toBeLessThan(110);
    const before = guessKnob(at(40, 80), 0.922);
    expect(before).toBeGreaterThan(12);
    expect(before).toBeLessThan(30);
    expect(guessKnob(at(10, 20), 0.99999)).toBeCloseTo(80, 6);
  });

  it('has a slope to start from with one point', () => {
    expect(guessKnob(at(40), 0.986)).toBeGreaterThan(50);
    expect(guessKnob(at(40), 0.986)).toBeLessThan(110);
    expect(guessKnob(at(40), 0.966)).toBeCloseTo(40, 6);
  });

  it('is a positive number whatever was seen', () => {
    const seen = fc.uniqueArray(
      fc.record({
        knob: fc.integer({ min: 1, max: 1000 }),
        recall: fc.double({ min: 0, max: 1, noNaN: true }),
        queries: fc.integer({ min: 1, max: 2000 }),
      }),
      { minLength: 1, maxLength: 8, selector: ({ knob }) => knob },
    );
    fc.assert(
      fc.property(seen, fc.double({ min: 0.01, max: 1, noNaN: true }), (points, target) => {
        const guess = guessKnob(points, target);
        const knobs = points.map(({ knob }) => knob);
        expect(guess).toBeGreaterThanOrEqual((Math.min(...knobs) / 4) * (1 - 1e-9));
        expect(guess).toBeLessThanOrEqual(4 * Math.max(...knobs) * (1 + 1e-9));
      }),
    );
  });
});
