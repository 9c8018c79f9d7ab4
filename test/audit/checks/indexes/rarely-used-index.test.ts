import { expect, it } from 'vitest';
import { rarelyUsedIndex } from '../../../../src/audit/checks/indexes/rarely-used-index.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { countedFor, databaseSnapshot, databaseWith, foundBy, run } from '../../../support/database-checks.js';

describeWithServers('rarely-used-index', () => {
  it('speaks of a large index that is written thousands of times for each scan, and not of one that is used', async () => {
    const database = await databaseWith(
      'CREATE TABLE events (id int, kind text)',
      'CREATE INDEX events_kind ON events (kind)',
      'INSERT INTO events SELECT i, md5(i::text) || md5(i::text) FROM generate_series(1, 100000) AS i',
      'ANALYZE events',
      "SELECT FROM events WHERE kind = 'x'",
    );
    const found = async () => foundBy(rarelyUsedIndex, countedFor(10, await databaseSnapshot(database)));
    expect(await found()).toEqual([
      expect.objectContaining({
        severity: 'info',
        object: 'public.events.events_kind',
        remedy: null,
        data: expect.objectContaining({ scans: 1, writes: 100_000 }),
      }),
    ]);
    expect(foundBy(rarelyUsedIndex, countedFor(3, await databaseSnapshot(database)))).toEqual([]);
    await run(database, "DO $$ BEGIN FOR i IN 1..200 LOOP PERFORM FROM events WHERE kind = 'x'; END LOOP; END $$");
    expect(await found()).toEqual([]);
  });
});
