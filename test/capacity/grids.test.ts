import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGrid } from '../../benchmarks/grid-file.js';
import { growthTests } from '../../benchmarks/growth.js';
import type { GrowthFigure } from '../../src/capacity/index.js';

const GRIDS = join(import.meta.dirname, '../../benchmarks/grids');

/** The whole table predicted from a quarter of its rows and less, on every recorded grid. */
const tests = readdirSync(GRIDS).flatMap((file) =>
  [0.9, 0.95, 0.98].flatMap((recall) => growthTests(readGrid(join(GRIDS, file)), recall)),
);

describe('growth on the recorded grids', () => {
  it.each<[GrowthFigure, number]>([
    ['indexBytes', 0.01],
    ['buffers', 0.15],
    ['knob', 0.3],
  ])('%s is predicted with a median error of at most %f, and intervals that cover', (figure, mostError) => {
    const some = tests.filter((test) => test.figure === figure);
    expect(some.length).toBeGreaterThan(50);
    const errors = some.map(({ error }) => Math.abs(error)).toSorted((a, b) => a - b);
    expect(errors[errors.length >> 1]).toBeLessThan(mostError);
    expect(some.filter(({ covered }) => covered).length / some.length).toBeGreaterThan(0.85);
  });
});
