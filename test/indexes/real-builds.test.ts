import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  buildFindings,
  createIndexSql,
  describeRepresentation,
  heapPages,
  hnswPagesClosedForm,
  hnswSpillRow,
  indexKind,
  ivfflatMemory,
  ivfflatMemoryError,
  orderByExpression,
  orderByOperators,
  PLANNER_DEFAULTS,
  predictIndex,
  predictPlan,
  recallKnob,
  rerankBuffers,
  simulateHnswPages,
  valueBytes,
  type BuildWorkersInput,
  type PlannerSettings,
} from '../../src/indexes/index.js';
import type { Session } from '../../src/postgres/index.js';
import { createRandom } from '../../src/random.js';
import type { IndexSpec, Representation } from '../../src/vocabulary.js';
import { hasLocal, sharedServer } from '../support/servers.js';
import { MB } from './cases.js';

/*
 * What the models say, held against what a native server does.
 */

const FOREVER = { deadlineMs: Infinity };
const OTHER_BYTES = 12;

const hnsw = (representation: Representation, m: number): IndexSpec => ({
  method: 'hnsw',
  representation,
  // The graph's quality is nothing to its size: the cheapest build that is allowed.
  parameters: { m, ef_construction: Math.max(4, 2 * m) },
});
const ivfflat = (representation: Representation, lists: number): IndexSpec => ({
  method: 'ivfflat',
  representation,
  parameters: { lists },
});
const nameOf = (spec: IndexSpec): string =>
  `${spec.method} ${describeRepresentation(spec)} ${JSON.stringify(spec.parameters)}`;

