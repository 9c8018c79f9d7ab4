import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fit, graphsOf } from '../../benchmarks/fit-graphs.js';
import { readGrid } from '../../benchmarks/grid-file.js';
import { hnswEffort, OF_DEPTH, OF_PARAMETERS } from '../../src/indexes/hnsw-effort.js';

const DEFAULT = { m: 16, efConstruction: 64 };

describe('the work of a graph beside that of the default one', () => {
  it('is the same for the default, however far a query has to look', () => {
    for (const depth of [0, 1, 3, 9]) expect(hnswEffort({ ...DEFAULT, depth })).toBe(0);
  });

  it('favours dense and careful graphs the more, the farther a query has to look', () => {
    const dense = { m: 24, efConstruction: 128 };
    const sparse = { m: 8, efConstruction: 64 };
    expect(hnswEffort({ ...dense, depth: 0 })).toBeGreaterThan(0);
    expect(hnswEffort({ ...sparse, depth: 0 })).toBeLessThan(0);
    for (const [near, far] of [
      [0, 1],
      [1, 2],
      [2, 4],
    ] as const) {
      expect(hnswEffort({ ...dense, depth: far })).toBeLessThan(hnswEffort({ ...dense, depth: near }));
    }
    expect(hnswEffort({ ...dense, depth: 3 })).toBeLessThan(hnswEffort({ ...sparse, depth: 3 }));
  });

  it('is not extrapolated beyond the graphs that it was fitted to', () => {
    const graph = { m: 24, efConstruction: 256 };
    expect(hnswEffort({ ...graph, depth: 20 })).toBe(hnswEffort({ ...graph, depth: 5 }));
    expect(hnswEffort({ ...graph, depth: -3 })).toBe(hnswEffort({ ...graph, depth: 0 }));
  });

  it('is what the recorded graphs of four tables say, and not those of the tables that judge it', () => {
    const grids = join(import.meta.dirname, '..', '..', 'benchmarks', 'grids');
    const fitted = fit(
      ['copies-28', 'docs-en', 'docs-ru', 'docs-tail'].flatMap((name) =>
        graphsOf(readGrid(join(grids, `${name}.jsonl.gz`))),
      ),
    );
    expect([...OF_PARAMETERS, ...OF_DEPTH]).toEqual(fitted.map((coefficient) => Number(coefficient.toFixed(4))));
  });
});
