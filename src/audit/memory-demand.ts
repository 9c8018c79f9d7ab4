import { bytesOf } from './bytes.js';
import type { ServerFacts } from './snapshot/database.js';

/** What the server may take, in bytes. */
export interface MemoryDemand {
  readonly sharedBuffersBytes: number;
  readonly maintenanceWorkMemBytes: number;
  readonly autovacuumWorkers: number;
  readonly autovacuumWorkerBytes: number;
  readonly maxConnections: number;
  readonly workMemBytes: number;
}

/** Before PostgreSQL 17 vacuum takes no more for its list of dead rows, whatever the settings. Source: `vacuumlazy.c`. */
const MOST_BEFORE_17 = 2 ** 30;

/**
 * What one autovacuum worker may take.
 *
 * @param autovacuumWorkMemBytes −1: `maintenance_work_mem`
 */
export function autovacuumWorkerBytes(
  serverNumber: number,
  maintenanceWorkMemBytes: number,
  autovacuumWorkMemBytes: number,
): number {
  const bytes = autovacuumWorkMemBytes < 0 ? maintenanceWorkMemBytes : autovacuumWorkMemBytes;
  return serverNumber < 17_00_00 ? Math.min(bytes, MOST_BEFORE_17) : bytes;
}

/**
 * shared_buffers, one index build, every autovacuum worker, and one work_mem a connection. The workers of a parallel build
 * share one maintenance_work_mem; each autovacuum worker has its own.
 *
 * Source: PostgreSQL manual, "Resource Consumption", `maintenance_work_mem`, `autovacuum_work_mem`, `work_mem`.
 */
export const demandedBytes = (demand: MemoryDemand): number =>
  demand.sharedBuffersBytes +
  demand.maintenanceWorkMemBytes +
  demand.autovacuumWorkers * demand.autovacuumWorkerBytes +
  demand.maxConnections * demand.workMemBytes;

/** What settings allow, as SHOW prints them. */
export function memoryDemandOf(
  { number }: Pick<ServerFacts, 'number'>,
  settings: Readonly<Record<string, string>>,
): MemoryDemand {
  const maintenanceWorkMemBytes = bytesOf(settings['maintenance_work_mem'])!;
  return {
    sharedBuffersBytes: bytesOf(settings['shared_buffers'])!,
    maintenanceWorkMemBytes,
    autovacuumWorkers: settings['autovacuum'] === 'on' ? Number(settings['autovacuum_max_workers']) : 0,
    autovacuumWorkerBytes: autovacuumWorkerBytes(
      number,
      maintenanceWorkMemBytes,
      bytesOf(settings['autovacuum_work_mem'])!,
    ),
    maxConnections: Number(settings['max_connections']),
    workMemBytes: bytesOf(settings['work_mem'])!,
  };
}
