import { expect, it } from 'vitest';
import { queryInLoop } from '../../../../src/audit/checks/n-plus-one/query-in-loop.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith } from '../../../support/database-checks.js';
import { each, foundInLog, type Logged, transaction } from '../../../support/logged.js';

describeWithServers('query-in-loop', () => {
  const TABLES = [
    'CREATE TABLE chats (id int PRIMARY KEY, owner int)',
    'CREATE TABLE messages (id int PRIMARY KEY, chat int REFERENCES chats, text text)',
  ];
  const chats = { text: 'SELECT id FROM chats WHERE owner = 1' };
  const messages = (chat: number): Logged => ({ text: `SELECT id, text FROM messages WHERE chat = ${chat}` });
  const tables = async (...more: readonly string[]) => databaseSnapshot(await databaseWith(...TABLES, ...more));

  it('speaks of a query for each row of another one, along a foreign key', async () => {
    expect(await foundInLog(queryInLoop, transaction(chats, ...each(20, messages)), await tables())).toEqual([
      expect.objectContaining({
        severity: 'medium',
        confidence: 'high',
        data: expect.objectContaining({
          query: 'SELECT id, text FROM messages WHERE chat = $1',
          parent: 'SELECT id FROM chats WHERE owner = $1',
          link: expect.objectContaining({ foreignKey: 'messages_chat_fkey', direction: 'to-many' }),
          calls: 20,
        }),
      }),
    ]);
  });

  it('is less sure of it without a foreign key, and without a transaction', async () => {
    const loop = [chats, ...each(20, messages)];
    const unlinked = await tables('ALTER TABLE messages DROP CONSTRAINT messages_chat_fkey');
    const confidence = async (...of: Parameters<typeof foundInLog>) =>
      (await foundInLog(...of)).map((found) => found.confidence);
    expect(await confidence(queryInLoop, transaction(...loop), unlinked)).toEqual(['medium']);
    expect(await confidence(queryInLoop, loop, await tables())).toEqual(['medium']);
    expect(await confidence(queryInLoop, loop, unlinked)).toEqual(['low']);
  });

  it('is silent of few executions, and where the parameters are the same', async () => {
    const snapshot = await tables();
    expect(await foundInLog(queryInLoop, transaction(chats, ...each(19, messages)), snapshot)).toEqual([]);
    expect(await foundInLog(queryInLoop, transaction(chats, ...each(20, () => messages(7))), snapshot)).toEqual([]);
  });
});
