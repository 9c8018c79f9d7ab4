import { expect, it } from 'vitest';
import { knownDefects } from '../../../../src/audit/checks/measurement/known-defects.js';
import { describeWithServers, findingsOf, loginWithPgvector } from '../../../support/check-servers.js';

describeWithServers('known-defects', () => {
  it('names every defect of the version', async () => {
    expect(await findingsOf(knownDefects, await loginWithPgvector('0.8.2'))).toEqual([
      {
        code: 'known-defects',
        severity: 'medium',
        data: { version: '0.8.2', defect: 'vacuum-corruption', fixedIn: '0.8.3' },
      },
      {
        code: 'known-defects',
        severity: 'medium',
        data: { version: '0.8.2', defect: 'vacuum-insert-errors', fixedIn: '0.8.4' },
      },
    ]);
  });

  it('is silent about a version without any', async () => {
    expect(await findingsOf(knownDefects, await loginWithPgvector('99.0.0'))).toEqual([]);
  });
});
