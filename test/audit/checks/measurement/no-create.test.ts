import { expect, it } from 'vitest';
import { noCreate } from '../../../../src/audit/checks/measurement/no-create.js';
import {
  applyRemedies,
  describeWithServers,
  findingsOf,
  newDatabase,
  newLogin,
} from '../../../support/check-servers.js';

describeWithServers('no-create', () => {
  it('speaks where the role may not create schemas, until it is granted', async () => {
    const database = await newDatabase('CREATE EXTENSION vector');
    const login = await newLogin({}, { database, memberOf: 'pg_read_all_stats' });
    const found = await findingsOf(noCreate, login);
    expect(found).toEqual([{ code: 'no-create', severity: 'high', data: login }]);
    await applyRemedies(found, login);
    expect(await findingsOf(noCreate, login)).toEqual([]);
  });

  it('is silent where it may', async () => {
    expect(await findingsOf(noCreate, await newLogin())).toEqual([]);
  });
});
