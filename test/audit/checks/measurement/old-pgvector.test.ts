import { expect, it } from 'vitest';
import { oldPgvector } from '../../../../src/audit/checks/measurement/old-pgvector.js';
import { describeWithServers, findingsOf, loginWithPgvector } from '../../../support/check-servers.js';

describeWithServers('old-pgvector', () => {
  it('speaks before there was HNSW', async () => {
    expect(await findingsOf(oldPgvector, await loginWithPgvector('0.4.4'))).toEqual([
      { code: 'old-pgvector', severity: 'high', data: { version: '0.4.4', oldest: '0.5.0' } },
    ]);
  });

  it('is silent from then on', async () => {
    expect(await findingsOf(oldPgvector, await loginWithPgvector('0.5.0'))).toEqual([]);
  });
});
