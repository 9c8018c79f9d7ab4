import { describe, expect, it } from 'vitest';
import { debugBuild } from '../../../../src/audit/checks/measurement/debug-build.js';
import { describeWithServers, findingsOf, newLogin } from '../../../support/check-servers.js';

describe('debug-build', () => {
  it('speaks where assertions are compiled in', () => {
    expect(debugBuild.run({ debug_assertions: true })).toEqual([{ code: 'debug-build', severity: 'high', data: {} }]);
  });
});

describeWithServers('debug-build', () => {
  it('is silent on a production build', async () => {
    expect(await findingsOf(debugBuild, await newLogin())).toEqual([]);
  });
});
