import { expect, it } from 'vitest';
import { planCacheMode } from '../../../../src/audit/checks/measurement/plan-cache-mode.js';
import { applyRemedies, describeWithServers, findingsOf, newLogin } from '../../../support/check-servers.js';

describeWithServers('plan-cache-mode', () => {
  it('speaks where plans are forced to be generic, until they are not', async () => {
    const login = await newLogin({ plan_cache_mode: 'force_generic_plan' });
    const found = await findingsOf(planCacheMode, login);
    expect(found).toEqual([
      { code: 'plan-cache-mode', severity: 'medium', data: { role: login.role, mode: 'force_generic_plan' } },
    ]);
    await applyRemedies(found, login);
    expect(await findingsOf(planCacheMode, login)).toEqual([]);
  });

  it('is silent where PostgreSQL chooses', async () => {
    expect(await findingsOf(planCacheMode, await newLogin())).toEqual([]);
  });
});
