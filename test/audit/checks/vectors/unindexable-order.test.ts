import { expect, it } from 'vitest';
import { unindexableOrder } from '../../../../src/audit/checks/vectors/unindexable-order.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { asApplication, databaseSnapshot, databaseWith, foundBy, repeat } from '../../../support/database-checks.js';
const TABLE = [
  'CREATE EXTENSION pg_stat_statements',
  'CREATE EXTENSION vector',
  'CREATE TABLE docs (id int PRIMARY KEY, v vector(3))',
  "INSERT INTO docs SELECT i, '[1,2,3]' FROM generate_series(1, 50) AS i",
];
const search = (database: string, text: string): Promise<void> =>
  asApplication(database, (session) => repeat(session, 12, text, () => ['[1,2,3]']));

describeWithServers('unindexable-order', () => {
  it.each([
    ['SELECT id FROM docs ORDER BY v <=> $1 DESC LIMIT 5', 'descending'],
    ['SELECT id FROM docs ORDER BY 1 - (v <=> $1) DESC LIMIT 5', 'expression'],
    ['SELECT id FROM docs ORDER BY v <=> $1, id LIMIT 5', 'further-key'],
  ])('speaks of %s', async (text, defect) => {
    const database = await databaseWith(...TABLE, 'CREATE INDEX docs_v ON docs USING hnsw (v vector_cosine_ops)');
    await search(database, text);
    expect(foundBy(unindexableOrder, await databaseSnapshot(database))).toEqual([
      expect.objectContaining({
        severity: 'medium',
        data: expect.objectContaining({ column: 'public.docs.v', defect }),
      }),
    ]);
  });

  it('is silent about an order that the index serves, and where there is none', async () => {
    const database = await databaseWith(...TABLE, 'CREATE INDEX docs_v ON docs USING hnsw (v vector_cosine_ops)');
    await search(database, 'SELECT id, v <=> $1 AS distance FROM docs ORDER BY distance LIMIT 5');
    expect(foundBy(unindexableOrder, await databaseSnapshot(database))).toEqual([]);
    const without = await databaseWith(...TABLE);
    await search(without, 'SELECT id FROM docs ORDER BY v <=> $1 DESC LIMIT 5');
    expect(foundBy(unindexableOrder, await databaseSnapshot(without))).toEqual([]);
  });
});
