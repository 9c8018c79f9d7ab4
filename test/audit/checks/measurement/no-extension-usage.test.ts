import { expect, it } from 'vitest';
import { noExtensionUsage } from '../../../../src/audit/checks/measurement/no-extension-usage.js';
import {
  applyRemedies,
  describeWithServers,
  findingsOf,
  newDatabase,
  newLogin,
} from '../../../support/check-servers.js';

describeWithServers('no-extension-usage', () => {
  it("speaks where the role may not use the extension's schema, until it is granted", async () => {
    const database = await newDatabase('CREATE SCHEMA "Hidden"; CREATE EXTENSION vector SCHEMA "Hidden"');
    const login = await newLogin({}, { database });
    const found = await findingsOf(noExtensionUsage, login);
    expect(found).toEqual([
      { code: 'no-extension-usage', severity: 'high', data: { role: login.role, schema: 'Hidden' } },
    ]);
    await applyRemedies(found, login);
    expect(await findingsOf(noExtensionUsage, login)).toEqual([]);
  });

  it('is silent where everybody may', async () => {
    expect(await findingsOf(noExtensionUsage, await newLogin())).toEqual([]);
  });
});
