import { describe, expect, it } from 'vitest';
import { dropLeftover, listLeftovers, openWorkspace } from '../../src/postgres/index.js';
import { describeServers, hasLocal, sharedServer } from '../support/servers.js';

await describeServers('a workspace', (server) => {
  it('makes a schema, works in it by default, and drops it with all that is in it', async () => {
    const workspace = await openWorkspace(server(), 'one');
    expect(workspace).toMatchObject({ schema: 'pgvtune_one', found: false });
    expect(workspace.quote('items')).toBe('"pgvtune_one"."items"');

    const session = await workspace.connect('test');
    await session.query('CREATE TABLE items (id bigint, embedding vector(3))');
    const rows = await session.query(
      `SELECT relnamespace::regnamespace::text AS schema FROM pg_class WHERE relname = 'items'`,
    );
    expect(rows).toEqual([{ schema: 'pgvtune_one' }]);

    await workspace.drop();
    const check = await server().connect('check');
    expect(await check.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'pgvtune_one'`)).toEqual([]);
    await check.close();
  });

  it('finds what an interrupted run of the same id left', async () => {
    const before = await openWorkspace(server(), 'resumed');
    const session = await before.connect('test');
    await session.query('CREATE TABLE items (n int)');
    await before.leave();

    const after = await openWorkspace(server(), 'resumed');
    expect(after.found).toBe(true);
    const again = await after.connect('test');
    expect(await again.query('SELECT count(*)::int AS n FROM items')).toEqual([{ n: 0 }]);
    await after.drop();
  });

  it('refuses and keeps a schema that does not carry our comment', async () => {
    const session = await server().connect('test');
    await session.query('CREATE SCHEMA pgvtune_theirs');
    await session.query(`COMMENT ON SCHEMA pgvtune_theirs IS 'precious'`);
    await expect(dropLeftover(session, 'pgvtune_theirs')).rejects.toMatchObject({ code: 'usage' });
    await expect(dropLeftover(session, 'public')).rejects.toMatchObject({ code: 'usage' });
    expect(await listLeftovers(session)).toEqual([]);
    await session.close();

    await expect(openWorkspace(server(), 'theirs')).rejects.toMatchObject({ code: 'usage' });
    const check = await server().connect('check');
    expect(await check.query(`SELECT 1 AS there FROM pg_namespace WHERE nspname = 'pgvtune_theirs'`)).toHaveLength(1);
    await check.query('DROP SCHEMA pgvtune_theirs');
    await check.close();
  });

  it('quotes whatever the run is called, and refuses what PostgreSQL would cut', async () => {
    const workspace = await openWorkspace(server(), `x"; DROP SCHEMA public; --'`);
    const session = await workspace.connect('test');
    const rows = await session.query(`SELECT current_schema() AS schema`);
    expect(rows).toEqual([{ schema: workspace.schema }]);
    await workspace.drop();
    await expect(openWorkspace(server(), 'x'.repeat(60))).rejects.toMatchObject({ code: 'usage' });
  });

  it('lists and drops leftovers', async () => {
    const workspace = await openWorkspace(server(), 'left');
    const working = await workspace.connect('test');
    await working.query('CREATE TABLE items AS SELECT generate_series(1, 1000) AS n');
    await workspace.leave();

    const session = await server().connect('clean');
    const leftovers = await listLeftovers(session);
    expect(leftovers).toEqual([{ schema: 'pgvtune_left', run: 'left', bytes: expect.any(Number), holder: null }]);
    expect(leftovers[0]!.bytes).toBeGreaterThan(8192);
    await dropLeftover(session, 'pgvtune_left');
    expect(await listLeftovers(session)).toEqual([]);
    await session.close();
  });
});

describe.runIf(await hasLocal())('a workspace on a server that others use', () => {
  const server = sharedServer('local');

  it('is refused to a second process, which is told who holds it', async () => {
    const workspace = await openWorkspace(server(), 'busy');
    const refused = { code: 'usage', message: expect.stringMatching(/pgvtune\/test\/workspace \(pid \d+\)/) };
    await expect(openWorkspace(server(), 'busy')).rejects.toMatchObject(refused);

    const session = await server().connect('clean');
    expect(await listLeftovers(session)).toMatchObject([
      { run: 'busy', holder: expect.stringContaining('pgvtune/test/workspace') },
    ]);
    await expect(dropLeftover(session, workspace.schema)).rejects.toMatchObject(refused);
    await workspace.drop();
    expect(await listLeftovers(session)).toEqual([]);
    await session.close();
  });

  it('names who keeps the schema from being dropped', async () => {
    const workspace = await openWorkspace(server(), 'locked');
    const working = await workspace.connect('test');
    await working.query('CREATE TABLE items (n int)');
    await workspace.leave();

    const reader = await server().connect('reader');
    await reader.query('BEGIN');
    await reader.query('SELECT * FROM pgvtune_locked.items');
    const session = await server().connect('clean');
    await session.query(`SET lock_timeout = '50ms'`);
    await expect(dropLeftover(session, workspace.schema)).rejects.toMatchObject({
      sqlstate: '55P03',
      message: expect.stringMatching(/pgvtune\/test\/reader \(pid \d+\)/),
    });
    await reader.query('ROLLBACK');
    await dropLeftover(session, workspace.schema);
    await reader.close();
    await session.close();
  });
});
