import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { revision } from '../support/histories.js';
import { hasLocal, sharedServer, socketFolder } from '../support/servers.js';

let directory: ReturnType<typeof workingDirectory>;
beforeAll(() => {
  directory = workingDirectory();
  const write = (folder: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(join(directory.path, folder), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory.path, folder, name), text);
  };
  write('versions', {
    'a.py': revision('aaaa', null, {
      up: `op.execute('CREATE EXTENSION IF NOT EXISTS vector')\nop.create_table('docs', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('e', Vector(3)))`,
      down: `op.drop_table('docs')`,
      head: 'from pgvector.sqlalchemy import Vector',
    }),
    'b.py': revision('bbbb', 'aaaa', {
      up: `op.add_column('docs', sa.Column('title', sa.Text(), nullable=False, server_default=''))\nop.create_index('docs_e', 'docs', ['e'], postgresql_using='hnsw', postgresql_ops={'e': 'vector_l2_ops'})`,
      down: `op.drop_index('docs_e')\nop.drop_column('docs', 'title')`,
    }),
    'c.py': revision('cccc', 'bbbb', {
      up: `op.alter_column('docs', 'title', new_column_name='name')`,
      down: `op.alter_column('docs', 'name', new_column_name='title')`,
    }),
  });
  write('lacking', {
    'a.py': revision('aaaa', null, {
      up: `op.create_table('t', sa.Column('a', sa.Integer()))\nop.execute(compute())`,
      head: 'from app import compute',
    }),
    'b.py': revision('bbbb', 'aaaa', {
      up: `op.execute("ALTER TABLE made_by_python ADD COLUMN b int")\nop.add_column('t', sa.Column('b', sa.Integer()))`,
    }),
    'c.py': revision('cccc', 'bbbb', { up: `op.add_column('t', sa.Column('c', sa.Integer()))` }),
  });
  write('bare', {
    'a.py': revision('aaaa', null, { up: `op.execute(compute())`, head: 'from app import compute' }),
    'b.py': revision('bbbb', 'aaaa', {
      up: `op.add_column('made_by_python', sa.Column('b', sa.Integer()))\nop.create_index('i', 'made_by_python', ['b'])`,
    }),
    'c.py': revision('cccc', 'bbbb', { up: `op.create_table('t', sa.Column('a', sa.Integer()))` }),
  });
  write('ways', {
    'a.py': revision('aaaa', null, {
      up: `op.create_table('t', sa.Column('a', sa.Integer()))`,
      down: `op.drop_table('t')`,
    }),
    'b.py': revision('bbbb', 'aaaa', { up: `op.add_column('t', sa.Column('b', sa.Integer()))` }),
    'c.py': revision('cccc', 'bbbb', {
      up: `op.add_column('t', sa.Column('c', sa.Integer()))`,
      down: `op.drop_column('t', 'no_such_column')`,
    }),
    'd.py': revision('dddd', 'cccc', {
      up: `op.execute("CREATE TYPE mood AS ENUM ('good')")\nop.add_column('t', sa.Column('d', sa.Integer()))`,
      down: `op.drop_column('t', 'd')`,
    }),
    'e.py': revision('eeee', 'dddd', {
      up: `op.add_column('t', sa.Column('e', sa.Integer()))`,
      down: `op.drop_column('t', 'e')`,
    }),
  });
  write('no-way', {
    'a.py': revision('aaaa', null, {
      up: `op.create_table('t', sa.Column('a', sa.Integer()))`,
      down: `op.drop_table('t')`,
    }),
    'b.py': revision('bbbb', 'aaaa', {
      up: `op.execute(compute())`,
      down: `op.execute(compute())`,
      head: 'from app import compute',
    }),
    'c.py': revision('cccc', 'bbbb', { up: `op.add_column('t', sa.Column('c', sa.Integer()))`, down: 'pass' }),
  });
  write('platform', {
    '1_a.sql':
      'CREATE TABLE users (id int PRIMARY KEY);\nALTER TABLE users ADD FOREIGN KEY (id) REFERENCES auth.users (id);',
    '2_b.sql': 'ALTER TABLE users ADD name text;',
  });
  write('.', { 'auth.sql': 'CREATE SCHEMA auth;\nCREATE TABLE auth.users (id int PRIMARY KEY);' });
  write('broken', {
    '1_a.sql': 'CREATE TABLE t (a int);',
    '2_b.sql': 'ALTER TABLE t ADD CONSTRAINT c CHECK (no_such_column > 0);',
  });
});
afterAll(() => directory.remove());

