import { describe, expect, it } from 'vitest';
import { clusterSettings, type Machine } from '../../src/postgres/servers/cluster-settings.js';

const GB = 2 ** 30;
const valuesFor = (machine: Partial<Machine>): Record<string, string> =>
  Object.fromEntries(
    clusterSettings({ memoryBytes: 16 * GB, diskBytes: 100 * GB, sharedMemoryBytes: 8 * GB, ...machine }).map(
      ({ name, value }) => [name, value],
    ),
  );

describe('clusterSettings', () => {
  it('sizes buffers from the memory, within bounds', () => {
    expect(valuesFor({})).toMatchObject({ shared_buffers: '4096MB', maintenance_work_mem: '2048MB' });
    expect(valuesFor({ memoryBytes: 4 * GB })).toMatchObject({
      shared_buffers: '1024MB',
      maintenance_work_mem: '512MB',
    });
    expect(valuesFor({ memoryBytes: GB / 4 })).toMatchObject({ shared_buffers: '128MB', maintenance_work_mem: '64MB' });
    expect(valuesFor({ memoryBytes: 512 * GB })).toMatchObject({
      shared_buffers: '8192MB',
      maintenance_work_mem: '2048MB',
    });
  });

  it('sizes the WAL from the disk', () => {
    expect(valuesFor({ diskBytes: 5 * GB })).toMatchObject({ max_wal_size: '1024MB' });
    expect(valuesFor({ diskBytes: undefined })).toMatchObject({ max_wal_size: '4096MB' });
  });

  it('avoids a /dev/shm that is too small for a parallel build', () => {
    expect(valuesFor({ sharedMemoryBytes: GB / 16 })).toMatchObject({ dynamic_shared_memory_type: 'mmap' });
    expect(valuesFor({})).not.toHaveProperty('dynamic_shared_memory_type');
  });

  it('touches nothing that plans are costed with', () => {
    const names = Object.keys(valuesFor({ sharedMemoryBytes: 0 }));
    expect(names.filter((name) => /cost|effective|enable_|jit|work_mem$|parallel/.test(name))).toEqual([
      'maintenance_work_mem',
    ]);
  });
});
