import { expect, it } from 'vitest';
import { singleConnection } from '../../../../src/audit/checks/measurement/single-connection.js';
import {
  applyRemedies,
  describeWithServers,
  findingsOf,
  newDatabase,
  newLogin,
  sql,
} from '../../../support/check-servers.js';

describeWithServers('single-connection', () => {
  it("speaks where the role's limit allows no second connection, until it is raised", async () => {
    const login = await newLogin();
    await sql(`ALTER ROLE ${login.role} CONNECTION LIMIT 1`);
    const found = await findingsOf(singleConnection, login);
    expect(found).toEqual([
      {
        code: 'single-connection',
        severity: 'high',
        data: { ...login, roleLimit: 1, databaseLimit: -1, maxConnections: 100 },
      },
    ]);
    await applyRemedies(found, login);
    expect(await findingsOf(singleConnection, login)).toEqual([]);
  });

  it("speaks where the database's limit allows none", async () => {
    const login = await newLogin({}, { database: await newDatabase('CREATE EXTENSION vector') });
    await sql(`ALTER DATABASE ${login.database} CONNECTION LIMIT 1`);
    const found = await findingsOf(singleConnection, login);
    expect(found).toMatchObject([{ data: { roleLimit: -1, databaseLimit: 1 } }]);
    await applyRemedies(found, login);
    expect(await findingsOf(singleConnection, login)).toEqual([]);
  });

  it('is silent where there is no such limit', async () => {
    expect(await findingsOf(singleConnection, await newLogin())).toEqual([]);
  });
});
