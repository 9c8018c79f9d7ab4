import { expect, it } from 'vitest';
import { indexVariants } from '../../../../src/audit/checks/indexes/index-variants.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

const TABLE = 'CREATE TABLE items (id int PRIMARY KEY, tenant int, category text, embedding public.vector(3))';
const items = (...indexes: readonly string[]): Promise<string> =>
  databaseWith('CREATE EXTENSION vector', TABLE, ...indexes.map((index) => `CREATE ${index}`));

describeWithServers('index-variants', () => {
  it('names m = 16 and m = 8 on one column, without a remedy', async () => {
    const database = await items(
      'INDEX a ON items USING hnsw (embedding vector_l2_ops)',
      'INDEX b ON items USING hnsw (embedding vector_l2_ops) WITH (m = 8)',
    );
    expect(foundBy(indexVariants, await databaseSnapshot(database))).toEqual([
      expect.objectContaining({
        severity: 'info',
        remedy: null,
        data: {
          variants: [
            expect.objectContaining({ index: 'a', options: [] }),
            expect.objectContaining({ index: 'b', options: ['m=8'] }),
          ],
        },
      }),
    ]);
  });

  it('is silent about equal options, and about other keys', async () => {
    const database = await items(
      'INDEX a ON items USING hnsw (embedding vector_l2_ops)',
      'INDEX b ON items USING hnsw (embedding vector_l2_ops)',
      'INDEX c ON items USING hnsw (embedding vector_cosine_ops) WITH (m = 8)',
    );
    expect(foundBy(indexVariants, await databaseSnapshot(database))).toEqual([]);
  });
});
