import { expect, it } from 'vitest';
import { jit } from '../../../../src/audit/checks/measurement/jit.js';
import { applyRemedies, describeWithServers, findingsOf, newLogin } from '../../../support/check-servers.js';

describeWithServers('jit', () => {
  it('speaks where expensive plans are compiled, until jit is off', async () => {
    const login = await newLogin({ jit: 'on', jit_above_cost: '5000' });
    const found = await findingsOf(jit, login);
    expect(found).toEqual([{ code: 'jit', severity: 'low', data: { role: login.role, aboveCost: 5000 } }]);
    await applyRemedies(found, login);
    expect(await findingsOf(jit, login)).toEqual([]);
  });

  it('is silent where no plan is expensive enough', async () => {
    expect(await findingsOf(jit, await newLogin({ jit: 'on', jit_above_cost: '-1' }))).toEqual([]);
  });
});
