import { expect, it } from 'vitest';
import { sequentialScans } from '../../../../src/audit/checks/indexes/sequential-scans.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, run } from '../../../support/database-checks.js';

const scans = (count: number, query: string): string =>
  `DO $$ BEGIN FOR i IN 1..${count} LOOP PERFORM ${query}; END LOOP; END $$`;

describeWithServers('sequential-scans', () => {
  it('speaks of a large table that is read again and again', async () => {
    const database = await databaseWith(
      'CREATE TABLE events (id int, kind int)',
      'INSERT INTO events SELECT i, i FROM generate_series(1, 10000) AS i',
      'ANALYZE events',
      scans(100, 'count(*) FROM events WHERE kind = 5'),
    );
    expect(foundBy(sequentialScans, await databaseSnapshot(database))).toEqual([
      expect.objectContaining({
        severity: 'info',
        object: 'public.events',
        data: expect.objectContaining({ rows: 10_000, scans: expect.any(Number), indexScans: 0 }),
      }),
    ]);
  });

  it('is silent where a scan stops early, where it is by index, and where the table is small', async () => {
    const database = await databaseWith(
      'CREATE TABLE events (id int PRIMARY KEY)',
      'INSERT INTO events SELECT generate_series(1, 10000)',
      'ANALYZE events',
      'CREATE TABLE kinds (id int)',
      'INSERT INTO kinds VALUES (1)',
    );
    await run(
      database,
      scans(300, '1 FROM events LIMIT 1'),
      scans(100, '1 FROM events WHERE id = 5'),
      scans(200, '1 FROM kinds'),
    );
    expect(foundBy(sequentialScans, await databaseSnapshot(database))).toEqual([]);
  });
});
