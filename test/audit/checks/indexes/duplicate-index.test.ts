import { expect, it } from 'vitest';
import { duplicateIndex } from '../../../../src/audit/checks/indexes/duplicate-index.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend, undo } from '../../../support/database-checks.js';

const TABLE = 'CREATE TABLE items (id int PRIMARY KEY, tenant int, category text, embedding public.vector(3))';
const items = (...indexes: readonly string[]): Promise<string> =>
  databaseWith('CREATE EXTENSION vector', TABLE, ...indexes.map((index) => `CREATE ${index}`));

describeWithServers('duplicate-index', () => {
  // The pairs that a comparison of column names or of statements misses.
  it.each([
    ['the same columns', 'INDEX a ON items (tenant)', 'INDEX b ON items (tenant)'],
    ['an option that is the default', 'INDEX a ON items (tenant)', 'INDEX b ON items (tenant) WITH (fillfactor = 90)'],
    [
      'the same option',
      'INDEX a ON items (tenant) WITH (fillfactor = 70)',
      'INDEX b ON items (tenant) WITH (fillfactor = 70)',
    ],
    ['INCLUDE', 'INDEX a ON items (tenant) INCLUDE (category)', 'INDEX b ON items (tenant) INCLUDE (category)'],
    [
      'an operator class',
      'INDEX a ON items (category text_pattern_ops)',
      'INDEX b ON items (category text_pattern_ops)',
    ],
    ['an expression', 'INDEX a ON items (lower(category))', 'INDEX b ON items (lower(category))'],
    ['a predicate', 'INDEX a ON items (id) WHERE tenant = 1', 'INDEX b ON items (id) WHERE tenant = 1'],
    [
      'the default m of HNSW',
      'INDEX a ON items USING hnsw (embedding vector_l2_ops)',
      'INDEX b ON items USING hnsw (embedding vector_l2_ops) WITH (m = 16)',
    ],
  ])('speaks of two indexes with %s, until one is dropped', async (_title, one, other) => {
    const database = await items(one, other);
    const found = foundBy(duplicateIndex, await databaseSnapshot(database));
    expect(found).toEqual([
      expect.objectContaining({
        severity: 'medium',
        object: 'public.items.b',
        data: expect.objectContaining({ kept: 'a' }),
      }),
    ]);
    await mend(database, found);
    expect(foundBy(duplicateIndex, await databaseSnapshot(database))).toEqual([]);
    await undo(database, found);
    expect(foundBy(duplicateIndex, await databaseSnapshot(database))).toEqual(found);
  });

  it('keeps what enforces something', async () => {
    const database = await items('UNIQUE INDEX b ON items (id)', 'INDEX c ON items (id)');
    const found = foundBy(duplicateIndex, await databaseSnapshot(database));
    expect(found.map(({ data }) => [data.index, data.kept])).toEqual([
      ['b', 'items_pkey'],
      ['c', 'items_pkey'],
    ]);
  });

  it.each([
    ['descending', 'INDEX a ON items (tenant)', 'INDEX b ON items (tenant DESC)'],
    ['with another operator class', 'INDEX a ON items (category)', 'INDEX b ON items (category text_pattern_ops)'],
    ['with another collation', 'INDEX a ON items (category)', 'INDEX b ON items (category COLLATE "C")'],
    ['with other options', 'INDEX a ON items (tenant)', 'INDEX b ON items (tenant) WITH (fillfactor = 50)'],
    ['with INCLUDE', 'INDEX a ON items (tenant)', 'INDEX b ON items (tenant) INCLUDE (category)'],
    [
      'with another m of HNSW',
      'INDEX a ON items USING hnsw (embedding vector_l2_ops)',
      'INDEX b ON items USING hnsw (embedding vector_l2_ops) WITH (m = 8)',
    ],
    [
      'for another distance',
      'INDEX a ON items USING hnsw (embedding vector_l2_ops)',
      'INDEX b ON items USING hnsw (embedding vector_cosine_ops)',
    ],
  ])('is silent about one %s', async (_title, one, other) => {
    expect(foundBy(duplicateIndex, await databaseSnapshot(await items(one, other)))).toEqual([]);
  });
});