const migrations = (...argv: string[]) => pgvtune(directory.path, 'migrations', ...argv);

// The embedded server does the same, in a minute instead of seconds.
const scratch = (await hasLocal()) ? 'local' : 'embedded';

describe('migrations on a scratch database', () => {
  it('proves a squash and writes its baselines', { timeout: 300_000 }, async () => {
    const { code, stdout } = await migrations('versions', '--prove', '--time', '--scratch', scratch, '--no-color');
    expect(stdout).toContain('Squash: 5 statements become 3, 0 barriers.');
    expect(stdout).toMatch(/^Proof: \d+ objects compared on .*, 0 differences\.$/m);
    expect(stdout).toMatch(/^Time: 3 migrations in .* s\. Down and up again both run\.$/m);
    expect(code).toBe(0);
    const document = readFileSync(join(directory.path, 'docs/db/migration_optimization.md'), 'utf8');
    expect(document).toMatch(/Their catalogs are equal: \d+ objects, 0 differences\./);
    expect(document).toContain('Down and up again both run.');
    expect(readdirSync(join(directory.path, 'docs/db/squash'))).toEqual([
      '01_cccc_baseline.py',
      '01_cccc_baseline.sql',
      'replaced.txt',
    ]);
  });

  it('leaves out of both what lacks something that exists only as Python', { timeout: 300_000 }, async () => {
    const { code, stdout } = await migrations(
      'lacking',
      '--prove',
      '--scratch',
      scratch,
      '--no-color',
      '--out',
      'lacks',
    );
    expect(stdout).toMatch(
      /^Proof: \d+ objects .*, 0 differences; 1 statement left out for want of what exists only as code, the first at b\.py:17 \(SQLSTATE 42P01\)\. It lacks the table or view made_by_python: write .* by --prepare\.$/m,
    );
    expect(code).toBe(0);
    const document = readFileSync(join(directory.path, 'lacks/db/migration_optimization.md'), 'utf8');
    expect(document).toMatch(
      /1 statement lacks what only such an operation would have made, and was left out of both: `b\.py:\d+` \(42P01\)\./,
    );
  });

  it('does not call equal what was left out for the most part', { timeout: 300_000 }, async () => {
    const argv = ['bare', '--prove', '--scratch', scratch, '--no-color', '--out', 'bared'];
    const { code, stdout } = await migrations(...argv);
    expect(stdout).toMatch(/, 0 differences; not shown to be equal, for 2 of 3 statements were left out for want of /);
    expect(code).toBe(1);
    const document = readFileSync(join(directory.path, 'bared/db/migration_optimization.md'), 'utf8');
    expect(document).toMatch(/Not verified: of 3 statements, 2 did not run on .*\. The catalogs of the rest are equal/);
  });

  it(
    'takes every migration down that has a way, and names those that have none or fail',
    { timeout: 300_000 },
    async () => {
      const time = (folder: string) =>
        migrations(folder, '--time', '--scratch', scratch, '--no-color', '--out', folder.replace('-', ''));
      const { code, stdout } = await time('ways');
      expect(stdout).toMatch(
        /^Time: 5 migrations in .* s\. Down and up again: 2 of 5 migrations run\. cccc fails on the way down at c\.py:21 \(SQLSTATE 42703\)\. dddd fails on the way up again at d\.py:17 \(SQLSTATE 42710\): .* No way down: bbbb\./m,
      );
      expect(code).toBe(1);
      const gap = await time('no-way');
      expect(gap.stdout).toMatch(
        /Down and up again: 1 of 3 migrations runs\. No way down: cccc\..* Not known, because a part of it exists only as code: bbbb\.$/m,
      );
      expect(gap.code).toBe(0);
      expect(readFileSync(join(directory.path, 'noway/db/migration_optimization.md'), 'utf8')).toContain(
        '- No way down: `cccc`.',
      );
    },
  );

  it('exits with 1 where the way up fails', { timeout: 300_000 }, async () => {
    const { code, stdout } = await migrations('broken', '--time', '--scratch', scratch, '--no-color', '--out', 'out');
    expect(stdout).toMatch(/^Time: 2 migrations in .* s; 2 fails at 2_b\.sql:1 \(SQLSTATE 42703\)/m);
    expect(code).toBe(1);
  });

  it('exits with 1 where the history itself fails, and says where', { timeout: 300_000 }, async () => {
    const { code, stdout } = await migrations(
      'broken',
      '--prove',
      '--scratch',
      'embedded',
      '--no-color',
      '--out',
      'out',
    );
    expect(code).toBe(1);
    expect(stdout).toContain(
      'Proof: not made, the history fails at 2_b.sql:1 (SQLSTATE 42703). It lacks the column no_such_column: write',
    );
  });

  it('says what a scratch database lacks, and takes it from a file', { timeout: 300_000 }, async () => {
    const prove = (...more: string[]) =>
      migrations('platform', '--prove', '--scratch', scratch, '--no-color', '--out', 'out', ...more);
    const { code, stdout } = await prove();
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /fails at 1_a\.sql:2 \(SQLSTATE 3F000\)\. It lacks the schema auth: write .* by --prepare\./,
    );
    const prepared = await prove('--prepare', 'auth.sql');
    expect(prepared.stdout).toMatch(/^Proof: \d+ objects .*, 0 differences\.$/m);
    expect(prepared.code).toBe(0);
    expect((await prove('--prepare', 'nowhere.sql')).code).toBe(2);
  });
});

