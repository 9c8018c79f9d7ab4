import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckedRow } from '../../src/datasets/import/check-rows.js';
import { createReservoir } from '../../src/datasets/import/hold-out.js';
import { createRandom } from '../../src/random.js';

const row = (number: number): CheckedRow => ({
  number,
  vector: Float32Array.of(number),
  row: { id: null, text: null, attributes: null },
  scan: { low: 0, high: 0, notFiniteAt: -1, zero: false, beyondHalfAt: -1 },
});

function sample(rows: number, capacity: number, size: number, seed: number) {
  const reservoir = createReservoir(capacity, createRandom(seed));
  const passed: CheckedRow[] = [];
  for (let i = 0; i < rows; i++) {
    const out = reservoir.offer(row(i));
    if (out) passed.push(out);
  }
  return { passed, ...reservoir.split(size) };
}

describe('createReservoir', () => {
  it('neither loses nor doubles a row', () => {
    const input = fc.record({
      rows: fc.nat(60),
      capacity: fc.integer({ min: 1, max: 20 }),
      size: fc.nat(20),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(input, ({ rows, capacity, size, seed }) => {
        const { passed, sample: held, rest } = sample(rows, capacity, size, seed);
        expect(held).toHaveLength(Math.min(rows, capacity, size));
        const all = [...passed, ...held, ...rest];
        expect(all.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
          Array.from({ length: rows }, (_, i) => i),
        );
        expect(all.every(({ number, vector }) => vector[0] === number)).toBe(true);
      }),
    );
  });

  it.each([
    { capacity: 8, size: 8 },
    { capacity: 30, size: 8 },
  ])('holds every row out with the same probability: $size of a reservoir of $capacity', ({ capacity, size }) => {
    const rows = 40;
    const samples = 4000;
    const counts = Array.from({ length: rows }, () => 0);
    for (let seed = 0; seed < samples; seed++) {
      for (const { number } of sample(rows, capacity, size, seed).sample) counts[number]! += 1;
    }
    const expected = (samples * size) / rows;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / (expected * (1 - size / rows)), 0);
    // 39 degrees of freedom, 0.999 quantile; the seeds are fixed, so this does not flicker.
    expect(chiSquare).toBeLessThan(72.1);
  });
});
