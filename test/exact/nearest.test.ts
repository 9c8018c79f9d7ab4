import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNearest } from '../../src/exact/nearest.js';
import { createRandom } from '../../src/random.js';

describe('the k nearest rows', () => {
  const distances = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), { maxLength: 60 });

  it('are the first k of all rows sorted, in whatever order they were offered', () => {
    fc.assert(
      fc.property(distances, fc.integer({ min: 1, max: 30 }), fc.string(), (offered, k, seed) => {
        const rows = offered.map((distance, row) => ({ row, distance }));
        const nearest = createNearest(k, 'l2');
        for (const { row, distance } of createRandom(seed).shuffle([...rows])) nearest.offer(row, distance);
        const sorted = rows.sort((a, b) => (a.distance === b.distance ? a.row - b.row : a.distance - b.distance));
        const answer = nearest.answer();
        expect([...answer.rows]).toEqual(sorted.slice(0, k).map(({ row }) => row));
        expect([...answer.distances]).toEqual(sorted.slice(0, k).map(({ distance }) => distance));
        expect(answer.tiesBeyondK).toBe(sorted.slice(k).filter(({ distance }) => distance <= nearest.limit).length);
      }),
    );
  });

  it('count what ties within the relative tolerance, however many', () => {
    const nearest = createNearest(2, 'l2');
    for (let row = 0; row < 1000; row++) nearest.offer(row, 5);
    for (let row = 1000; row < 1500; row++) nearest.offer(row, 5 * (1 + 5e-7));
    nearest.offer(1500, 5 * (1 + 2e-6));
    expect(nearest.answer().tiesBeyondK).toBe(1498);
    // A nearer row moves the limit to the second of the others; two nearer rows leave the ties behind.
    nearest.offer(1501, 4);
    expect(nearest.answer().tiesBeyondK).toBe(1499);
    nearest.offer(1502, 4);
    expect(nearest.answer()).toMatchObject({ tiesBeyondK: 0, rows: Int32Array.of(1501, 1502) });
  });

  it('count ties without number in little memory', () => {
    const nearest = createNearest(1, 'l2');
    nearest.offer(0, 1);
    for (let row = 1; row <= 100_000; row++) nearest.offer(row, 1 + row * 1e-11);
    expect(nearest.answer().tiesBeyondK / 100_000).toBeCloseTo(1, 1);
  });

  it('forget ties that the limit has passed', () => {
    const nearest = createNearest(1, 'l2');
    for (let i = 0; i < 10_000; i++) nearest.offer(i, 1 - i * 1.5e-7);
    // Six steps back is within a millionth of the last distance, seven is not.
    expect(nearest.answer()).toMatchObject({ rows: Int32Array.of(9999), tiesBeyondK: 6 });
  });
});
