import { describe, expect, it } from 'vitest';
import { chiSquare, energyDistance, kolmogorovSmirnov, permutationTest } from '../../src/analysis/index.js';
import { judgeDrift } from '../../src/nightly/drift/drift.js';
import { createRandom, type Random } from '../../src/random.js';
import type { Matrix } from '../../src/vocabulary.js';

const DIMENSIONS = 4;
const CENTRES = Array.from({ length: 8 }, (_, i) => {
  const random = createRandom(`centre ${i}`);
  return Array.from({ length: DIMENSIONS }, () => 3 * random.normal());
});

/** Vectors about eight centres. @param share of the first centre; the others share the rest */
function vectors(rows: number, random: Random, { share = 1 / 8, scale = 1 } = {}): Matrix {
  const values = new Float32Array(rows * DIMENSIONS);
  for (let row = 0; row < rows; row++) {
    const centre = CENTRES[random.next() < share ? 0 : 1 + random.int(7)]!;
    values.set(
      centre.map((value) => scale * (value + random.normal())),
      row * DIMENSIONS,
    );
  }
  return { rows, dimensions: DIMENSIONS, values };
}

const night = (seed: string, base: number, candidate: number, change = {}) => {
  const random = createRandom(seed);
  return judgeDrift({
    metric: 'l2',
    isSameData: false,
    base: vectors(base, random),
    candidate: vectors(candidate, random, change),
  });
};

describe('statistics of two samples', () => {
  it('are those of their definitions', () => {
    const labels = [0, 0, 1, 1];
    expect(kolmogorovSmirnov([1, 2, 3, 4])(labels)).toBe(1);
    expect(kolmogorovSmirnov([1, 3, 2, 4])(labels)).toBe(0.5);
    expect(kolmogorovSmirnov([7, 7, 7, 7])(labels)).toBe(0);
    // The 2 × 2 table (2, 0; 0, 2).
    expect(chiSquare([0, 0, 1, 1])(labels)).toBe(4);
    expect(chiSquare([0, 1, 0, 1])(labels)).toBe(0);
    const points = [0, 1, 5, 7];
    const distances = Float32Array.from(points.flatMap((a) => points.map((b) => Math.abs(a - b))));
    // Between: (5 + 7 + 4 + 6) / 4; within, over all ordered pairs with themselves: 2 / 4 and 4 / 4.
    expect(energyDistance(distances, 4)(labels)).toBeCloseTo(1 - (0.5 + 1) / (2 * 5.5), 12);
  });

  it('have a p that is uniform where both samples are of one distribution', () => {
    const p = Array.from({ length: 400 }, (_, i) => {
      const random = createRandom(`uniform ${i}`);
      const values = Array.from({ length: 60 }, () => random.normal());
      return permutationTest([20, 40], kolmogorovSmirnov(values), { random, draws: 199 }).p;
    });
    for (const level of [0.05, 0.2, 0.5]) {
      const share = p.filter((value) => value <= level).length / p.length;
      // More would come by chance once in a thousand times; ties of the statistic make it smaller.
      expect(share).toBeLessThan(level + 3.1 * Math.sqrt((level * (1 - level)) / p.length));
      expect(share).toBeGreaterThan(level / 2);
    }
  });
});

describe('drift', () => {
  it('is said of hardly any night on which nothing changed', () => {
    const alarms = Array.from({ length: 200 }, (_, i) => night(`equal ${i}`, 90, 60)).filter(
      ({ answer }) => answer === 'different',
    ).length;
    // 2 are expected at 1 %; 7 or more would come once in two hundred such tests.
    expect(alarms).toBeLessThanOrEqual(6);
  });

  it('is seen where a tenth of the rows comes from one region, or all vectors are a little longer', () => {
    const seen = (change: object): number =>
      Array.from({ length: 2 }, (_, i) => night(`changed ${i}`, 2500, 2000, change)).filter(
        ({ answer }) => answer === 'different',
      ).length;
    expect(seen({ share: 0.225 })).toBe(2);
    expect(seen({ scale: 1.1 })).toBe(2);
  });

  it('names the figure and the region that changed', () => {
    const { figures, regions } = night('region', 700, 500, { share: 0.5 });
    expect(figures.filter(({ hasChanged }) => hasChanged).map(({ figure }) => figure)).toContain('regions');
    expect(regions.some(({ base, candidate }) => candidate > 2 * base)).toBe(true);
    expect(regions.every(({ example }) => example === null || (example >= 0 && example < 500))).toBe(true);
  });

  it('is unknown among few vectors, and nothing is computed of next to none', () => {
    expect(night('few', 120, 80).answer).toBe('unknown');
    expect(night('many', 5500, 5000).answer).toBe('same');
    expect(night('none', 1, 1)).toMatchObject({ answer: 'unknown', figures: [] });
  });

  it('does not see lengths in distances of directions', () => {
    const random = createRandom('cosine');
    const { figures } = judgeDrift({
      metric: 'cosine',
      isSameData: false,
      base: vectors(700, random),
      candidate: vectors(500, random, { scale: 1.3 }),
    });
    expect(figures.filter(({ hasChanged }) => hasChanged).map(({ figure }) => figure)).toEqual(['length']);
  });
});
