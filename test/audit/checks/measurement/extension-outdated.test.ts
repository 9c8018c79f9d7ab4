import { expect, it } from 'vitest';
import { extensionOutdated } from '../../../../src/audit/checks/measurement/extension-outdated.js';
import { describeWithServers, findingsOf, loginWithPgvector, newLogin } from '../../../support/check-servers.js';

describeWithServers('extension-outdated', () => {
  it('speaks where the files are newer than the extension in the database', async () => {
    expect(await findingsOf(extensionOutdated, await loginWithPgvector('0.4.4'))).toEqual([
      {
        code: 'extension-outdated',
        severity: 'low',
        data: { version: '0.4.4', available: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      },
    ]);
  });

  it('is silent where the database has what is installed', async () => {
    expect(await findingsOf(extensionOutdated, await newLogin())).toEqual([]);
  });
});
