import { expect, it } from 'vitest';
import { smallSharedBuffers } from '../../../../src/audit/checks/measurement/small-shared-buffers.js';
import { describeWithServers, findingsOf, newLogin, STANDBY } from '../../../support/check-servers.js';

describeWithServers('small-shared-buffers', () => {
  it('speaks on a server with stock settings', async () => {
    expect(await findingsOf(smallSharedBuffers, STANDBY)).toEqual([
      { code: 'small-shared-buffers', severity: 'medium', data: { sharedBuffersBytes: 128 * 2 ** 20 } },
    ]);
  });

  it('is silent above that', async () => {
    expect(await findingsOf(smallSharedBuffers, await newLogin())).toEqual([]);
  });
});
