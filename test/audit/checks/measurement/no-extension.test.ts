import { expect, it } from 'vitest';
import { noExtension } from '../../../../src/audit/checks/measurement/no-extension.js';
import {
  applyRemedies,
  describeWithServers,
  findingsOf,
  newDatabase,
  newLogin,
} from '../../../support/check-servers.js';

describeWithServers('no-extension', () => {
  it('speaks where the database has no pgvector, until it is created', async () => {
    const login = await newLogin({}, { database: await newDatabase('CREATE SCHEMA app') });
    const found = await findingsOf(noExtension, login);
    expect(found).toEqual([
      {
        code: 'no-extension',
        severity: 'high',
        data: {
          database: login.database,
          available: expect.stringMatching(/^\d+\.\d+\.\d+$/),
          postgresqlMajor: expect.any(Number),
        },
      },
    ]);
    await applyRemedies(found, login);
    expect(await findingsOf(noExtension, login)).toEqual([]);
  });

  it('is silent where it has', async () => {
    expect(await findingsOf(noExtension, await newLogin())).toEqual([]);
  });
});
