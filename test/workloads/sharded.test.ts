import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server, Session } from '../../src/postgres/index.js';
import type { IndexSpec } from '../../src/vocabulary.js';
import { distributeByCitus, foreignTables, nearestOverShards, type Shard } from '../../src/workloads/index.js';
import { hasLocal, open, socketFolder } from '../support/servers.js';

const DIMENSIONS = 8;
const K = 10;
const SPEC: IndexSpec = { method: 'hnsw', representation: 'vector', parameters: { m: 8, ef_construction: 32 } };
const QUERY = `[${Array.from({ length: DIMENSIONS }, (_, i) => (i + 1) / 10).join(',')}]`;

const search = (shards: readonly Shard[], efSearch = '100') => ({
  shards,
  spec: SPEC,
  metric: 'l2' as const,
  dimensions: DIMENSIONS,
  k: K,
  settings: { 'hnsw.ef_search': efSearch },
});

/** Two clusters; the first of them also asks both. */
describe.runIf(await hasLocal())('rows divided among two servers', () => {
  let servers: readonly Server[];
  let sessions: readonly Session[];
  let shards: readonly Shard[];
  let one: Session;

  beforeAll(async () => {
    servers = await Promise.all([open('local'), open('local')]);
    sessions = await Promise.all(servers.map((server) => server.connect('test')));
    one = sessions[0]!;
    for (const [i, session] of sessions.entries()) {
      await session.query(`CREATE TABLE public.part (id bigint PRIMARY KEY, embedding vector(${DIMENSIONS}) NOT NULL)`);
      await session.query(`SELECT setseed(0.${i + 1})`);
      await session.query(
        `INSERT INTO public.part SELECT 2 * n + ${i}, (SELECT array_agg(random()) FROM generate_series(1, ${DIMENSIONS} + 0 * n))::vector
           FROM generate_series(0, 2999) AS n`,
      );
      await session.query(
        'CREATE INDEX part_hnsw ON public.part USING hnsw (embedding vector_l2_ops) WITH (m = 8, ef_construction = 32)',
      );
      await session.query('ANALYZE public.part');
    }
    shards = await shardsNamed('shard');
    await make(shards);
  });
  afterAll(async () => {
    await Promise.all((servers ?? []).map((server) => server.stop()));
  });

  const shardsNamed = (name: string): Promise<readonly Shard[]> =>
    Promise.all(
      servers.map(async (server, i) => ({
        server: `${name} ${i}`,
        foreignTable: `${name} part ${i}`,
        connection: { host: await socketFolder(server), dbname: 'postgres' },
        user: 'postgres',
        table: { schema: 'public', name: 'part' },
      })),
    );

  async function make(of: readonly Shard[], settings = search(of).settings): Promise<void> {
    for (const statement of foreignTables({ shards: of, settings }, `vector(${DIMENSIONS})`))
      await one.query(statement);
  }

  /** What is sent to each shard. */
  async function remoteStatements(statement: string): Promise<readonly string[]> {
    const rows = await one.query<{ 'QUERY PLAN': string }>(`EXPLAIN (VERBOSE, COSTS OFF) ${statement}`);
    return rows.flatMap((row) => /Remote SQL: (.*)/.exec(row['QUERY PLAN'])?.[1] ?? []);
  }

  const withVector = (statement: string): string => statement.replaceAll('$1', `'${QUERY}'`);
  const nearest = (of = shards, efSearch?: string): string => withVector(nearestOverShards(search(of, efSearch))!);

  it('are asked for their own k nearest, which each finds by its index', async () => {
    const remote = await remoteStatements(nearest());
    expect(remote).toHaveLength(2);
    for (const [i, statement] of remote.entries()) {
      expect(statement).toMatch(/ORDER BY .*<->.* LIMIT 10::bigint$/);
      const plan = await sessions[i]!.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${statement}`);
      const lines = plan.map((row) => row['QUERY PLAN'].trim());
      expect(lines[0]).toBe('Limit');
      expect(lines[1]).toBe('->  Index Scan using part_hnsw on part');
    }
  });

  it('are asked so by a generic plan, too, for the LIMIT is a constant', async () => {
    await one.query(`SET plan_cache_mode = force_generic_plan`);
    await one.query(`PREPARE near (vector) AS ${nearestOverShards(search(shards))}`);
    const remote = await remoteStatements(`EXECUTE near ('${QUERY}')`);
    await one.query('DEALLOCATE near');
    await one.query('RESET plan_cache_mode');
    expect(remote).toHaveLength(2);
    for (const statement of remote) expect(statement).toMatch(/ORDER BY .* LIMIT 10::bigint$/);
  });

  it('give the nearest of all rows', async () => {
    const found = (await one.query<{ id: string }>(nearest())).map(({ id }) => Number(id));
    const all: { id: number; distance: number }[] = [];
    for (const session of sessions) {
      const rows = await session.query<{ id: string; distance: number }>(
        `SELECT id, embedding <-> '${QUERY}' AS distance FROM public.part ORDER BY (embedding <-> '${QUERY}') + 0 LIMIT ${K}`,
      );
      all.push(...rows.map(({ id, distance }) => ({ id: Number(id), distance })));
    }
    const exact = all.toSorted((a, b) => a.distance - b.distance).slice(0, K);
    expect(found).toHaveLength(K);
    expect(exact.filter(({ id }) => found.includes(id)).length).toBeGreaterThanOrEqual(K - 1);
    expect(new Set(found.map((id) => id % 2)).size).toBe(2);
  });

  it('search with the setting of their foreign server, and then return fewer rows than k where it is small', async () => {
    const narrow = await shardsNamed('narrow');
    await make(narrow, { 'hnsw.ef_search': '3' });
    await one.query(`SET hnsw.ef_search = 200`);
    expect(await one.query(nearest(narrow))).toHaveLength(6);
    await one.query('RESET hnsw.ef_search');
  });

  it('are asked one after the other, whatever async_capable says', async () => {
    const eager = await shardsNamed('eager');
    await make(eager);
    for (const { server } of eager) await one.query(`ALTER SERVER "${server}" OPTIONS (ADD async_capable 'true')`);
    const plan = await one.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${nearest(eager)}`);
    const scans = plan.map((row) => row['QUERY PLAN'].trim()).filter((line) => line.includes('Foreign Scan'));
    expect(scans).toEqual(['->  Foreign Scan on "eager part 0"', '->  Foreign Scan on "eager part 1"']);
  });

  it('send every row where the operators of the extension may not be sent', async () => {
    const bare = await shardsNamed('bare');
    await make(bare);
    for (const { server } of bare) await one.query(`ALTER SERVER "${server}" OPTIONS (DROP extensions)`);
    for (const statement of await remoteStatements(nearest(bare))) expect(statement).not.toMatch(/ORDER BY|LIMIT/);
  });

  it('are not asked for k rows where they are partitions of one table', async () => {
    await one.query(
      `CREATE TABLE whole (id bigint NOT NULL, embedding vector(${DIMENSIONS}) NOT NULL) PARTITION BY HASH (id)`,
    );
    for (const [i, { server }] of shards.entries()) {
      await one.query(
        `CREATE FOREIGN TABLE whole_${i} PARTITION OF whole FOR VALUES WITH (MODULUS 2, REMAINDER ${i}) SERVER "${server}" OPTIONS (schema_name 'public', table_name 'part')`,
      );
    }
    const remote = await remoteStatements(`SELECT id FROM whole ORDER BY embedding <-> '${QUERY}' LIMIT ${K}`);
    expect(remote).toHaveLength(2);
    for (const statement of remote) {
      expect(statement).toContain('ORDER BY');
      expect(statement).not.toContain('LIMIT');
    }
  });
});

