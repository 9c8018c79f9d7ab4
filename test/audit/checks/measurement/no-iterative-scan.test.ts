import { expect, it } from 'vitest';
import { noIterativeScan } from '../../../../src/audit/checks/measurement/no-iterative-scan.js';
import { describeWithServers, findingsOf, loginWithPgvector } from '../../../support/check-servers.js';

describeWithServers('no-iterative-scan', () => {
  it('speaks before pgvector 0.8.0', async () => {
    expect(await findingsOf(noIterativeScan, await loginWithPgvector('0.7.4'))).toEqual([
      { code: 'no-iterative-scan', severity: 'medium', data: { version: '0.7.4', since: '0.8.0' } },
    ]);
  });

  it('is silent from 0.8.0 on', async () => {
    expect(await findingsOf(noIterativeScan, await loginWithPgvector('0.8.0'))).toEqual([]);
  });
});
