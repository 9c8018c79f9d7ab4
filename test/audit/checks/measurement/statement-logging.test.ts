import { expect, it } from 'vitest';
import { statementLogging } from '../../../../src/audit/checks/measurement/statement-logging.js';
import { applyRemedies, describeWithServers, findingsOf, newLogin } from '../../../support/check-servers.js';

describeWithServers('statement-logging', () => {
  it('speaks of both ways to log everything, until they are switched off', async () => {
    const login = await newLogin({ log_statement: 'all', log_min_duration_statement: '0' });
    const found = await findingsOf(statementLogging, login);
    expect(found).toEqual([
      { code: 'statement-logging', severity: 'medium', data: { role: login.role, setting: 'log_statement' } },
      {
        code: 'statement-logging',
        severity: 'medium',
        data: { role: login.role, setting: 'log_min_duration_statement' },
      },
    ]);
    await applyRemedies(found, login);
    expect(await findingsOf(statementLogging, login)).toEqual([]);
  });

  it('is silent where only slow statements are logged', async () => {
    expect(await findingsOf(statementLogging, await newLogin({ log_min_duration_statement: '1s' }))).toEqual([]);
  });
});
