import { expect, it } from 'vitest';
import type { DatabaseSnapshot } from '../../../../src/audit/index.js';
import { unindexableOrder } from '../../../../src/audit/checks/vectors/unindexable-order.js';
import { isUnread } from '../../../../src/findings.js';
import { lowRecall } from '../../../../src/audit/checks/vectors/low-recall.js';
import { measureIndexes, takeDatabaseSnapshot } from '../../../../src/live/index.js';
import { silentReporter } from '../../../../src/progress.js';
import { describeWithServers, urlOf } from '../../../support/check-servers.js';
import { databaseWith, foundBy } from '../../../support/database-checks.js';
import { open } from '../../../support/servers.js';

const ROWS = [
  'CREATE EXTENSION vector',
  'CREATE EXTENSION pg_stat_statements',
  'CREATE TABLE "Docs" (id int, v vector(32))',
  `INSERT INTO "Docs" SELECT i, ARRAY(SELECT sin(i * 7.3 * j) + cos(i * j * j) FROM generate_series(1, 32) AS j)::real[]::vector
     FROM generate_series(1, 5000) AS i`,
];

/** As it is after the measurement. */
async function measuredSnapshot(...statements: readonly string[]): Promise<DatabaseSnapshot> {
  const database = await databaseWith(...ROWS, ...statements, 'ANALYZE');
  const server = await open(urlOf({ role: 'postgres', database }), { asIs: true });
  try {
    const snapshot = await takeDatabaseSnapshot(server, { deadlineMs: 30_000 });
    const options = { deadlineMs: 30_000, reporter: silentReporter };
    const measured = await measureIndexes(server, snapshot, options);
    return { ...(await takeDatabaseSnapshot(server, { deadlineMs: 30_000 })), measured };
  } finally {
    await server.stop();
  }
}

describeWithServers('low-recall', () => {
  it('speaks of an index that loses most neighbours', async () => {
    const snapshot = await measuredSnapshot(
      'CREATE INDEX few ON "Docs" USING ivfflat (v vector_l2_ops) WITH (lists = 100)',
    );
    expect(snapshot.measured).toEqual([
      expect.objectContaining({ outcome: 'measured', k: 10, settings: expect.arrayContaining(['ivfflat.probes=1']) }),
    ]);
    const found = foundBy(lowRecall, snapshot);
    expect(found).toEqual([
      expect.objectContaining({
        object: 'public.Docs.few',
        basis: 'measurement',
        data: expect.objectContaining({ method: 'ivfflat', k: 10, queries: 50 }),
      }),
    ]);
    expect(found[0]!.data.recall.value).toBeLessThan(0.8);
    // The searches of the measurement are not the application's.
    expect(foundBy(unindexableOrder, snapshot)).toEqual([]);
    if (isUnread(snapshot.statements)) throw new Error(snapshot.statements.unread);
    expect(snapshot.statements.statements.filter(({ shape }) => shape?.nearest)).toEqual([]);
  });

  it('is silent about one that finds them, and says where nothing can be measured', async () => {
    const snapshot = await measuredSnapshot(
      'CREATE INDEX near ON "Docs" USING hnsw (v vector_l2_ops) WITH (ef_construction = 200)',
      'CREATE TABLE empty (v vector(3))',
      'CREATE INDEX ON empty USING hnsw (v vector_l2_ops)',
    );
    expect(foundBy(lowRecall, snapshot)).toEqual([]);
    expect(snapshot.measured).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ outcome: 'measured' }),
        expect.objectContaining({ outcome: 'refused', recall: null }),
      ]),
    );
  });
});
