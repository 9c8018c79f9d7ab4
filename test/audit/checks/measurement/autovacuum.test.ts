import { expect, it } from 'vitest';
import { autovacuum } from '../../../../src/audit/checks/measurement/autovacuum.js';
import { describeWithServers, findingsOf, newLogin, STANDBY } from '../../../support/check-servers.js';

describeWithServers('autovacuum', () => {
  it('speaks on a server with stock settings', async () => {
    expect(await findingsOf(autovacuum, STANDBY)).toEqual([
      { code: 'autovacuum', severity: 'info', data: { workers: 3 } },
    ]);
  });

  it('is silent where it is off', async () => {
    expect(await findingsOf(autovacuum, await newLogin())).toEqual([]);
  });
});