describe.runIf(await hasLocal())('migrations drift', () => {
  const cluster = sharedServer('local');

  it('names what a live database has otherwise, and nothing where it is the same', { timeout: 300_000 }, async () => {
    const folder = await socketFolder(cluster());
    const admin = await cluster().connect('drift');
    await admin.query('CREATE DATABASE shop');
    const [row] = await admin.query<{ user: string }>('SELECT current_user AS user');
    const url = `postgres://${row!.user}@/shop?host=${folder}`;
    const sql = [
      'CREATE EXTENSION vector',
      "CREATE TABLE docs (id serial PRIMARY KEY, e vector(3), name text NOT NULL DEFAULT '')",
      'CREATE INDEX docs_e ON docs USING hnsw (e vector_l2_ops)',
      'CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)',
    ];
    const { openServer } = await import('../../src/postgres/index.js');
    const server = await openServer(url, {
      run: 'test',
      signal: new AbortController().signal,
      note: () => undefined,
      asIs: true,
    });
    const session = await server.connect('setup');
    for (const statement of sql) await session.query(statement);
    // A role or database may look for names elsewhere; their schemas then show in definitions.
    await session.query('ALTER DATABASE shop SET search_path TO elsewhere');
    const drift = (...more: string[]) =>
      migrations('drift', 'versions', '--server', url, '--scratch', 'local', ...more);
    expect(await drift()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^0 differences over \d+ objects\.\n$/) as string,
    });
    await session.query('ALTER TABLE docs ALTER name DROP NOT NULL');
    await session.query('CREATE TABLE extra (a int)');
    const { code, stdout } = await drift();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^column public\.docs\.name: differs; history: .*NOT NULL.*; database: /m);
    expect(stdout).toMatch(/^table public\.extra: only in the database$/m);
    expect(JSON.parse((await drift('--json')).stdout)).toMatchObject({ differences: { length: 3 } });
    await session.query('DROP EXTENSION vector CASCADE');
    const without = await drift();
    expect(without.code).toBe(1);
    expect(without.stdout).toMatch(/^extension vector: only in the history$/m);
    await server.stop();
    await admin.close();
  });
});
