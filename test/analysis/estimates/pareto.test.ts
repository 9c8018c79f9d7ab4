import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epsilonFront, type Objectives, paretoFront } from '../../../src/analysis/index.js';

interface Point {
  readonly recall: number;
  readonly ms: number;
  readonly bytes: number;
}

const objectives = ({ recall, ms, bytes }: Point): Objectives => ({ max: [recall], min: [ms, bytes] });
const point = fc.record({
  recall: fc.integer({ min: 0, max: 10 }),
  ms: fc.integer({ min: 0, max: 10 }),
  bytes: fc.integer({ min: 0, max: 3 }),
});
const points = fc.array(point, { maxLength: 40 });
const noWorse = (a: Point, b: Point, by = 0): boolean =>
  a.recall >= b.recall - by && a.ms <= b.ms + by && a.bytes <= b.bytes + by;
const beats = (a: Point, b: Point): boolean =>
  noWorse(a, b) && (a.recall > b.recall || a.ms < b.ms || a.bytes < b.bytes);

describe('Pareto front', () => {
  it('keeps what nothing beats, in the order given', () => {
    const cheap = { recall: 0.9, ms: 1, bytes: 10 };
    const good = { recall: 0.99, ms: 3, bytes: 10 };
    const beaten = { recall: 0.9, ms: 2, bytes: 10 };
    const twin = { ...cheap };
    expect(paretoFront([good, beaten, cheap, twin], objectives)).toEqual([good, cheap, twin]);
  });

  it('holds exactly the candidates that none beats', () => {
    fc.assert(
      fc.property(points, (all) => {
        const front = paretoFront(all, objectives);
        for (const candidate of all) {
          expect(front.includes(candidate)).toBe(!all.some((other) => beats(other, candidate)));
        }
      }),
    );
  });

  it('takes an unknown time, infinity, as the worst', () => {
    const unknown = { recall: 0.9, ms: Infinity, bytes: 1 };
    expect(paretoFront([unknown, { recall: 0.9, ms: 5, bytes: 1 }], objectives)).toHaveLength(1);
    expect(paretoFront([unknown, { ...unknown, recall: 0.8 }], objectives)).toEqual([unknown]);
  });

  it('thinned by a tolerance, still stands for every candidate', () => {
    const tolerance = { max: [2], min: [2, 2] };
    fc.assert(
      fc.property(points, (all) => {
        const kept = epsilonFront(all, objectives, tolerance);
        for (const candidate of all) expect(kept.some((other) => noWorse(other, candidate, 2))).toBe(true);
        for (const [i, a] of kept.entries()) for (const b of kept.slice(i + 1)) expect(noWorse(a, b, 2)).toBe(false);
      }),
    );
  });
});
