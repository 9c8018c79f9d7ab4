import { expect, it } from 'vitest';
import { queryForEachRow } from '../../../../src/audit/checks/n-plus-one/query-for-each-row.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { asApplication, databaseSnapshot, databaseWith, foundBy, repeat } from '../../../support/database-checks.js';

describeWithServers('query-for-each-row', () => {
  const TABLES = [
    'CREATE EXTENSION pg_stat_statements',
    'CREATE TABLE chats (id int PRIMARY KEY, owner int)',
    'CREATE TABLE messages (id int PRIMARY KEY, chat int REFERENCES chats, text text)',
    'INSERT INTO chats SELECT i, i % 5 FROM generate_series(1, 100) AS i',
    "INSERT INTO messages SELECT i, 1 + i % 100, 'hello' FROM generate_series(1, 1000) AS i",
  ];
  const PARENT = 'SELECT id, owner FROM chats WHERE owner = $1';

  it('speaks where a statement is called once for each row of another one, along a foreign key', async () => {
    const database = await databaseWith(...TABLES);
    const child = 'SELECT id, text FROM messages WHERE chat = $1';
    await asApplication(database, async (session) => {
      for (let owner = 0; owner < 5; owner++) {
        const chats = await session.query<{ id: number }>(PARENT, [owner]);
        for (const { id } of chats) await session.query(child, [id]);
      }
    });
    expect(foundBy(queryForEachRow, await databaseSnapshot(database))).toEqual([
      expect.objectContaining({
        severity: 'medium',
        object: expect.stringContaining(child),
        data: expect.objectContaining({
          parentCalls: 5,
          parentRows: 100,
          childCalls: 100,
          foreignKey: 'messages_chat_fkey',
          queriesPerCall: 21,
        }),
      }),
    ]);
  });

  it('is silent where the rows are loaded at once', async () => {
    const database = await databaseWith(...TABLES);
    await asApplication(database, async (session) => {
      for (let owner = 0; owner < 5; owner++) {
        const chats = await session.query<{ id: number }>(PARENT, [owner]);
        await session.query('SELECT id, text FROM messages WHERE chat = ANY($1)', [chats.map(({ id }) => id)]);
      }
    });
    expect(foundBy(queryForEachRow, await databaseSnapshot(database))).toEqual([]);
  });

  it('is silent where no foreign key links the two, however equal the numbers are', async () => {
    const database = await databaseWith(...TABLES, 'ALTER TABLE messages DROP CONSTRAINT messages_chat_fkey');
    await asApplication(database, async (session) => {
      await repeat(session, 5, PARENT, (owner) => [owner]);
      await repeat(session, 100, 'SELECT id, text FROM messages WHERE chat = $1', (chat) => [chat]);
    });
    expect(foundBy(queryForEachRow, await databaseSnapshot(database))).toEqual([]);
  });
});
