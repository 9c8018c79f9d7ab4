import { statfs } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { smallSharedMemory } from '../../../../src/audit/checks/measurement/small-shared-memory.js';
import { applyRemedies, describeWithServers, findingsOf, newLogin } from '../../../support/check-servers.js';

describeWithServers('small-shared-memory', () => {
  it('speaks where a build would take more than /dev/shm has, until it is serial', async () => {
    const { blocks, bsize } = await statfs('/dev/shm');
    const kilobytes = (blocks * bsize) / 1024 + 1;
    const login = await newLogin({ maintenance_work_mem: `${kilobytes}kB` });
    const found = await findingsOf(smallSharedMemory, login);
    expect(found).toEqual([
      {
        code: 'small-shared-memory',
        severity: 'high',
        data: { role: login.role, freeBytes: expect.any(Number), neededBytes: kilobytes * 1024 },
      },
    ]);
    await applyRemedies(found, login);
    expect(await findingsOf(smallSharedMemory, login)).toEqual([]);
  });

  it('is silent where there is enough', async () => {
    expect(await findingsOf(smallSharedMemory, await newLogin())).toEqual([]);
  });
});
