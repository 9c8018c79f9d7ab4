import { expect, it } from 'vitest';
import { knownDefects } from '../../../../src/audit/checks/measurement/known-defects.js';
import { describeWithServers, findingsOf, loginWithPgvector } from '../../../support/check-servers.js';

describeWithServers('known-defects', () => {
  it('names every defect of the version', async () => {
    expect(await findingsOf(knownDefects, await loginWithPgvector('0.8.5'))).toEqual([
      {
        code: 'known-defects',
        severity: 'medium',
        data: { version: '0.8.5', defect: 'ivfflat-build-overflow', fixedIn: '0.8.7' },
      },
      {
        code: 'known-defects',
        severity: 'medium',
        data: { version: '0.8.5', defect: 'ivfflat-overflow-32-bit', fixedIn: '0.8.6' },
      },
      {
        code: 'known-defects',
        severity: 'medium',
        data: { version: '0.8.5', defect: 'ivfflat-nested-loop-memory', fixedIn: '0.8.6' },
      },
    ]);
  });

  it('is silent about a version without any', async () => {
    expect(await findingsOf(knownDefects, await loginWithPgvector('99.0.0'))).toEqual([]);
  });
});