describe.skipIf(!(await hasLocal()))('models against a native server', () => {
  const server = sharedServer('local');
  let session: Session;
  let pgvector: string;

  beforeAll(async () => {
    session = await server().connect('builds');
    const [row] = await session.query<{ version: string }>(
      `SELECT extversion AS version FROM pg_extension WHERE extname = 'vector'`,
    );
    pgvector = row!.version;
    return () => session.close();
  });

  const run = (sql: string): Promise<unknown> => session.query(sql, [], FOREVER);

  async function pagesOf(relation: string): Promise<number> {
    const [row] = await session.query<{ bytes: string | null }>('SELECT pg_relation_size(to_regclass($1)) AS bytes', [
      relation,
    ]);
    return Number(row?.bytes ?? 0) / 8192;
  }

  /** A table `t (id bigint, category int, embedding vector)` of random vectors. */
  async function load(dimensions: number, rows: number): Promise<void> {
    await run('DROP TABLE IF EXISTS t');
    await run(`CREATE UNLOGGED TABLE t (id bigint, category int, embedding vector(${dimensions}))`);
    await run('ALTER TABLE t SET (autovacuum_enabled = off)');
    await run(
      `INSERT INTO t SELECT i, i % 10, ARRAY(SELECT random() - 0.5 FROM generate_series(1, ${dimensions}) WHERE i = i)::vector
         FROM generate_series(1, ${rows}) i`,
    );
  }

  const statement = (spec: IndexSpec, dimensions: number): string =>
    createIndexSql({ name: 'i', table: 't', column: 'embedding', dimensions, spec, metric: 'l2' }) ?? '';

  describe.each([
    {
      dimensions: 64,
      rows: 20_000,
      specs: [hnsw('vector', 4), hnsw('halfvec', 5), hnsw('bit', 10), ivfflat('vector', 20), ivfflat('vector', 80)],
    },
    { dimensions: 384, rows: 3000, specs: [hnsw('vector', 8), hnsw('vector', 16), ivfflat('vector', 30)] },
    {
      dimensions: 768,
      rows: 3000,
      specs: [
        hnsw('vector', 6),
        hnsw('halfvec', 10),
        { ...hnsw('subvector', 24), dimensions: 256 },
        ivfflat('halfvec', 30),
      ],
    },
    { dimensions: 1892, rows: 600, specs: [ivfflat('vector', 20)] },
    { dimensions: 1969, rows: 600, specs: [hnsw('vector', 16)] },
    { dimensions: 3000, rows: 600, specs: [hnsw('halfvec', 8)] },
  ])('$rows vectors of $dimensions dimensions', ({ dimensions, rows, specs }) => {
    beforeAll(() => load(dimensions, rows));

    it('take the predicted pages of the table', async () => {
      const [row] = await session.query<{ toast: string }>(
        `SELECT reltoastrelid::regclass::text AS toast FROM pg_class WHERE oid = 't'::regclass`,
      );
      const bytes = valueBytes({ type: 'vector', dimensions });
      const predicted = heapPages({ rows, otherBytes: OTHER_BYTES, valueBytes: bytes });
      expect(await pagesOf('t')).toBe(predicted.heapPages);
      const toastPages = await pagesOf(row!.toast);
      expect(Math.abs(toastPages - predicted.toastPages)).toBeLessThanOrEqual(0.005 * toastPages);
    });

    it.each(specs.map((spec) => [nameOf(spec), spec] as const))('take the predicted pages of %s', async (_, spec) => {
      await session.rolledBack(async () => {
        await session.query(`SET LOCAL maintenance_work_mem = '512MB'`);
        await run(statement(spec, dimensions));
        const pages = await pagesOf('i');
        const server = { maintenanceWorkMemBytes: 512 * MB, maxParallelMaintenanceWorkers: 2, pgVersion: 15 };
        const predicted = predictIndex({ ...server, rows, dimensions, spec });
        expect(pages).toBeGreaterThan(500);
        expect(Math.abs(predicted.pages / pages - 1)).toBeLessThan(0.01);
      });
    });
  });

  it('take as many pages as drawn levels make them at the last dimensions of a step', async () => {
    const [dimensions, rows, m] = [1941, 1000, 8];
    const layout = { m, valueBytes: valueBytes({ type: 'halfvec', dimensions }) };
    await load(dimensions, rows);
    await session.rolledBack(async () => {
      await run(statement(hnsw('halfvec', m), dimensions));
      const random = createRandom('draws');
      const draws = Array.from({ length: 200 }, () => simulateHnswPages(layout, rows, random));
      const mean = draws.reduce((a, b) => a + b) / draws.length;
      const sd = Math.sqrt(draws.reduce((sum, pages) => sum + (pages - mean) ** 2, 0) / draws.length);
      const pages = await pagesOf('i');
      expect(Math.abs(pages - mean)).toBeLessThan(5 * sd);
      expect(pages).toBeGreaterThan(1.1 * hnswPagesClosedForm(layout, rows));
    });
  });

  it('take the predicted pages as sparse vectors, of which the non-zero elements count', async () => {
    const [rows, m, nonZeros] = [10_000, 8, 30];
    await run('DROP TABLE IF EXISTS s');
    await run(`CREATE UNLOGGED TABLE s (id bigint, embedding sparsevec(1000))`);
    await run(
      `INSERT INTO s SELECT i, ('{' || (
           SELECT string_agg(33 * j - floor(33 * random())::int || ':' || 0.1 + random(), ',')
             FROM generate_series(1, ${nonZeros}) j WHERE i = i) || '}/1000')::sparsevec
         FROM generate_series(1, ${rows}) i`,
    );
    await session.rolledBack(async () => {
      await run(`CREATE INDEX i ON s USING hnsw (embedding sparsevec_l2_ops) WITH (m = ${m}, ef_construction = 16)`);
      const server = { maintenanceWorkMemBytes: 64 * MB, maxParallelMaintenanceWorkers: 2, pgVersion: 15 };
      const predicted = predictIndex({ ...server, rows, dimensions: 1000, nonZeros, spec: hnsw('vector', m) });
      const pages = await pagesOf('i');
      expect(pages).toBeGreaterThan(500);
      expect(Math.abs(predicted.pages / pages - 1)).toBeLessThan(0.01);
      expect(await pagesOf('s')).toBe(predicted.table.heapPages);
    });
  });

  it.each([384, 768])('of %i dimensions, re-ranked, touch the predicted pages of the table', async (dimensions) => {
    const rows = 1000;
    await load(dimensions, rows);
    await session.rolledBack(async () => {
      await run(statement(hnsw('bit', 4), dimensions));
      await run('SET LOCAL enable_seqscan = off');
      await run('SET LOCAL hnsw.ef_search = 200');
      const buffersOf = async (candidates: number): Promise<number> => {
        const bits = (vector: string): string => `binary_quantize(${vector})::bit(${dimensions})`;
        const query = `'[${Array.from({ length: dimensions }, (_, i) => Math.sin(i)).join(',')}]'::vector`;
        const [row] = await session.query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
          `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT id FROM (SELECT id, embedding FROM t
             ORDER BY (${bits('embedding')}) <~> (${bits(query)}) LIMIT ${candidates}) AS candidates
             ORDER BY embedding <=> ${query} LIMIT 10`,
        );
        const { Plan: plan } = row!['QUERY PLAN'][0];
        return plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!;
      };
      // The search of the index is the same: what differs is read from the table.
      await buffersOf(100);
      const seen = (await buffersOf(150)) - (await buffersOf(50));
      const table = heapPages({
        rows,
        otherBytes: OTHER_BYTES,
        valueBytes: valueBytes({ type: 'vector', dimensions }),
      });
      expect(Math.abs(rerankBuffers({ rows, table, candidates: 100 }) / seen - 1)).toBeLessThan(0.05);
    });
  });

  describe('memory of a build', () => {
    beforeAll(() => load(384, 9600));

    it.each([
      { representation: 'vector' as const, m: 16, workers: 1, megabytes: 10 },
      { representation: 'vector' as const, m: 4, workers: 0, megabytes: 16 },
      { representation: 'halfvec' as const, m: 16, workers: 1, megabytes: 10 },
      { representation: 'bit' as const, m: 8, workers: 0, megabytes: 5 },
    ])('$representation, m=$m, $workers workers and $megabytes MB: the build spills where predicted', async (build) => {
      const { representation, m, workers, megabytes } = build;
      const [row] = await session.query<{ version: string }>(`SELECT current_setting('server_version_num') AS version`);
      const predicted = hnswSpillRow(
        {
          m,
          valueBytes: valueBytes({ type: representation, dimensions: 384 }),
          parallelWorkers: workers,
          pgVersion: Math.floor(Number(row?.version) / 10_000),
        },
        9600,
        megabytes * MB,
      );
      const notices = await session.rolledBack(async () => {
        await session.query(`SET LOCAL maintenance_work_mem = '${megabytes}MB'`);
        await session.query(`SET LOCAL max_parallel_maintenance_workers = ${workers}`);
        await session.query(`ALTER TABLE t SET (parallel_workers = ${workers})`);
        session.takeNotices();
        // A few rows more: those beyond memory are inserted slowly.
        await run(`${statement(hnsw(representation, m), 384)} WHERE id <= ${Math.ceil(1.02 * Number(predicted))}`);
        return session.takeNotices();
      });
      const spilled = Number(/after (\d+) tuples/.exec(notices.join())?.[1]);
      expect(buildFindings(notices).map((finding) => finding.code)).toEqual(['hnsw-build-spilled']);
      expect(Math.abs(Number(predicted) / spilled - 1)).toBeLessThan(0.005);
    });

    it.each([10, 100, 400])('IVFFlat with %i lists asks for the predicted memory', async (lists) => {
      const memory = ivfflatMemory({
        rows: 9600,
        lists,
        dimensions: 384,
        valueBytes: valueBytes({ type: 'vector', dimensions: 384 }),
        heapPages: await pagesOf('t'),
        pgvector,
      });
      const build = session.rolledBack(async () => {
        await session.query(`SET LOCAL maintenance_work_mem = '1MB'`);
        await run(statement(ivfflat('vector', lists), 384));
      });
      await expect(build).rejects.toMatchObject({
        sqlstate: '54000',
        message: expect.stringContaining(`memory required is ${ivfflatMemoryError(memory, MB)} MB`) as string,
      });
    });

    it.each([
      { spec: ivfflat('vector', 10), change: {} },
      { spec: hnsw('vector', 2), change: {} },
      { spec: ivfflat('vector', 10), change: { minParallelTableScanBytes: MB } },
      { spec: hnsw('vector', 2), change: { maintenanceWorkMemBytes: 63 * MB } },
      { spec: ivfflat('vector', 10), change: { maintenanceWorkMemBytes: 63 * MB, tableParallelWorkers: 1 } },
      { spec: hnsw('vector', 2), change: { tableParallelWorkers: 0 } },
    ])('$spec.method is given the predicted number of workers: $change', async ({ spec, change }) => {
      const input = { maintenanceWorkMemBytes: 160 * MB, maxParallelMaintenanceWorkers: 3, ...change };
      const predicted = indexKind(spec.method).model!.buildWorkers({ ...input, heapPages: await pagesOf('t') });
      const { minParallelTableScanBytes = 8 * MB, tableParallelWorkers } = input as Partial<BuildWorkersInput>;
      const reset = 'ALTER TABLE t RESET (parallel_workers)';
      await run(
        tableParallelWorkers === undefined ? reset : `ALTER TABLE t SET (parallel_workers = ${tableParallelWorkers})`,
      );
      expect(
        await workersOf(session, [
          `SET maintenance_work_mem = '${input.maintenanceWorkMemBytes / 1024}kB'`,
          `SET max_parallel_maintenance_workers = ${input.maxParallelMaintenanceWorkers}`,
          `SET min_parallel_table_scan_size = '${minParallelTableScanBytes / 1024}kB'`,
          statement(spec, 384),
          'DROP INDEX i',
        ]),
      ).toBe(predicted);
    });
  });

  describe('the planner', () => {
    const DIMENSIONS = 128;
    beforeAll(async () => {
      // More than 8 MB: parallel workers are an alternative.
      await load(DIMENSIONS, 15_000);
      await session.query('VACUUM ANALYZE t', [], FOREVER);
    });

    interface RawPlan {
      readonly 'Node Type': string;
      readonly 'Startup Cost': number;
      readonly 'Total Cost': number;
      readonly 'Plan Rows': number;
      readonly Plans?: readonly RawPlan[];
    }

    async function explain(sql: string, ...settings: readonly string[]): Promise<RawPlan> {
      for (const setting of settings) await session.query(`SET LOCAL ${setting}`);
      const rows = await session.query<{ 'QUERY PLAN': [{ Plan: RawPlan }] }>(`EXPLAIN (FORMAT JSON) ${sql}`);
      return rows[0]!['QUERY PLAN'][0].Plan;
    }

    const leafOf = (plan: RawPlan): RawPlan => (plan.Plans?.[0] ? leafOf(plan.Plans[0]) : plan);

    function planOf(plan: RawPlan): string {
      if (JSON.stringify(plan).includes('Index Scan')) return 'index';
      return JSON.stringify(plan).includes('Gather') ? 'parallel sequential' : 'sequential';
    }

    /** As EXPLAIN prints costs. */
    const cents = (cost: number): number => Math.round(cost * 100) / 100;

    it.each([
      [hnsw('vector', 4), [10, 100, 1000]],
      [hnsw('halfvec', 4), [10, 1000]],
      [hnsw('bit', 4), [10, 1000]],
      [{ ...hnsw('subvector', 4), dimensions: 32 }, [10, 1000]],
      [ivfflat('vector', 30), [1, 10, 20, 30]],
      [ivfflat('halfvec', 30), [1, 16]],
      [ivfflat('bit', 20), [1, 10]],
    ] as const)('costs %j as predicted and chooses as predicted', async (spec, values) => {
      await session.rolledBack(async () => {
        await run(statement(spec, DIMENSIONS));
        const [table] = await session.query<{ rows: number }>(
          `SELECT reltuples AS rows FROM pg_class WHERE oid = 't'::regclass`,
        );
        const rows = Number(table?.rows);
        const costs = await plannerSettings(session);
        const query = `'[${Array.from({ length: DIMENSIONS }, () => 0.1).join(',')}]'::vector`;
        const orderBy = orderByExpression({
          spec,
          metric: 'l2',
          column: 'embedding',
          dimensions: DIMENSIONS,
          query,
        });
        const knob = recallKnob(indexKind(spec.method))!;
        const filter = await explain('SELECT 1 FROM t WHERE category = 3', 'max_parallel_workers_per_gather = 0');
        for (const value of values) {
          for (const filtered of [false, true]) {
            for (const maxParallelWorkersPerGather of [0, 2]) {
              const sql = `SELECT id FROM t ${filtered ? 'WHERE category = 3' : ''} ORDER BY ${orderBy} LIMIT 10`;
              const input = {
                rows,
                heapPages: await pagesOf('t'),
                indexPages: await pagesOf('i'),
                k: 10,
                orderByOperators: orderByOperators(spec.representation),
                ...(filtered ? { selectivity: filter['Plan Rows'] / rows, filterOperators: 1 } : {}),
                costs: { ...costs, maxParallelWorkersPerGather },
                parameters: spec.parameters,
                settings: { [knob.name]: value },
              };
              const predicted = predictPlan(indexKind(spec.method).model!.scanCost!(input), input);
              const where = JSON.stringify({ value, filtered, maxParallelWorkersPerGather });

              const workers = `max_parallel_workers_per_gather = ${maxParallelWorkersPerGather}`;
              const chosen = await explain(sql, workers, `${knob.guc} = ${value}`);
              expect(planOf(chosen), where).toBe(predicted.plan);
              const byIndex = await explain(sql, 'enable_seqscan = off');
              expect(leafOf(byIndex)['Startup Cost'], where).toBeCloseTo(cents(predicted.index.startup), 1);
              expect(leafOf(byIndex)['Total Cost'], where).toBeCloseTo(cents(predicted.index.total), 1);
              expect(byIndex['Total Cost'], where).toBeCloseTo(cents(predicted.limit.index.total), 1);
              const byTable = await explain(sql, 'enable_seqscan = on', 'enable_indexscan = off');
              const isParallel = planOf(byTable) === 'parallel sequential';
              const exact = isParallel ? predicted.limit.parallelSequential : predicted.limit.sequential;
              expect(byTable['Total Cost'], where).toBeCloseTo(cents(Number(exact?.total)), 1);
              await session.query('SET LOCAL enable_indexscan = on');
            }
          }
        }
      });
    });
  });
});

