import { describe, expect, it } from 'vitest';
import { freeConnections, type Session } from '../../src/postgres/index.js';
import { hasLocal, open, sharedServer, socketFolder } from '../support/servers.js';

describe.runIf(await hasLocal())('free connections', () => {
  const server = sharedServer('local');

  /** As many sessions as are said to be free can be opened, and no more. */
  async function expectFree(connect: () => Promise<Session>): Promise<void> {
    const sessions = [await connect()];
    try {
      const free = await freeConnections(sessions[0]!);
      expect(free).toBeGreaterThan(0);
      for (let i = 0; i < free; i++) sessions.push(await connect());
      expect(await freeConnections(sessions[0]!)).toBe(0);
      await expect(connect()).rejects.toMatchObject({ sqlstate: '53300' });
    } finally {
      await Promise.all(sessions.map((session) => session.close()));
    }
  }

  it.each([
    ['the role', 'CREATE ROLE few_role LOGIN CONNECTION LIMIT 5', 'few_role', 'postgres'],
    ['the database', 'CREATE DATABASE few_places CONNECTION LIMIT 6; CREATE ROLE of_few LOGIN', 'of_few', 'few_places'],
    ['the server, which keeps some for superusers', 'CREATE ROLE many LOGIN', 'many', 'postgres'],
  ])('are what is left by the limit of %s', async (_, create, role, database) => {
    const session = await server().connect('test');
    for (const statement of create.split('; ')) await session.query(statement);
    await session.close();
    const url = `postgres://${role}@/${database}?host=${await socketFolder(server())}`;
    const other = await open(url, { asIs: true });
    try {
      await expectFree(() => other.connect('test'));
    } finally {
      await other.stop();
    }
  });
});
