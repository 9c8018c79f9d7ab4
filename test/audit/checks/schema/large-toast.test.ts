import { expect, it } from 'vitest';
import { largeToast } from '../../../../src/audit/checks/schema/large-toast.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('large-toast', () => {
  it('speaks of gigabytes of large values, unless they are vectors, or lz4 is the default', async () => {
    const snapshot = await databaseSnapshot(
      await databaseWith('CREATE EXTENSION vector', 'CREATE TABLE a (t text)', 'CREATE TABLE b (v vector(3), t text)'),
    );
    // Gigabytes would take too long to write.
    const large = { ...snapshot, tables: snapshot.tables.map((table) => ({ ...table, toastBytes: 2 ** 31 })) };
    expect(foundBy(largeToast, snapshot)).toEqual([]);
    expect(foundBy(largeToast, large)).toEqual([
      expect.objectContaining({
        severity: 'info',
        object: 'public.a',
        data: expect.objectContaining({ toastBytes: 2 ** 31 }),
      }),
    ]);
    const lz4 = { ...large, settings: { ...large.settings, default_toast_compression: 'lz4' } };
    expect(foundBy(largeToast, lz4)).toEqual([]);
  });
});
