import { beforeAll, expect, it } from 'vitest';
import type { Session } from '../../../../src/postgres/index.js';
import { plainSql } from '../../../../src/reports/tune/sql/plain.js';
import type { RunManifest } from '../../../../src/results/index.js';
import type { IndexSpec, SearchSettings } from '../../../../src/vocabulary.js';
import { manifest } from '../../../support/run-manifest.js';
import { describeServers } from '../../../support/servers.js';

const DIMENSIONS = 16;
const QUERY = `'[${Array.from({ length: DIMENSIONS }, (_, i) => i + 1).join(',')}]'`;

const usual = manifest('local');
const RUN = { ...usual, dataset: { ...usual.dataset, rows: 300, dimensions: DIMENSIONS } };

const hnsw = { m: 8, ef_construction: 32 };
const CHOICES: readonly (readonly [string, IndexSpec, SearchSettings])[] = [
  ['HNSW', { method: 'hnsw', representation: 'vector', parameters: hnsw }, { ef_search: 30 }],
  ['IVFFlat halfvec', { method: 'ivfflat', representation: 'halfvec', parameters: { lists: 10 } }, { probes: 3 }],
  ['HNSW bit', { method: 'hnsw', representation: 'bit', parameters: hnsw }, { ef_search: 40, rerank_depth: 40 }],
  [
    'HNSW subvector',
    { method: 'hnsw', representation: 'subvector', dimensions: 8, parameters: hnsw },
    { ef_search: 40, rerank_depth: 40 },
  ],
];

await describeServers('what the report says to run', (server) => {
  let session: Session;
  beforeAll(async () => {
    session = await server().connect('owner');
    await session.query(`
      CREATE ROLE your_role;
      GRANT CREATE ON SCHEMA public TO your_role;
      CREATE TABLE your_table (id bigint PRIMARY KEY, embedding vector(${DIMENSIONS}));
      INSERT INTO your_table
        SELECT i, ARRAY(SELECT random() - 0.5 FROM generate_series(1, ${DIMENSIONS}) WHERE i = i)::vector
          FROM generate_series(1, 300) AS i;
      ALTER TABLE your_table OWNER TO your_role`);
    await session.query('SET ROLE your_role');
    // So few rows are quicker sorted.
    await session.query('SET enable_seqscan = off');
    return () => session.close();
  });

  it.each(CHOICES)('for %s runs, for a role that owns the table and nothing else', async (_, spec, settings) => {
    const sql = plainSql(RUN, { spec, settings, build: '', point: '' }, 10);
    const run = async (statements: readonly string[]): Promise<unknown[]> => {
      const results: unknown[] = [];
      for (const statement of statements) results.push(await session.query(statement));
      return results;
    };
    const [create = ''] = sql.build.filter((statement) => statement.startsWith('CREATE INDEX'));
    const index = /CONCURRENTLY (\w+)/.exec(create)![1]!;
    const left = () =>
      session.query(
        `SELECT 'index' AS what FROM pg_class WHERE relname = $1
         UNION ALL SELECT 'setting' FROM pg_db_role_setting WHERE setrole = 'your_role'::regrole`,
        [index],
      );

    await run(sql.build);
    expect((await run(sql.query.map((statement) => statement.replaceAll('$1', QUERY)))).at(-2)).toHaveLength(10);
    await run(sql.defaults);
    expect(sql.check.join('\n')).not.toContain('$');
    const results = await run(sql.check);
    expect(JSON.stringify(results)).toContain(`Index Scan using ${index}`);
    expect(results.at(-1)).toEqual([{ indexrelid: index, indisvalid: true }]);
    expect(await left()).toEqual([{ what: 'index' }, { what: 'setting' }]);
    await run(sql.undo);
    expect(await left()).toEqual([]);
  });

  it.each(CHOICES)('for %s in partitions divides a copy of the table, and takes it back', async (_, spec, settings) => {
    const run: RunManifest = { ...RUN, layout: { kind: 'partitioned', partitions: 3 } };
    const sql = plainSql(run, { spec, settings, build: '', point: '' }, 10);
    for (const statement of sql.build) await session.query(statement);
    const [row] = await session.query(
      'SELECT count(*)::int AS rows, count(DISTINCT tableoid)::int AS partitions FROM your_table_partitioned',
    );
    expect(row).toEqual({ rows: 300, partitions: 3 });
    for (const statement of sql.query) await session.query(statement.replaceAll('$1', QUERY));
    const results: unknown[] = [];
    for (const statement of sql.check) results.push(await session.query(statement));
    const plan = JSON.stringify(results);
    expect(plan).toContain('Merge Append');
    expect(plan.match(/Index Scan using your_table_partitioned_p\d_/g)).toHaveLength(3);
    expect(results.at(-1)).toEqual([{ indexrelid: expect.stringMatching(/_partitioned$/), indisvalid: true }]);
    for (const statement of sql.undo) await session.query(statement);
    expect(await session.query("SELECT FROM pg_class WHERE relname LIKE 'your_table_partitioned%'")).toEqual([]);
  });

  it.each(CHOICES)('for %s sets the same for a function, and scans the index in it', async (_, spec, settings) => {
    // With all rows asked for, how many come back is a matter of the settings.
    for (const k of [10, 300]) {
      const sql = plainSql(RUN, { spec, settings, build: '', point: '' }, k);
      const [call, ...create] = sql.asFunction.build.toReversed();
      const inSettings = sql.query.map((statement) => statement.replaceAll('$1', QUERY));
      for (const statement of [...sql.build, ...create.toReversed()]) await session.query(statement);

      const before = await session.query('SHOW ALL');
      const { rows, scans } = await counting(() => session.query(call!.replace('($1)', `(${QUERY})`)));
      expect(await session.query('SHOW ALL')).toEqual(before);
      expect(scans).toBe(1);
      const wanted: unknown[][] = [];
      for (const statement of inSettings) wanted.push(await session.query(statement));
      expect(rows.map((row) => Object.values(row as object))).toEqual(
        wanted.at(-2)!.map((row) => Object.values(row as object)),
      );
      if (k === 300) expect(rows.length).toBeLessThan(300);
      for (const statement of [...sql.asFunction.undo, ...sql.undo]) await session.query(statement);
    }
  });

  /** Index scans on the table meanwhile. */
  const counting = (work: () => Promise<unknown[]>) =>
    session.rolledBack(async () => {
      const scans = async (): Promise<number> => {
        const [row] = await session.query<{ scans: number }>(
          "SELECT idx_scan::int AS scans FROM pg_stat_xact_user_tables WHERE relname = 'your_table'",
        );
        return row!.scans;
      };
      const before = await scans();
      const rows = await work();
      return { rows, scans: (await scans()) - before };
    });
});
