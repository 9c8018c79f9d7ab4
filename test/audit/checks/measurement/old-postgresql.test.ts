import { describe, expect, it } from 'vitest';
import { oldPostgresql } from '../../../../src/audit/checks/measurement/old-postgresql.js';
import { describeWithServers, findingsOf, newLogin } from '../../../support/check-servers.js';

describe('old-postgresql', () => {
  it('speaks before PostgreSQL 13', () => {
    expect(oldPostgresql.run({ postgresql: { version: '12.22', number: 120022 } })).toEqual([
      { code: 'old-postgresql', severity: 'high', data: { version: '12.22', oldestMajor: 13 } },
    ]);
  });
});

describeWithServers('old-postgresql', () => {
  it('is silent on the server that is installed', async () => {
    expect(await findingsOf(oldPostgresql, await newLogin())).toEqual([]);
  });
});
