import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { memorySum } from '../../../../src/audit/checks/measurement/memory-sum.js';
import { describeWithServers, findingsOf, newLogin } from '../../../support/check-servers.js';

const [MB, GB] = [2 ** 20, 2 ** 30];

describe('memory-sum', () => {
  const stock = {
    autovacuum: true,
    autovacuum_max_workers: 3,
    autovacuum_work_mem: -1,
    maintenance_work_mem: 64 * MB,
    max_connections: 100,
    memoryBytes: 23.5 * GB,
    postgresql: { version: '16.4', number: 160004 },
    shared_buffers: 128 * MB,
    work_mem: 4 * MB,
  };
  const sum = (settings: Partial<typeof stock>) => memorySum.run({ ...stock, ...settings });

  it('sees 23 GB of maintenance_work_mem on 23.5 GB', () => {
    expect(sum({ maintenance_work_mem: 23 * GB })).toEqual([
      {
        code: 'memory-sum',
        severity: 'high',
        data: {
          memoryBytes: 23.5 * GB,
          sumBytes: 128 * MB + 23 * GB + 3 * GB + 400 * MB,
          sharedBuffersBytes: 128 * MB,
          maintenanceWorkMemBytes: 23 * GB,
          autovacuumWorkers: 3,
          autovacuumWorkerBytes: GB,
          maxConnections: 100,
          workMemBytes: 4 * MB,
        },
      },
    ]);
  });

  it('counts what autovacuum workers take: from PostgreSQL 17 on without a limit, and nothing where it is off', () => {
    const large = { maintenance_work_mem: 6 * GB };
    expect(sum(large)).toEqual([]);
    expect(sum({ ...large, postgresql: { version: '17.0', number: 170000 } })).toMatchObject([
      { severity: 'medium', data: { autovacuumWorkerBytes: 6 * GB } },
    ]);
    expect(sum({ ...large, postgresql: { version: '17.0', number: 170000 }, autovacuum: false })).toEqual([]);
    expect(sum({ ...large, postgresql: { version: '17.0', number: 170000 }, autovacuum_work_mem: GB })).toEqual([]);
  });
});

describeWithServers('memory-sum', () => {
  it('speaks where one build may take all of the memory', async () => {
    const login = await newLogin({ maintenance_work_mem: `${Math.floor(totalmem() / 1024)}kB` });
    expect(await findingsOf(memorySum, login)).toMatchObject([{ code: 'memory-sum', severity: 'high' }]);
  });

  it('speaks less loudly where it takes every connection to do that', async () => {
    const login = await newLogin({ work_mem: `${Math.floor(totalmem() / 1024 / 100)}kB` });
    expect(await findingsOf(memorySum, login)).toMatchObject([
      { severity: 'medium', data: { maxConnections: 100, maintenanceWorkMemBytes: 32 * MB } },
    ]);
  });

  it('is silent where everything fits', async () => {
    expect(await findingsOf(memorySum, await newLogin())).toEqual([]);
  });
});
