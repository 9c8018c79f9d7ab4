import { describe, expect, it } from 'vitest';
import { planTable } from '../../src/capacity/index.js';
import { analyseHistory, type Deployment } from '../../src/migrations/index.js';
import { historyOf, revision } from '../support/histories.js';

const setUp = 'CREATE EXTENSION IF NOT EXISTS vector;\nCREATE TABLE docs (id bigint, e vector(1536));';

const vectorsOf = async (...revisions: readonly string[]) =>
  analyseHistory(
    await historyOf(Object.fromEntries(revisions.map((sql, index) => [`${index + 1}_s.sql`, sql]))),
  ).vectors.map(({ code, severity, data }) => ({ code, severity, data }));

describe('vectors in a history', () => {
  it('lose an index that a later revision drops', async () => {
    const created = 'CREATE INDEX docs_e ON docs USING hnsw (e vector_cosine_ops) WITH (m = 24);';
    const lost = (await vectorsOf(setUp, created, 'DROP INDEX docs_e;')).filter(
      ({ code }) => code === 'vector-index-lost',
    );
    expect(lost).toMatchObject([
      { severity: 'high', data: { index: { name: 'docs_e' }, created: { revision: '2' }, dropped: { revision: '3' } } },
    ]);
    const kept = await vectorsOf(setUp, created, 'DROP INDEX docs_e;', created);
    expect(kept.filter(({ code }) => code === 'vector-index-lost')).toEqual([]);
  });

  it('lose an index that autogenerate of Alembic drops', async () => {
    const analysis = analyseHistory(
      await historyOf({
        'a.py': revision('a', null, {
          up: `op.execute('CREATE EXTENSION IF NOT EXISTS vector')
op.create_table('docs', sa.Column('id', sa.Integer()), sa.Column('e', pgvector.sqlalchemy.Vector(dim=3)))
op.create_index('docs_e', 'docs', ['e'], postgresql_using='hnsw', postgresql_ops={'e': 'vector_l2_ops'})`,
          head: 'import pgvector.sqlalchemy',
        }),
        'b.py': revision('b', 'a', { up: `op.drop_index('docs_e', table_name='docs')` }),
      }),
    );
    expect(analysis.vectors).toMatchObject([
      { code: 'vector-index-lost', data: { format: 'alembic', dropped: { revision: 'b', line: 17 } } },
    ]);
  });

  it.each([
    ['CREATE INDEX i ON docs USING hnsw (e);', 'vector-operator-class-missing', 'high'],
    ['CREATE INDEX i ON docs USING ivfflat (e);', 'vector-operator-class-missing', 'medium'],
    ['CREATE INDEX CONCURRENTLY i ON docs USING hnsw (e vector_l2_ops);', 'vector-index-build', 'info'],
    ['CREATE INDEX i ON docs USING hnsw (e vector_l2_ops);', 'vector-index-build', 'medium'],
    ['CREATE INDEX i ON docs USING hnsw ((e::halfvec(1536)) halfvec_l2_ops);', 'vector-cast-expression', 'info'],
    ['ALTER TABLE docs ALTER e TYPE vector(768);', 'vector-dimensions-changed', 'high'],
    [
      'ALTER TABLE docs ADD big vector(3072);\nCREATE INDEX i ON docs USING hnsw (big vector_l2_ops);',
      'vector-dimensions-over-limit',
      'high',
    ],
    [
      'ALTER TABLE docs ADD any_size vector;\nCREATE INDEX i ON docs USING hnsw (any_size vector_l2_ops);',
      'vector-dimensions-missing',
      'high',
    ],
    [
      'CREATE TABLE t (v vector(3));\nCREATE INDEX i ON t USING ivfflat (v vector_l2_ops);',
      'ivfflat-on-empty-table',
      'medium',
    ],
  ])('%s', async (sql, code, severity) => {
    expect(await vectorsOf(setUp, sql)).toContainEqual(expect.objectContaining({ code, severity }));
  });

  it('predict memory, spill, minutes and their interval of a build', async () => {
    const built = async (sql: string, deployment: Deployment) =>
      analyseHistory(await historyOf({ '1_s.sql': setUp, '2_s.sql': sql }), { deployment }).vectors.flatMap(
        ({ code, data }) => (code === 'vector-index-build' ? data.build! : []),
      )[0]!;
    const sql = 'CREATE INDEX i ON docs USING hnsw (e vector_l2_ops);';
    const plan = planTable({
      rows: 5_000_000,
      dimensions: 1536,
      columnType: 'vector',
      storage: 'external',
      columns: [],
      methods: ['hnsw'],
      stored: [{ representation: 'vector' }],
      parameters: {},
      settings: {},
      k: 10,
      maintenanceWorkMemBytes: 2 ** 26,
      maxParallelMaintenanceWorkers: 2,
      maxParallelWorkers: 8,
      concurrentBuilds: 1,
      machine: {},
    }).candidates[0]!;
    const stated = await built(sql, { rows: 5_000_000 });
    expect(stated).toMatchObject({
      rowsFrom: 'stated',
      bytes: plan.bytes,
      neededMemoryBytes: plan.build!.neededMaintenanceWorkMemBytes,
      spillRow: plan.build!.spillRow,
      workers: plan.parallelWorkers,
      seconds: plan.buildSeconds,
    });
    expect(stated.secondsInMemory!.value).toBeLessThan(stated.seconds!.value / 3);

    const heapBytes = 400_000_000;
    const server = {
      tables: new Map([['docs', { rows: 1000, bytes: 9e9, heapBytes }]]),
      settings: {
        maintenanceWorkMemBytes: 2 ** 30,
        maxParallelMaintenanceWorkers: 4,
        pgVersion: 16,
        pgvector: '0.8.0',
      },
    };
    expect(await built(sql, server)).toMatchObject({
      rowsFrom: 'server',
      rows: 1000,
      memoryBytes: 2 ** 30,
      spillRow: null,
      secondsInMemory: null,
      workers: 4,
    });
    const own = await built(`SET maintenance_work_mem = '8GB';\n${sql}`, { rows: 1_000_000 });
    expect(own).toMatchObject({ memoryBytes: 2 ** 33, spillRow: null });
    expect(await built(sql, {})).toMatchObject({ rowsFrom: 'example', rows: 1_000_000 });
    const short = await built('CREATE INDEX i ON docs USING ivfflat (e vector_l2_ops) WITH (lists = 4000);', {
      rows: 4_000_000,
    });
    expect(short).toMatchObject({ fails: true, seconds: null });
    expect(short.secondsInMemory!.value).toBeGreaterThan(60);
  });

  it('need the extension first', async () => {
    expect(await vectorsOf('CREATE TABLE docs (e vector(3));', 'CREATE EXTENSION vector;')).toMatchObject([
      { code: 'vector-before-extension', severity: 'high', data: { table: 'docs', extension: { revision: '2' } } },
    ]);
    expect(await vectorsOf('CREATE TABLE docs (e vector(3));')).toMatchObject([
      { code: 'vector-before-extension', severity: 'medium', data: { extension: null } },
    ]);
  });

  it('raise nothing where all is well', async () => {
    expect(
      await vectorsOf(setUp, 'CREATE TABLE t (v vector(3));\nCREATE INDEX i ON t USING hnsw (v vector_l2_ops);'),
    ).toEqual([]);
  });
});
