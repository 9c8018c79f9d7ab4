import { expect, it } from 'vitest';
import { redundantIndex } from '../../../../src/audit/checks/indexes/redundant-index.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend, undo } from '../../../support/database-checks.js';

const items = (...indexes: readonly string[]): Promise<string> =>
  databaseWith(
    'CREATE TABLE items (id int PRIMARY KEY, tenant int, category text, day date)',
    ...indexes.map((index) => `CREATE ${index}`),
  );

describeWithServers('redundant-index', () => {
  it.each([
    ['the beginning of another one', 'INDEX a ON items (tenant)', 'INDEX b ON items (tenant, day)'],
    ['the keys of one with INCLUDE', 'INDEX a ON items (tenant)', 'INDEX b ON items (tenant) INCLUDE (day)'],
    [
      'columns that another one has behind its keys',
      'INDEX a ON items (tenant) INCLUDE (day)',
      'INDEX b ON items (tenant, category) INCLUDE (day)',
    ],
    [
      'rows that another one has as well',
      'INDEX a ON items (tenant) WHERE day IS NULL',
      'INDEX b ON items (tenant, day)',
    ],
    ['the keys of a unique one', 'INDEX a ON items (tenant)', 'UNIQUE INDEX b ON items (tenant, id)'],
  ])('speaks of an index that has %s, until it is dropped', async (_title, prefix, wider) => {
    const database = await items(prefix, wider);
    const found = foundBy(redundantIndex, await databaseSnapshot(database));
    expect(found).toEqual([
      expect.objectContaining({ object: 'public.items.a', data: expect.objectContaining({ index: 'a', wider: 'b' }) }),
    ]);
    await mend(database, found);
    expect(foundBy(redundantIndex, await databaseSnapshot(database))).toEqual([]);
    await undo(database, found);
    expect(foundBy(redundantIndex, await databaseSnapshot(database))).toEqual(found);
  });

  it('is silent where only the shorter one is scanned: the longer one is what nobody uses', async () => {
    const database = await items('INDEX a ON items (tenant)', 'INDEX b ON items (tenant, day)');
    const snapshot = await databaseSnapshot(database);
    const scanned = (names: readonly string[]) => ({
      ...snapshot,
      indexes: snapshot.indexes.map((index) => ({ ...index, scans: names.includes(index.name) ? 7 : 0 })),
    });
    expect(foundBy(redundantIndex, scanned(['a']))).toEqual([]);
    expect(foundBy(redundantIndex, scanned(['a', 'b']))).toHaveLength(1);
  });

  it.each([
    ['is unique', 'UNIQUE INDEX a ON items (tenant)', 'INDEX b ON items (tenant, day)'],
    ['is in another order', 'INDEX a ON items (tenant DESC)', 'INDEX b ON items (tenant, day)'],
    ['has another operator class', 'INDEX a ON items (category text_pattern_ops)', 'INDEX b ON items (category, day)'],
    [
      'has rows that the other one has not',
      'INDEX a ON items (tenant)',
      'INDEX b ON items (tenant, day) WHERE day IS NULL',
    ],
    [
      'has a column that the other one has not',
      'INDEX a ON items (tenant) INCLUDE (id)',
      'INDEX b ON items (tenant, day)',
    ],
    ['begins with another key', 'INDEX a ON items (day)', 'INDEX b ON items (tenant, day)'],
    ['is a hash index', 'INDEX a ON items USING hash (tenant)', 'INDEX b ON items (tenant, day)'],
  ])('is silent about one that %s', async (_title, index, other) => {
    expect(foundBy(redundantIndex, await databaseSnapshot(await items(index, other)))).toEqual([]);
  });
});
