import { beforeAll, describe, expect, it } from 'vitest';
import { type PlannedColumn, planTable, type TablePlan } from '../../src/capacity/index.js';
import { PAGE_BYTES } from '../../src/indexes/index.js';
import type { Session } from '../../src/postgres/index.js';
import { hasLocal, sharedServer } from '../support/servers.js';

/*
 * A planned table, held against one that a native server was made to build.
 */

const MIB = 1024 ** 2;
const ROWS = 6000;
const COLUMNS: readonly PlannedColumn[] = [
  { name: 'tenant', type: 'int', averageBytes: 0, index: { method: 'btree', distinct: 100 } },
  { name: 'created', type: 'timestamptz', averageBytes: 0, index: { method: 'btree', distinct: null } },
  { name: 'body', type: 'text', averageBytes: 160, index: null },
  { name: 'tags', type: 'tsvector', averageBytes: 205, index: { method: 'gin', lexemes: 19, vocabulary: null } },
];

describe.skipIf(!(await hasLocal()))('a planned table against a native server', () => {
  const server = sharedServer('local');
  let session: Session;
  const run = (sql: string): Promise<unknown> => session.query(sql, [], { deadlineMs: Infinity });
  const one = async (sql: string): Promise<number> => {
    const [row] = await session.query<{ value: string }>(`SELECT (${sql})::text AS value`);
    return Number(row!.value);
  };
  const sizeOf = (relation: string): Promise<number> => one(`pg_relation_size('${relation}')`);

  /** Bytes of log that a statement writes. */
  async function walOf(sql: string): Promise<number> {
    const [row] = await session.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
    await run(sql);
    return one(`pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '${row!.lsn}')`);
  }

  const plan = (dimensions: number, columns: readonly PlannedColumn[]): TablePlan =>
    planTable({
      rows: ROWS,
      dimensions,
      columnType: 'vector',
      storage: 'external',
      columns,
      methods: ['hnsw', 'ivfflat'],
      stored: [{ representation: 'vector' }],
      parameters: { m: 8, ef_construction: 16, lists: 30 },
      settings: {},
      k: 10,
      maintenanceWorkMemBytes: 256 * MIB,
      maxParallelMaintenanceWorkers: 0,
      maxParallelWorkers: 8,
      concurrentBuilds: 1,
      machine: {},
      pgVersion: 15,
    });

  beforeAll(async () => {
    session = await server().connect('capacity');
    await run('SET synchronize_seqscans = off');
    return () => session.close();
  });

  async function load(dimensions: number): Promise<void> {
    await run('DROP TABLE IF EXISTS source, t');
    await run(
      `CREATE TABLE source AS
         SELECT i::bigint AS id, i % 100 AS tenant, now() + i * interval '1 s' AS created, repeat(md5(i::text), 5) AS body,
                array_to_tsvector((SELECT array_agg(DISTINCT 'w' || floor(exp(ln(5001) * random()))::int)
                                     FROM generate_series(1, 20) WHERE i = i)) AS tags,
                ARRAY(SELECT random() FROM generate_series(1, ${dimensions}) WHERE i = i)::vector(${dimensions}) AS v
           FROM generate_series(1, ${ROWS}) i`,
    );
  }

  it('has the planned heap and indexes when its vectors stay in the row', async () => {
    await load(64);
    await run('CREATE TABLE t (LIKE source)');
    await run('INSERT INTO t SELECT * FROM source ORDER BY id');
    const tags: PlannedColumn = {
      ...COLUMNS.at(-1)!,
      averageBytes: Math.round((await one('SELECT avg(pg_column_size(tags)) FROM t')) - 4),
      index: {
        method: 'gin',
        lexemes: Math.round(await one('SELECT avg(length(tags)) FROM t')),
        vocabulary: await one('SELECT count(DISTINCT word) FROM t, unnest(tsvector_to_array(tags)) AS word'),
      },
    };
    const { table } = plan(64, [...COLUMNS.slice(0, -1), tags]);
    expect(Math.abs(table.heapBytes / (await sizeOf('t')) - 1)).toBeLessThan(0.05);
    await run('CREATE INDEX i_id ON t (id)');
    await run('CREATE INDEX i_tenant ON t (tenant)');
    await run('CREATE INDEX i_created ON t (created)');
    await run('CREATE INDEX i_tags ON t USING gin (tags)');
    const real: number[] = [];
    for (const name of ['i_id', 'i_tenant', 'i_created', 'i_tags']) real.push(await sizeOf(name));
    expect(table.indexes.map(({ method }) => method)).toEqual(['btree', 'btree', 'btree', 'gin']);
    for (const [i, { method, bytes }] of table.indexes.entries()) {
      const tolerance = method === 'gin' ? 0.25 * real[i]! : Math.max(0.05 * real[i]!, PAGE_BYTES);
      expect(Math.abs(bytes - real[i]!), method).toBeLessThanOrEqual(tolerance);
    }
  });

  it('has the planned TOAST table and its index when they do not, and logs what was planned', async () => {
    await load(768);
    await run('CREATE TABLE t (id bigint, v vector(768))');
    await run('INSERT INTO t SELECT id, v FROM source ORDER BY id');
    const { table, candidates } = plan(768, []);
    const [row] = await session.query<{ toast: string; index: string }>(
      `SELECT reltoastrelid::regclass::text AS toast, indexrelid::regclass::text AS index
         FROM pg_class JOIN pg_index ON indrelid = reltoastrelid WHERE pg_class.oid = 't'::regclass`,
    );
    expect(table.heapBytes).toBe(await sizeOf('t'));
    expect(Math.abs(table.toastBytes / (await sizeOf(row!.toast)) - 1)).toBeLessThan(0.005);
    expect(Math.abs(table.toastIndexBytes / (await sizeOf(row!.index)) - 1)).toBeLessThan(0.03);

    await run(`SET maintenance_work_mem = '256MB'`);
    await run('SET max_parallel_maintenance_workers = 0');
    const statements = [
      'CREATE INDEX h ON t USING hnsw (v vector_l2_ops) WITH (m = 8, ef_construction = 16)',
      'CREATE INDEX f ON t USING ivfflat (v vector_l2_ops) WITH (lists = 30)',
    ];
    for (const [i, statement] of statements.entries()) {
      const wal = await walOf(statement);
      expect(Math.abs(candidates[i]!.resources!.walBytes / wal - 1), statement).toBeLessThan(0.03);
    }
  });
});