describe('statements for several servers', () => {
  const shard: Shard = {
    server: 's"1',
    foreignTable: 'items 1',
    connection: { host: "o'host" },
    user: 'app',
    table: { schema: 'app', name: 'items' },
  };

  it('quote names and values', () => {
    const [, server, mapping, table] = foreignTables({ shards: [shard], settings: {} }, 'vector(3)');
    expect(server).toBe(
      `CREATE SERVER "s""1" FOREIGN DATA WRAPPER postgres_fdw OPTIONS ("host" 'o''host', "extensions" 'vector')`,
    );
    expect(mapping).toBe(`CREATE USER MAPPING FOR CURRENT_USER SERVER "s""1" OPTIONS ("user" 'app')`);
    expect(table).toContain(`CREATE FOREIGN TABLE "items 1" (id bigint NOT NULL, embedding vector(3) NOT NULL)`);
  });

  it('do not speak of an index that is re-ranked', () => {
    expect(nearestOverShards({ ...search([shard]), spec: { ...SPEC, representation: 'bit' } })).toBeNull();
  });

  it('divide a table by Citus, with the settings of the database', () => {
    expect(distributeByCitus({ table: 'items', database: 'app', settings: { 'hnsw.ef_search': '80' } })).toEqual([
      `SELECT create_distributed_table('"items"', 'id')`,
      `ALTER DATABASE "app" SET hnsw.ef_search = '80'`,
    ]);
  });
});
