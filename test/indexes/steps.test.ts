import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hnswElementsPerPage,
  hnswStepTable,
  largestFreeM,
  predictIndex,
  roomiestHnswDimensions,
  valueBytes,
} from '../../src/indexes/index.js';
import type { IndexSpec } from '../../src/vocabulary.js';
import { MB } from './cases.js';

describe('steps', () => {
  it.each([
    ['vector', 384, 34],
    ['vector', 512, 48],
    ['vector', 768, 76],
    ['vector', 1024, 100],
    ['halfvec', 384, 25],
    ['halfvec', 768, 34],
    ['bit', 768, 16],
    ['bit', 3072, 17],
  ] as const)('m of %s(%i) is free up to %i', (type, dimensions, free) => {
    expect(largestFreeM({ m: 16, valueBytes: valueBytes({ type, dimensions }) }, 100)).toBe(free);
  });

  it('lists how many vectors share a page, up to how many dimensions', () => {
    const table = hnswStepTable({ representation: 'vector', m: 16, from: 200, maxDimensions: 2000 });
    expect(table.map(({ vectorsPerPage, maxDimensions }) => [vectorsPerPage, maxDimensions])).toEqual([
      [7, 218],
      [6, 268],
      [5, 336],
      [4, 438],
      [3, 608],
      [2, 948],
      [1, 1968],
      [0.5, 2000],
    ]);
  });

  it('ends each step where one more dimension changes the packing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('vector' as const, 'halfvec' as const, 'bit' as const),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 2, max: 100 }),
        (representation, dimensions, m) => {
          const maxDimensions = 2000;
          const last = roomiestHnswDimensions({ representation, dimensions, m, maxDimensions });
          const perPage = (d: number): number =>
            hnswElementsPerPage({ m, valueBytes: valueBytes({ type: representation, dimensions: d }) });
          expect(perPage(last)).toBe(perPage(dimensions));
          if (last < maxDimensions) expect(perPage(last + 1)).toBeLessThan(perPage(last));
        },
      ),
      { seed: 1 },
    );
  });
});

describe('predictIndex', () => {
  const server = { maintenanceWorkMemBytes: 64 * MB, maxParallelMaintenanceWorkers: 2, pgVersion: 15 };
  const spec = (method: string, representation: IndexSpec['representation'], parameters = {}): IndexSpec => ({
    method,
    representation,
    parameters,
  });

  it('says that 1,969 dimensions double the index', () => {
    const {
      bytes,
      spec: full,
      steps,
    } = predictIndex({
      ...server,
      rows: 5_000_000,
      dimensions: 1536,
      spec: spec('hnsw', 'vector'),
    });
    expect(full.parameters).toEqual({ m: 16, ef_construction: 64 });
    expect(bytes / 8192 / 5_000_000).toBeCloseTo(1, 3);
    expect(steps?.vectorsPerPage).toBe(1);
    expect(steps?.freeParameter?.largest.value).toBe(100);
    expect(steps?.roomiestDimensions.value).toBe(1968);
    expect(steps?.nextDimensions?.value).toBe(1969);
    expect(steps!.nextDimensions!.bytes / bytes).toBeCloseTo(2, 3);
  });

  it('builds serially while the vectors lie out of line and the heap is small', () => {
    const at = (rows: number): number =>
      predictIndex({ ...server, rows, dimensions: 1536, spec: spec('hnsw', 'vector') }).parallelWorkers;
    expect([100_000, 200_000].map(at)).toEqual([0, 2]);
  });

  it.each([
    ['a parallel build', 200_000, 768, 'halfvec', 64, 28_364],
    ['a serial build that more memory makes parallel', 20_000, 128, 'vector', 16, 12_986],
  ] as const)(
    'says when %s spills, and how much memory keeps it from that',
    (_, rows, dimensions, representation, megabytes, row) => {
      const options = {
        ...server,
        rows,
        dimensions,
        spec: spec('hnsw', representation),
        maintenanceWorkMemBytes: megabytes * MB,
      };
      const { build } = predictIndex(options);
      expect(build?.spillRow).toBe(row);
      const enough = predictIndex({ ...options, maintenanceWorkMemBytes: build!.neededMaintenanceWorkMemBytes });
      expect(enough.build?.spillRow).toBeNull();
    },
  );

  it('says when IVFFlat fails for want of memory', () => {
    const options = { ...server, rows: 1_000_000, dimensions: 384, spec: spec('ivfflat', 'vector', { lists: 1000 }) };
    const { build } = predictIndex(options);
    expect(build?.fails).toBe(true);
    const enough = predictIndex({ ...options, maintenanceWorkMemBytes: build!.neededMaintenanceWorkMemBytes });
    expect(enough.build?.fails).toBe(false);
  });

  it('predicts nothing to build for the exact scan, but the table', () => {
    const { bytes, build, steps, table } = predictIndex({
      ...server,
      rows: 1000,
      dimensions: 768,
      spec: spec('none', 'vector'),
    });
    expect({ bytes, build, steps }).toEqual({ bytes: 0, build: null, steps: null });
    expect(table).toEqual({ heapPages: 8, toastPages: 500 });
  });
});
