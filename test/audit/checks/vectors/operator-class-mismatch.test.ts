import { expect, it } from 'vitest';
import { operatorClassMismatch } from '../../../../src/audit/checks/vectors/operator-class-mismatch.js';
import { describeWithServers } from '../../../support/check-servers.js';
import {
  asApplication,
  databaseSnapshot,
  databaseWith,
  foundBy,
  repeat,
  run,
} from '../../../support/database-checks.js';
const TABLE = [
  'CREATE EXTENSION pg_stat_statements',
  'CREATE EXTENSION vector',
  'CREATE TABLE docs (id int PRIMARY KEY, v vector(3))',
  "INSERT INTO docs SELECT i, '[1,2,3]' FROM generate_series(1, 50) AS i",
];
const search = (database: string, text: string): Promise<void> =>
  asApplication(database, (session) => repeat(session, 12, text, () => ['[1,2,3]']));

describeWithServers('operator-class-mismatch', () => {
  it('speaks of a search by another distance than that of the index, until there is one for it', async () => {
    const database = await databaseWith(...TABLE, 'CREATE INDEX docs_v ON docs USING hnsw (v vector_cosine_ops)');
    await search(database, 'SELECT id FROM docs ORDER BY v <-> $1 LIMIT 5');
    const found = async () => foundBy(operatorClassMismatch, await databaseSnapshot(database));
    expect(await found()).toEqual([
      expect.objectContaining({
        severity: 'high',
        data: expect.objectContaining({
          column: 'public.docs.v',
          operator: '<->',
          indexes: [{ index: 'docs_v', operators: ['<=>'] }],
          calls: 12,
        }),
      }),
    ]);
    await run(database, 'CREATE INDEX ON docs USING hnsw (v vector_l2_ops)');
    expect(await found()).toEqual([]);
  });

  it('is silent where the operators are the same, and where there is no index at all', async () => {
    const database = await databaseWith(...TABLE);
    await search(database, 'SELECT id FROM docs ORDER BY v <=> $1 LIMIT 5');
    expect(foundBy(operatorClassMismatch, await databaseSnapshot(database))).toEqual([]);
    await run(database, 'CREATE INDEX docs_v ON docs USING hnsw (v vector_cosine_ops)');
    expect(foundBy(operatorClassMismatch, await databaseSnapshot(database))).toEqual([]);
  });
});