/** Runs statements on a connection that listens to debug messages, and returns how many workers a build said it used. */
async function workersOf(session: Session, statements: readonly string[]): Promise<number> {
  const [at] = await session.query<{ host: string; port: string; user: string; database: string }>(
    `SELECT current_setting('unix_socket_directories') AS host, current_setting('port') AS port,
            current_user AS user, current_database() AS database`,
  );
  const client = new pg.Client({ ...at, port: Number(at?.port) });
  let workers = 0;
  client.on('notice', ({ message }) => {
    workers = Number(/using (\d+) parallel workers/.exec(message ?? '')?.[1] ?? workers);
  });
  await client.connect();
  try {
    await client.query('SET client_min_messages = debug1');
    for (const statement of statements) await client.query(statement);
    return workers;
  } finally {
    await client.end();
  }
}

/** The session's planner settings in the units of {@link PlannerSettings}. */
async function plannerSettings(session: Session): Promise<PlannerSettings> {
  const rows = await session.query<{ name: string; setting: string; unit: string | null }>(
    `SELECT name, setting, unit FROM pg_settings WHERE name = ANY ($1::text[])`,
    [Object.values(NAMES)],
  );
  const value = (name: string): number => {
    const row = rows.find((r) => r.name === name);
    return Number(row?.setting) * (row?.unit === '8kB' ? 8192 : 1);
  };
  const read = Object.entries(NAMES).map(([key, name]) => [key, value(name)]);
  return { ...PLANNER_DEFAULTS, ...(Object.fromEntries(read) as Partial<PlannerSettings>) };
}

const NAMES = {
  seqPageCost: 'seq_page_cost',
  randomPageCost: 'random_page_cost',
  cpuTupleCost: 'cpu_tuple_cost',
  cpuIndexTupleCost: 'cpu_index_tuple_cost',
  cpuOperatorCost: 'cpu_operator_cost',
  parallelSetupCost: 'parallel_setup_cost',
  parallelTupleCost: 'parallel_tuple_cost',
  effectiveCacheSizeBytes: 'effective_cache_size',
  minParallelTableScanBytes: 'min_parallel_table_scan_size',
} as const;
