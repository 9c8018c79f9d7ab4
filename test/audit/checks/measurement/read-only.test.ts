import { expect, it } from 'vitest';
import { readOnly } from '../../../../src/audit/checks/measurement/read-only.js';
import { applyRemedies, describeWithServers, findingsOf, newLogin, STANDBY } from '../../../support/check-servers.js';

describeWithServers('read-only', () => {
  it('speaks on a standby', async () => {
    expect(await findingsOf(readOnly, STANDBY)).toEqual([
      { code: 'read-only', severity: 'high', data: { role: 'postgres', standby: true } },
    ]);
  });

  it('speaks where transactions are read-only, until they are not', async () => {
    const login = await newLogin({ default_transaction_read_only: 'on' });
    const found = await findingsOf(readOnly, login);
    expect(found).toEqual([{ code: 'read-only', severity: 'high', data: { role: login.role, standby: false } }]);
    await applyRemedies(found, login);
    expect(await findingsOf(readOnly, login)).toEqual([]);
  });

  it('is silent on a primary', async () => {
    expect(await findingsOf(readOnly, await newLogin())).toEqual([]);
  });
});
