import { describe, expect, it } from 'vitest';
import { notNative } from '../../../../src/audit/checks/measurement/not-native.js';
import { describeWithServers, findingsOf, newLogin, snapshotOf } from '../../../support/check-servers.js';

describe('not-native', () => {
  it('speaks on the embedded server', async () => {
    expect(notNative.run(await snapshotOf('embedded'))).toEqual([
      { code: 'not-native', severity: 'medium', data: { label: 'embedded (WebAssembly)' } },
    ]);
  });
});

describeWithServers('not-native', () => {
  it('is silent on a native server', async () => {
    expect(await findingsOf(notNative, await newLogin())).toEqual([]);
  });
});
