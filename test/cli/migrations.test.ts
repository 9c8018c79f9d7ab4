import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMAT_CHOICES } from '../../src/cli/commands/migrations/command.js';
import { FORMATS } from '../../src/migrations/index.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { goldenCases } from '../support/golden-cases.js';
import { replayRun } from '../support/golden-run.js';
import { revision } from '../support/histories.js';
import { readRecording } from '../support/recording.js';

let directory: ReturnType<typeof workingDirectory>;
beforeAll(() => {
  directory = workingDirectory();
  const write = (folder: string, files: Readonly<Record<string, string>>): void => {
    mkdirSync(join(directory.path, folder), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory.path, folder, name), text);
  };
  write('sound', {
    'a.py': revision('a', null, {
      up: `op.create_table('t', sa.Column('id', sa.Integer()))`,
      down: `op.drop_table('t')`,
    }),
  });
  write('heads', {
    'a.py': revision('a', null, {
      up: `op.create_table('t', sa.Column('id', sa.Integer()))`,
      down: `op.drop_table('t')`,
    }),
    'b.py': revision('b|c`d', 'a', { up: `op.execute(computed())`, head: 'from app import computed' }),
    'c.py': revision('c', 'a', { up: `op.drop_table('t')` }),
  });
  mkdirSync(join(directory.path, 'empty'));
});
afterAll(() => directory.remove());

const migrations = (...argv: string[]) => pgvtune(directory.path, 'migrations', ...argv);

describe('migrations', () => {
  it('writes the document and exits with 0 where nothing is severe', async () => {
    const { code, stdout, stderr } = await migrations('sound', '--no-color');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('alembic: 1 revision, 2 operations, 100.0 % understood\nNo findings.\n');
    expect(readFileSync(join(directory.path, 'docs/db/migration_optimization.md'), 'utf8')).toContain(
      '# Migration history: sound',
    );
  });

  it('exits with 1 where a finding is severe', async () => {
    const { code, stdout } = await migrations('heads', '--no-color', '--out', 'out');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^high {4}The history has 2 heads: /m);
    expect(stdout).toContain('Not understood: 1 operation,');
    const document = readFileSync(join(directory.path, 'out/db/migration_optimization.md'), 'utf8');
    expect(document).toContain('`` b\\|c`d ``');
    expect(document).toMatch(/\| `b\.py:17` +\| `op\.execute` +\| the SQL is computed at run time +\|/);
  });

  it('prints one JSON document and writes no file with --json', async () => {
    const { code, stdout } = await migrations('heads', '--json');
    expect(code).toBe(1);
    const document = JSON.parse(stdout) as {
      schemaVersion: number;
      graph: { heads: string[] };
      coverage: { share: number };
    };
    expect(document).toMatchObject({ schemaVersion: 1, format: 'alembic', graph: { heads: ['b|c`d', 'c'] } });
    expect(existsSync(join(directory.path, 'heads/docs'))).toBe(false);
  });

  it('writes Russian', async () => {
    await migrations('heads', '--lang', 'ru', '--out', 'ru');
    const document = readFileSync(join(directory.path, 'ru/db/migration_optimization.md'), 'utf8');
    expect(document).toContain('# История миграций: heads');
    expect(document).toContain('У истории 2 головы');
  });

  it('prints the name of a file on one line, and none of its characters steers a terminal', async () => {
    const files = {
      'a\nNo findings.\u202e\u001b[2K.sql': '<<<<<<< HEAD\nCREATE TABLE t (a int);',
    };
    mkdirSync(join(directory.path, 'hostile'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory.path, 'hostile', name), text);
    const { stdout } = await migrations('hostile', '--since', 'base', '--no-color', '--out', 'hostile-out');
    const github = await migrations('hostile', '--since', 'base', '--github');
    for (const text of [stdout, github.stdout]) {
      expect(text).toContain('a No findings.');
      expect(text).not.toMatch(/^No findings/m);
      expect(text).not.toContain('\u202e');
      expect(text).not.toContain('\u001b');
    }
  });

  it('predicts the builds of vector indexes by what a run of capacity measured', async () => {
    const golden = goldenCases.find(({ name }) => name === 'capacity')!;
    await replayRun(
      golden,
      readRecording(join(import.meta.dirname, '../reports/golden/journals/capacity.ndjson.gz')),
      directory.path,
    );
    mkdirSync(join(directory.path, 'vectors'));
    const file = (name: string, text: string): void => writeFileSync(join(directory.path, 'vectors', name), text);
    file('1.sql', 'CREATE EXTENSION vector; CREATE TABLE docs (e vector(384));');
    file('2.sql', 'CREATE INDEX docs_e ON docs USING hnsw (e vector_l2_ops);');
    const span = async (...argv: string[]): Promise<{ low: number; value: number; high: number }> => {
      const { code, stdout } = await migrations('vectors', '--rows', '200k', '--json', ...argv);
      expect(code).toBe(0);
      const { vectors } = JSON.parse(stdout) as { vectors: { code: string; data: { build: { seconds: never } } }[] };
      return vectors.find((finding) => finding.code === 'vector-index-build')!.data.build.seconds;
    };
    const [anywhere, here] = [await span(), await span('--run', 'capacity')];
    expect(here).not.toEqual(anywhere);
    // The law of that machine knows its build time better than the model of any machine.
    expect(here.high / here.low).toBeLessThan(anywhere.high / anywhere.low);
    const { stdout } = await migrations('vectors', '--rows', '200k', '--run', 'capacity', '--no-color');
    expect(stdout).toMatch(/it takes /);
    expect(await migrations('vectors', '--run', 'none')).toMatchObject({ code: 2, stdout: '' });
  });

  it('names what is wrong with its arguments', async () => {
    expect(await migrations('empty')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('holds no migrations') as string,
    });
    expect(await migrations('nowhere')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be read') as string,
    });
    expect(await migrations('sound', '--format', 'flyway')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('of the format flyway') as string,
    });
    expect((await migrations('sound', '--lang', 'de')).code).toBe(2);
  });

  it('offers the formats that the readers know', () => {
    expect(FORMAT_CHOICES).toEqual(['auto', ...FORMATS]);
  });
});
