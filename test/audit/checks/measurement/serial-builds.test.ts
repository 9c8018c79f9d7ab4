import { expect, it } from 'vitest';
import { serialBuilds } from '../../../../src/audit/checks/measurement/serial-builds.js';
import { applyRemedies, describeWithServers, findingsOf, newLogin } from '../../../support/check-servers.js';

describeWithServers('serial-builds', () => {
  it('speaks where there can be no workers, until there can', async () => {
    const login = await newLogin({ max_parallel_maintenance_workers: '0', max_parallel_workers: '0' });
    const found = await findingsOf(serialBuilds, login);
    expect(found).toEqual([
      {
        code: 'serial-builds',
        severity: 'low',
        data: { role: login.role, zero: ['max_parallel_maintenance_workers', 'max_parallel_workers'] },
      },
    ]);
    await applyRemedies(found, login);
    expect(await findingsOf(serialBuilds, login)).toEqual([]);
  });

  it('is silent by default', async () => {
    expect(await findingsOf(serialBuilds, await newLogin())).toEqual([]);
  });
});
