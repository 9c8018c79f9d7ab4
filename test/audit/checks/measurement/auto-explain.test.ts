import { expect, it } from 'vitest';
import { autoExplain } from '../../../../src/audit/checks/measurement/auto-explain.js';
import { applyRemedies, describeWithServers, findingsOf, newLogin } from '../../../support/check-servers.js';

const LOADED = { session_preload_libraries: 'auto_explain' };

describeWithServers('auto-explain', () => {
  it('speaks where plans are logged, louder where every statement is instrumented, until it is switched off', async () => {
    const quiet = await newLogin({ ...LOADED, 'auto_explain.log_min_duration': '3s' });
    expect(await findingsOf(autoExplain, quiet)).toEqual([
      { code: 'auto-explain', severity: 'low', data: { role: quiet.role, logMinDuration: '3s', logAnalyze: false } },
    ]);
    const loud = await newLogin({
      ...LOADED,
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_analyze': 'on',
    });
    const found = await findingsOf(autoExplain, loud);
    expect(found).toMatchObject([{ severity: 'medium', data: { logMinDuration: '0', logAnalyze: true } }]);
    await applyRemedies(found, loud);
    expect(await findingsOf(autoExplain, loud)).toEqual([]);
  });

  it('is silent where it logs nothing, or is not loaded', async () => {
    expect(await findingsOf(autoExplain, await newLogin(LOADED))).toEqual([]);
    expect(await findingsOf(autoExplain, await newLogin({ 'auto_explain.log_min_duration': '0' }))).toEqual([]);
  });
});
