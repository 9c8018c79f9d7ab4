import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  heapPages,
  hnswBuildWorkers,
  hnswNeededMaintenanceWorkMem,
  hnswSharedMemory,
  hnswSpillRow,
  ivfflatMemory,
  ivfflatMemoryError,
  plannedBuildWorkers,
  valueBytes,
} from '../../src/indexes/index.js';
import { cases, MB } from './cases.js';

describe('HNSW build memory', () => {
  it.each(cases.hnswSpills)(
    '$type($dimensions), m=$m under $maintenanceWorkMemMb MB spills after $spillRow rows',
    (spill) => {
      const build = { m: spill.m, valueBytes: valueBytes(spill), parallelWorkers: 1, pgVersion: 15 };
      const row = hnswSpillRow(build, spill.rows, spill.maintenanceWorkMemMb * MB);
      expect(row! / spill.spillRow).toBeCloseTo(1, 3);
    },
  );

  it.each([
    ['keeps 3 MB for the rest of the segment and 1 MB of margin', 4, 0],
    ['keeps nothing for the rest of the segment up to 3 MB', 2, 473],
  ])('%s: %i MB hold %i rows', (_, megabytes, rows) => {
    const build = { m: 16, valueBytes: 1544, parallelWorkers: 1, pgVersion: 15 };
    expect(hnswSpillRow(build, 1_000_000, megabytes * MB)).toBe(rows);
  });

  it('fits exactly when it is given what it needs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 100 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 0, max: 8 }),
        fc.integer({ min: 14, max: 18 }),
        fc.integer({ min: 1, max: 10_000_000 }),
        (m, dimensions, parallelWorkers, pgVersion, rows) => {
          const build = { m, valueBytes: valueBytes({ type: 'vector', dimensions }), parallelWorkers, pgVersion };
          const needed = hnswNeededMaintenanceWorkMem(build, rows);
          expect(hnswSpillRow(build, rows, needed)).toBeNull();
          const half = hnswSpillRow(build, rows, Math.floor(needed / 2));
          expect(half === null || half < rows).toBe(true);
        },
      ),
      { seed: 1 },
    );
  });

  it('costs a serial build headers: fewer since PostgreSQL 16', () => {
    const spillRow = (pgVersion: number): number | null =>
      hnswSpillRow({ m: 16, valueBytes: 1544, parallelWorkers: 0, pgVersion }, 1e6, 64 * MB);
    expect(spillRow(16)).toBeGreaterThan(Number(spillRow(15)));
  });

  it('reserves shared memory only in parallel', () => {
    expect([0, 2].map((workers) => hnswSharedMemory(workers, 64 * MB))).toEqual([0, 64 * MB]);
  });
});

describe('IVFFlat build memory', () => {
  it.each(cases.ivfflatMemoryErrors)(
    '$lists lists of $type($dimensions) × $rows under $maintenanceWorkMemMb MB ask for $requiredMb MB',
    ({ requiredMb, maintenanceWorkMemMb, ...index }) => {
      const bytes = valueBytes(index);
      const heap = heapPages({ rows: index.rows, otherBytes: 4, valueBytes: bytes }).heapPages;
      const memory = ivfflatMemory({ ...index, valueBytes: bytes, heapPages: heap });
      expect(ivfflatMemoryError(memory, maintenanceWorkMemMb * MB)).toBe(requiredMb);
    },
  );

  it('asks for everything at once before 0.8.4', () => {
    const index = { rows: 30_000, lists: 5000, dimensions: 128, valueBytes: 520, heapPages: 2000 };
    expect(ivfflatMemoryError(ivfflatMemory({ ...index, pgvector: '0.8.0' }), MB)).toBe(800);
    expect(ivfflatMemoryError(ivfflatMemory({ ...index, pgvector: '0.8.6' }), MB)).toBe(3);
  });

  it('reserves no more samples than the table has room for since 0.8.5', () => {
    const index = { rows: 100, lists: 10, dimensions: 128, valueBytes: 520, heapPages: 8 };
    const needed = (pgvector: string): number => ivfflatMemory({ ...index, pgvector }).checkBytes.at(-1)!;
    expect(needed('0.8.5')).toBeLessThan(needed('0.8.4') / 3);
  });

  it('is satisfied by its last check, and by no less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 32_768 }), fc.integer({ min: 1, max: 2000 }), (lists, dimensions) => {
        const bytes = valueBytes({ type: 'vector', dimensions });
        const memory = ivfflatMemory({ rows: 1_000_000, lists, dimensions, valueBytes: bytes, heapPages: 10_000 });
        const needed = memory.checkBytes.at(-1)!;
        expect(ivfflatMemoryError(memory, needed)).toBeNull();
        expect(ivfflatMemoryError(memory, needed - 1024)).toBe(Math.floor(needed / MB) + 1);
      }),
      { seed: 1 },
    );
  });
});

describe('workers of a build', () => {
  const build = { heapPages: 3072, maintenanceWorkMemBytes: 256 * MB, maxParallelMaintenanceWorkers: 4 };

  it.each([
    ['one for 8 MB of table and one for each tripling; HNSW takes all', {}, 2, 4],
    ['one for a table of 8 MB', { heapPages: 1024 }, 1, 4],
    ['none for a smaller table', { heapPages: 1023 }, 0, 0],
    ['one where memory is for two processes of 32 MB', { maintenanceWorkMemBytes: 64 * MB }, 1, 4],
    ['none where it is not', { maintenanceWorkMemBytes: 64 * MB - 1024 }, 0, 0],
    ['those that the table asks for, whatever its size', { heapPages: 1, tableParallelWorkers: 3 }, 3, 3],
    ['none when the table asks for none', { tableParallelWorkers: 0 }, 0, 0],
    ['never more than the server allows', { tableParallelWorkers: 8 }, 4, 4],
    ['none when the server allows none', { maxParallelMaintenanceWorkers: 0 }, 0, 0],
  ])('%s', (_, change, planned, hnsw) => {
    expect(plannedBuildWorkers({ ...build, ...change })).toBe(planned);
    expect(hnswBuildWorkers({ ...build, ...change })).toBe(hnsw);
  });
});
