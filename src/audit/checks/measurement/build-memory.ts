import { hnswNeededMaintenanceWorkMem, hnswSpillRow, majorVersion, valueBytes } from '../../../indexes/index.js';
import { measurementCheck } from './snapshot.js';

/** A common embedding under pgvector's default m. */
const EXAMPLE = { dimensions: 768, m: 16 };
const FEW_ROWS = 100_000;
const MANY_ROWS = 1_000_000;

/** How many rows of a common index are built in memory. */
export const buildMemory = measurementCheck({
  id: 'build-memory',
  severity: 'medium',
  needs: ['maintenance_work_mem', 'max_parallel_maintenance_workers', 'postgresql'],
  run: ({ maintenance_work_mem, max_parallel_maintenance_workers, postgresql }) => {
    const build = {
      m: EXAMPLE.m,
      valueBytes: valueBytes({ type: 'vector', dimensions: EXAMPLE.dimensions }),
      parallelWorkers: max_parallel_maintenance_workers > 0 ? 1 : 0,
      pgVersion: majorVersion(postgresql.number),
    };
    const rowsInMemory = hnswSpillRow(build, MANY_ROWS, maintenance_work_mem);
    if (rowsInMemory === null) return [];
    return [
      {
        data: {
          ...EXAMPLE,
          maintenanceWorkMemBytes: maintenance_work_mem,
          rowsInMemory,
          bytesForMillionRows: hnswNeededMaintenanceWorkMem(build, MANY_ROWS),
        },
        severity: rowsInMemory < FEW_ROWS ? 'medium' : 'info',
      },
    ];
  },
});
