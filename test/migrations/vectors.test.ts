import { describe, expect, it } from 'vitest';
import { analyseHistory } from '../../src/migrations/index.js';
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
