import { expect, it } from 'vitest';
import { plannerMethodOff } from '../../../../src/audit/checks/measurement/planner-method-off.js';
import { applyRemedies, describeWithServers, findingsOf, newLogin } from '../../../support/check-servers.js';

describeWithServers('planner-method-off', () => {
  it('names each method that is off, until it is on again', async () => {
    const login = await newLogin({ enable_seqscan: 'off', enable_sort: 'off' });
    const found = await findingsOf(plannerMethodOff, login);
    expect(found).toEqual([
      { code: 'planner-method-off', severity: 'high', data: { role: login.role, setting: 'enable_seqscan' } },
      { code: 'planner-method-off', severity: 'high', data: { role: login.role, setting: 'enable_sort' } },
    ]);
    await applyRemedies(found, login);
    expect(await findingsOf(plannerMethodOff, login)).toEqual([]);
  });

  it('is silent where all are on', async () => {
    expect(await findingsOf(plannerMethodOff, await newLogin())).toEqual([]);
  });
});
