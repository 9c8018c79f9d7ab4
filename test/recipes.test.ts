import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import pg from 'pg';
import { pgvtune, workingDirectory } from './support/command-line.js';
import { sharedServer, hasLocal, socketFolder } from './support/servers.js';

const FOLDER = resolve('docs/recipes');
const files = readdirSync(FOLDER);
const textOf = (file: string): string => readFileSync(join(FOLDER, file), 'utf8');

describe('the recipes', () => {
  it('are all named in the documentation', () => {
    const page = readFileSync('docs/recipes.md', 'utf8');
    expect(files.filter((file) => !page.includes(`(recipes/${file})`))).toEqual([]);
  });

  it.each(files.filter((file) => /\.ya?ml$/.test(file)))('are YAML: %s', (file) => {
    const documents = parseAllDocuments(textOf(file));
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
    expect(documents).toHaveLength(1);
  });

  it('call commands that exist, with options that they have', async () => {
    const calls = files.flatMap((file) =>
      Array.from(
        textOf(file).matchAll(/\bpgvtune (gate|compare|export|history|tune|bench|metrics) ([^\n|;&>]*)/g),
        ([, command, rest]) => ({
          command: command!,
          options: rest!.match(/(?<=\s|^)--[a-z-]+/g) ?? [],
        }),
      ),
    );
    expect(calls.length).toBeGreaterThan(6);
    for (const { command, options } of calls) {
      const { stdout } = await pgvtune('.', command, '--help');
      for (const option of options) expect(stdout, `${command} ${option}`).toMatch(new RegExp(`${option}\\b`));
    }
  });

  it.skipIf(!existsSync('/usr/bin/systemd-analyze'))('are units that systemd accepts', () => {
    const units = ['pgvtune-nightly.service', 'pgvtune-nightly.timer'].map((unit) => join(FOLDER, unit));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('one night', () => {
  let directory: ReturnType<typeof workingDirectory>;
  beforeAll(() => {
    directory = workingDirectory();
    const program = join(directory.path, 'pgvtune');
    writeFileSync(program, '#!/bin/sh\necho "$@" >> calls\nif [ "$1" = gate ]; then exit "$STATUS"; fi\n');
    chmodSync(program, 0o755);
  });
  afterAll(() => directory.remove());

  const night = (status: number, more: Readonly<Record<string, string>>) => {
    const { path } = directory;
    writeFileSync(join(path, 'calls'), '');
    const env = { PATH: [path, process.env['PATH']].join(delimiter), STATUS: String(status), ...more };
    const { status: code } = spawnSync('sh', [join(FOLDER, 'nightly.sh')], { cwd: path, env });
    return { code, calls: readFileSync(join(path, 'calls'), 'utf8').trimEnd().split('\n') };
  };

  it.each([0, 1, 3])('ends as its gate does, after metrics and history: %i', (status) => {
    const { code, calls } = night(status, { PGVTUNE_BASELINE: 'my run', PGVTUNE_TEXTFILE: 'a b.prom' });
    expect(code).toBe(status);
    expect(calls).toEqual([
      expect.stringMatching(/^gate pgvtune\.yaml --baseline my run --name nightly-\d{8}-\d{6} --quiet$/),
      expect.stringMatching(/^export nightly-\d{8}-\d{6} --output a b\.prom$/),
      'history --csv results/history.csv',
    ]);
  });

  it.each([2, 4, 130])('exports nothing of a gate that did not come to an answer: %i', (status) => {
    const { code, calls } = night(status, { PGVTUNE_BASELINE: 'b' });
    expect({ code, calls: calls.length }).toEqual({ code: status, calls: 1 });
  });

  it('needs a baseline', () => {
    const { code, calls } = night(0, {});
    expect(code).not.toBe(0);
    expect(calls).toEqual(['']);
  });
});

interface QueryCount {
  readonly queries: number;
  readonly operations: number;
  readonly failed: number;
  readonly seconds: number;
  readonly repeated: number;
}
type WithQueryCount = <T>(work: () => Promise<T>, onStart?: (count: QueryCount) => void) => Promise<T>;

describe.runIf(await hasLocal())('queries of a request with node-postgres', () => {
  const server = sharedServer('local');
  const load = () =>
    import(join(FOLDER, 'queries-per-request.mjs')) as Promise<{
      withQueryCount: WithQueryCount;
      currentCount: () => QueryCount | undefined;
      countQueries: (prototype: object) => void;
    }>;

  it('are counted for each request alone, whatever form they have, and answered as before', async () => {
    const { countQueries, currentCount, withQueryCount } = await load();
    class Client extends pg.Client {}
    countQueries(Client.prototype);
    const pool = new pg.Pool({
      host: await socketFolder(server()),
      user: 'postgres',
      database: 'postgres',
      max: 3,
      Client,
    });
    let [first, second]: (QueryCount | undefined)[] = [];
    await Promise.all([
      withQueryCount(
        async () => {
          for (const id of [1, 2, 3]) {
            expect((await pool.query('SELECT $1::int AS id', [id])).rows).toEqual([{ id }]);
          }
          const named = { name: 'one', text: 'SELECT 1 AS one' };
          const client = await pool.connect();
          expect((await client.query(named)).rows).toEqual([{ one: 1 }]);
          const called = await new Promise((resolve) =>
            client.query('SELECT 2 AS two', (_, result) => resolve(result.rows)),
          );
          expect(called).toEqual([{ two: 2 }]);
          client.release();
          await expect(pool.query('SELECT 1/0')).rejects.toThrow('division by zero');
          expect(currentCount()).toBe(first);
        },
        (count) => (first = count),
      ),
      withQueryCount(
        () => pool.query('SELECT pg_sleep(0.02)'),
        (count) => (second = count),
      ),
    ]);
    expect(currentCount()).toBeUndefined();
    await pool.query('SELECT 1');
    await pool.end();
    expect(first).toMatchObject({ queries: 6, failed: 1, repeated: 3 });
    expect(second).toMatchObject({ queries: 1, failed: 0, repeated: 1 });
    expect(second!.seconds).toBeGreaterThan(0.019);
  });
});

describe('queries of a request with Prisma', () => {
  it('are counted where its client calls the extension', async () => {
    const { countOperations, withQueryCount } = (await import(join(FOLDER, 'queries-per-request-prisma.mjs'))) as {
      withQueryCount: WithQueryCount;
      countOperations: { query: { $allOperations: (call: object) => Promise<unknown> } };
    };
    const call = (query: (args: unknown) => Promise<unknown>) =>
      countOperations.query.$allOperations({ model: 'User', operation: 'findUnique', args: { id: 1 }, query });
    let count: QueryCount | undefined;
    await withQueryCount(
      async () => {
        expect(await call((args) => Promise.resolve([args]))).toEqual([{ id: 1 }]);
        await expect(call(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
      },
      (own) => (count = own),
    );
    expect(await call(() => Promise.resolve('outside'))).toBe('outside');
    expect(count).toMatchObject({ operations: 2, failed: 1, repeated: 2 });
  });
});

describe('queries of a request with SQLAlchemy', () => {
  const python = (code: string) =>
    spawnSync('python3', ['-c', code], {
      cwd: FOLDER,
      encoding: 'utf8',
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
  const lacks = (module: string): boolean => python(`import ${module}`).status !== 0;

  it.skipIf(lacks('ast'))('are counted by a file that Python takes', () => {
    const { status, stderr } = python("import ast; ast.parse(open('queries_per_request.py').read())");
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.skipIf(lacks('sqlalchemy'))('are counted and timed in a block', () => {
    const { stdout, stderr } = python(`
from sqlalchemy import create_engine, text
from queries_per_request import count_queries, query_count
engine = create_engine("sqlite://")
count_queries(engine)
with engine.connect() as connection:
    with query_count() as count:
        for i in range(3):
            assert connection.execute(text("SELECT :i"), {"i": i}).scalar() == i
        try:
            connection.execute(text("SELECT * FROM nowhere"))
        except Exception:
            pass
    connection.execute(text("SELECT 1"))
print(count.queries, count.failed, count.repeated, count.seconds > 0)
`);
    expect({ stdout, stderr }).toEqual({ stdout: '4 1 3 True\n', stderr: '' });
  });
});
