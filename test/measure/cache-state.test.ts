import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyCaches, findCacheTools, prewarm } from '../../src/measure/index.js';
import { openWorkspace, type Session, type Workspace } from '../../src/postgres/index.js';
import { describeServers, hasLocal, open, sharedServer, socketFolder } from '../support/servers.js';

/** A table whose rows are too wide for a page, so that they lie in TOAST, and an index on it. */
async function wideTable(workspace: Workspace, session: Session) {
  const [table, index] = [workspace.quote('wide'), workspace.quote('wide_v')];
  await session.query(`CREATE TABLE ${table} (id int, v vector(600))`);
  await session.query(`ALTER TABLE ${table} ALTER v SET STORAGE EXTERNAL`);
  await session.query(
    `INSERT INTO ${table} SELECT i, (SELECT array_agg(sin(i * j)) FROM generate_series(1, 600) AS j)::vector
       FROM generate_series(1, 300) AS i`,
  );
  await session.query(`CREATE INDEX wide_v ON ${table} USING hnsw (v vector_l2_ops) WITH (m = 4)`);
  /** Pages that an index scan with a look at the rows takes from shared_buffers, and those it does not. */
  const read = async (): Promise<{ hit: number; read: number }> => {
    const [row] = await session.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)
       SELECT vector_norm(v) FROM ${table} ORDER BY v <-> (SELECT array_agg(0)::vector FROM generate_series(1, 600)) LIMIT 20`,
    );
    const { Plan } = row!['QUERY PLAN'][0];
    return { hit: Plan['Shared Hit Blocks']!, read: Plan['Shared Read Blocks']! };
  };
  return { relations: { tables: [table], indexes: [index] }, read };
}

await describeServers('caches', (server) => {
  it('that are emptied hold nothing of index, table and TOAST; afterwards all is as before', async () => {
    const workspace = await openWorkspace(server(), 'cold');
    onTestFinished(() => workspace.drop());
    const session = await workspace.connect('measure');
    // Whatever state is asked for: a search that runs warm ends with a look at cold caches.
    const tools = await findCacheTools(session, 'warm', { disposable: true });
    const { relations, read } = await wideTable(workspace, session);
    await read();
    const warm = await read();
    expect(warm.read).toBe(0);
    const where = () =>
      session.query(
        `SELECT relname, pg_relation_filenode(oid)::bigint AS file FROM pg_class WHERE relname LIKE 'wide%' ORDER BY 1`,
      );
    const before = await where();
    await session.rolledBack(async () => {
      for (let time = 0; time < 2; time++) {
        await emptyCaches(session, tools, relations);
        const cold = await read();
        expect(cold.read).toBeGreaterThan(40);
        // Pages that one query needs twice it finds the second time.
        expect(cold.hit + cold.read).toBeGreaterThanOrEqual(warm.hit);
        expect((await read()).read).toBe(0);
      }
    });
    expect(await where()).toEqual(before);
  });
});

describe.runIf(await hasLocal())('caches of a native server', () => {
  const server = sharedServer('local');

  it('are prewarmed with index, table and TOAST', async () => {
    const workspace = await openWorkspace(server(), 'prewarm');
    onTestFinished(() => workspace.drop());
    const session = await workspace.connect('measure');
    const tools = await findCacheTools(session, 'cold', { disposable: true });
    const { relations, read } = await wideTable(workspace, session);
    await session.rolledBack(async () => {
      await emptyCaches(session, tools, relations);
      await prewarm(session, tools, relations);
      expect((await read()).read).toBe(0);
    });
  });

  it('are left alone where the server is not ours: what cannot be had is refused', async () => {
    const folder = await socketFolder(server());
    const admin = await server().connect('admin');
    await admin.query('DROP EXTENSION IF EXISTS pg_prewarm; DROP EXTENSION IF EXISTS pg_buffercache');
    const guest = await open(`postgres://postgres@/postgres?host=${folder}`);
    const session = await guest.connect('measure');
    expect(await findCacheTools(session, 'warm', guest)).toEqual({ prewarm: null, emptying: null });
    await expect(findCacheTools(session, 'prewarmed', guest)).rejects.toThrow('not measurable here');
    await expect(findCacheTools(session, 'cold', guest)).rejects.toThrow('not measurable here');
    const extensions = await session.query(`SELECT extname FROM pg_extension WHERE extname LIKE 'pg\\_%'`);
    expect(extensions).toEqual([]);
    await guest.stop();
    await admin.close();
  });
});
