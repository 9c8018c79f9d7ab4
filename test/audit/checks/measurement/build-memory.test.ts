import { expect, it } from 'vitest';
import { buildMemory } from '../../../../src/audit/checks/measurement/build-memory.js';
import { describeWithServers, findingsOf, newLogin } from '../../../support/check-servers.js';

describeWithServers('build-memory', () => {
  it('speaks where few rows of a build fit into memory', async () => {
    const login = await newLogin({ maintenance_work_mem: '64MB' });
    expect(await findingsOf(buildMemory, login)).toEqual([
      {
        code: 'build-memory',
        severity: 'medium',
        data: {
          dimensions: 768,
          m: 16,
          maintenanceWorkMemBytes: 64 * 2 ** 20,
          // 60 MB of 3,754 bytes: pgvector says so after 16,762 tuples.
          rowsInMemory: expect.closeTo(16_762, -2),
          bytesForMillionRows: expect.closeTo(3.758e9, -7),
        },
      },
    ]);
  });

  it('only informs where a hundred thousand rows fit', async () => {
    const login = await newLogin({ maintenance_work_mem: '1GB' });
    expect(await findingsOf(buildMemory, login)).toMatchObject([{ severity: 'info' }]);
  });

  it('is silent where a million rows fit', async () => {
    expect(await findingsOf(buildMemory, await newLogin({ maintenance_work_mem: '4GB' }))).toEqual([]);
  });
});
