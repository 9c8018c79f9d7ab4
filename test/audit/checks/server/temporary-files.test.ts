import { expect, it } from 'vitest';
import { temporaryFiles } from '../../../../src/audit/checks/server/temporary-files.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('temporary-files', () => {
  it('speaks where the counters say so', async () => {
    const snapshot = await databaseSnapshot(await databaseWith());
    const found = (counters: Partial<typeof snapshot.activity>) =>
      foundBy(temporaryFiles, { ...snapshot, activity: { ...snapshot.activity, ...counters } });
    expect(found({ temporaryFiles: 7, temporaryBytes: 2 ** 31 })).toEqual([
      expect.objectContaining({ severity: 'info', data: expect.objectContaining({ files: 7, bytes: 2 ** 31 }) }),
    ]);
    expect(found({ temporaryFiles: 7, temporaryBytes: 2 ** 20 })).toEqual([]);
  });

  it('is silent about a database that is new', async () => {
    expect(foundBy(temporaryFiles, await databaseSnapshot(await databaseWith()))).toEqual([]);
  });
});
