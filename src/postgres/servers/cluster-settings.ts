import { statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';

export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** What the sizes of a server are made from, in bytes. */
export interface Machine {
  readonly memoryBytes: number;
  /** Free disk space where the cluster will live; undefined where it cannot be seen. */
  readonly diskBytes: number | undefined;
  /** Free space in /dev/shm; undefined where there is no such thing. */
  readonly sharedMemoryBytes: number | undefined;
}

const MB = 2 ** 20;
const GB = 2 ** 30;

/**
 * The settings of a server that was started for one run and is thrown away after it. Everything that is not in this
 * list, above all what the planner's costs are made of, keeps PostgreSQL's default: the plans must be those that a
 * user would get.
 */
export function clusterSettings(machine: Machine): Setting[] {
  const maintenanceBytes = clamp(machine.memoryBytes / 8, 64 * MB, 2 * GB);
  const settings: Setting[] = [
    // A quarter of the memory, as the PostgreSQL manual suggests; the default of 128 MB is for a toy.
    {
      name: 'shared_buffers',
      value: megabytes(clamp(machine.memoryBytes / 4, 128 * MB, 8 * GB)),
    },
    // An HNSW graph that does not fit is built many times slower; a build may set its own.
    {
      name: 'maintenance_work_mem',
      value: megabytes(maintenanceBytes),
    },
    // No checkpoint in the middle of a build because of its WAL.
    {
      name: 'max_wal_size',
      value: megabytes(clamp((machine.diskBytes ?? 40 * GB) / 10, GB, 16 * GB)),
    },
    // No checkpoint in the middle of a measurement by the clock.
    { name: 'checkpoint_timeout', value: '1h' },
    // Nothing has to survive a crash, and waiting for the disk is noise.
    { name: 'fsync', value: 'off' },
    // pgvtune runs ANALYZE itself; a worker that wakes up is noise, and new statistics could change plans.
    {
      name: 'autovacuum',
      value: 'off',
    },
  ];
  // A parallel build shares maintenance_work_mem through dynamic shared memory: files take its place.
  if (machine.sharedMemoryBytes !== undefined && machine.sharedMemoryBytes < maintenanceBytes + 64 * MB) {
    settings.push({ name: 'dynamic_shared_memory_type', value: 'mmap' });
  }
  return settings;
}

/** The machine we are on; `folder` is where the cluster will live. */
export async function thisMachine(folder: string): Promise<Machine> {
  // A container's limit, where there is one; a huge number where there is none.
  const limit = process.constrainedMemory();
  const sharedMemory = await freeBytes('/dev/shm').catch(() => undefined);
  return {
    memoryBytes: limit ? Math.min(limit, totalmem()) : totalmem(),
    diskBytes: await freeBytes(folder),
    sharedMemoryBytes: sharedMemory,
  };
}

/** As arguments of the `postgres` program. */
export const asArguments = (settings: readonly Setting[]): string[] =>
  settings.flatMap(({ name, value }) => ['-c', `${name}=${value}`]);

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

const megabytes = (bytes: number): string => `${Math.floor(bytes / MB)}MB`;
