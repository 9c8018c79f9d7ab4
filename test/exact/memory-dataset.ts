import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Dataset, DeclaredNeighbours } from '../../src/datasets/index.js';
import { createRandom } from '../../src/random.js';
import type { Matrix } from '../../src/vocabulary.js';

export const matrix = (rows: number, dimensions: number, values: ArrayLike<number>): Matrix => ({
  rows,
  dimensions,
  values: Float32Array.from(values),
});

/** Standard normal values. */
export function randomMatrix(rows: number, dimensions: number, seed: string): Matrix {
  const random = createRandom(seed);
  return matrix(
    rows,
    dimensions,
    Float32Array.from({ length: rows * dimensions }, () => random.normal()),
  );
}

export const vectorOf = ({ dimensions, values }: Matrix, row: number): Float32Array =>
  values.subarray(row * dimensions, (row + 1) * dimensions);

export interface MemoryDatasetOptions {
  readonly hash?: string;
  /** Rows of each block, whatever is asked for. */
  readonly blockRows?: number;
  readonly declared?: DeclaredNeighbours;
  /** Called before each block. */
  readonly onBlock?: () => void;
}

/** A dataset in memory with a cache folder that is removed after the test. Blocks reuse their array, as files do. */
export function memoryDataset(base: Matrix, queries: Matrix, options: MemoryDatasetOptions = {}): Dataset {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'pgvtune-exact-'));
  onTestFinished(() => rmSync(cacheFolder, { recursive: true }));
  const { rows, dimensions } = base;
  return {
    manifest: {
      version: 1,
      name: 'memory',
      hash: options.hash ?? 'memory',
      rows,
      dimensions,
      queries: queries.rows,
      metric: null,
      synthetic: true,
      columns: [],
      textColumn: null,
      queriesHeldOut: true,
      checks: { duplicateRows: 0, zeroRows: 0, zeroQueries: 0, queriesInBase: 0 },
      source: null,
    },
    queries,
    async *blocks(rowsPerBlock = rows) {
      const blockRows = options.blockRows ?? rowsPerBlock;
      const buffer = new Float32Array(blockRows * dimensions);
      for (let start = 0; start < rows; start += blockRows) {
        options.onBlock?.();
        const count = Math.min(blockRows, rows - start);
        buffer.set(base.values.subarray(start * dimensions, (start + count) * dimensions));
        yield { start, rows: count, dimensions, values: buffer.subarray(0, count * dimensions) };
        buffer.fill(NaN);
      }
    },
    vector: (row) => vectorOf(base, row).slice(),
    async *rows() {},
    async *queryRows() {},
    declaredNeighbours: async () => options.declared ?? null,
    cacheFolder,
    close: () => undefined,
  };
}
