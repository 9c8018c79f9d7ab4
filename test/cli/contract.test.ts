import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgvtune, start, workingDirectory } from '../support/command-line.js';

const COMMANDS = [
  ['tune'],
  ['bench'],
  ['plan'],
  ['capacity'],
  ['recall'],
  ['explain'],
  ['report'],
  ['serve'],
  ['drift'],
  ['dataset', 'generate'],
  ['dataset', 'import'],
  ['dataset', 'sample'],
  ['dataset', 'list'],
  ['dataset', 'show'],
  ['dataset', 'verify'],
  ['dataset', 'export'],
  ['audit'],
  ['watch'],
  ['metrics'],
  ['pool'],
  ['doctor'],
  ['init'],
  ['clean'],
];

let directory: ReturnType<typeof workingDirectory>;
beforeAll(() => {
  directory = workingDirectory();
});
afterAll(() => directory.remove());

const run = (...argv: string[]) => pgvtune(directory.path, ...argv);

describe('help', () => {
  it('names every command', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const [name] of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });

  it.each(COMMANDS.map((command) => [command.join(' '), command] as const))(
    'tells what %s does, with the options that all share',
    async (_, command) => {
      const { code, stdout } = await run(...command, '--help');
      expect(code).toBe(0);
      for (const option of ['--json', '--quiet', '--no-color']) expect(stdout).toContain(option);
    },
  );

  it('gives the version', async () => {
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('what cannot be meant exits with 2, says so, and prints nothing on stdout', () => {
  it.each([
    [['tuen'], /unknown command 'tuen'[\s\S]*Did you mean tune/],
    [['tune', '--recal', '0.9'], /unknown option '--recal'[\s\S]*Did you mean --recall/],
    [['tune', '--recall', 'high'], /--recall[\s\S]*Expected a number/],
    [['tune', '--recall', '1.5'], /--recall: Expected at most 1, got 1\.5/],
    [['tune', '--p95', '20 parsecs'], /Expected a duration such as "20ms"/],
    [['tune', '-k', '0'], /--k/],
    [['tune', 'missing.yaml'], /Cannot read the configuration .*missing\.yaml/],
    [['clean', '--server', 'embedded'], /would be started empty/],
    [['tune', '--server', 'mysql://x'], /not that of a PostgreSQL server/],
    [['tune', '--dataset', 'none.hdf5'], /none\.hdf5/],
    [['tune', '--dataset', 'nothing'], /There is no dataset "nothing"/],
    [['tune', '--query-records', 'records.jsonl'], /--query-records: Expected a file as the dataset/],
    [['tune', '--resume', '20260101-000000-tune-x'], /There is no run/],
    [['tune', '--resume', 'no such/Run'], /is not a name for a run/],
    [['bench', '--metric', 'manhattan'], /--metric/],
    [['plan', '--rows', '5M'], /required option '--dims/],
    [['plan', '--rows', 'many', '--dims', '10'], /Expected a number of rows/],
    [['plan', '--rows', '5M', '--dims', '3000'], /Expected at most 2,000 dimensions/],
    [['plan', '--rows', '5M', '--dims', '300', '--type', 'float'], /--type/],
    [['plan', '--rows', '5M', '--dims', '300', '--type', 'sparsevec'], /needs --nonzero/],
    [
      ['plan', '--rows', '5M', '--dims', '300', '--method', 'ivfflat', '--m', '8'],
      /Expected a build parameter of IVFFlat/,
    ],
    [['plan', '--rows', '5M', '--dims', '300', '--column', 'a b'], /--column: Expected one of bool[\s\S]*got "b"/],
    [['plan', '--rows', '5M', '--dims', '300', '--column', 'a text'], /text needs the average bytes/],
    [['plan', '--rows', '5M', '--dims', '300', '--column', 'a text(9k) btree'], /A btree takes keys up to/],
    [['plan', '--rows', '5M', '--dims', '300', '--pgvector-version', 'new'], /--pgvector-version/],
    [['plan', '--rows', '5M', '--dims', '300', '--ram', 'much'], /Expected a size/],
    [['plan', '--rows', '5M', '--dims', '300', '--nonzero', '20'], /--nonzero is for --type sparsevec/],
    [['metrics'], /required option '--server/],
    [['metrics', '--server', 'embedded'], /would start empty/],
    [['metrics', '--server', 'env', '--every', '10ms'], /--every: expected at least 1s/],
    [['metrics', '--server', 'env', '--statements', '0'], /Expected a whole number from 1/],
    [['report', 'nothing'], /There is no run nothing/],
    [['report'], /There are no runs/],
    [['clean'], /--server/],
    [['tune', '--concurrency', '0'], /--concurrency: Expected at least 1, got 0/],
    [['tune', '-k', '1500'], /--k: Expected at most 1000, got 1500\. An HNSW index returns/],
    [['dataset', 'import', 'a.jsonl', '--metric', 'manhattan'], /--metric[\s\S]*Allowed choices are l2, ip/],
    [['dataset', 'import', 'a.jsonl', '--queries', 'q.jsonl', '--hold-out', '5'], /--hold-out takes/],
    [['dataset', 'import', '.'], /expected a VectorDBBench folder, BEIR folder/],
    [['dataset', 'generate', 'missing.yaml'], /Cannot read the configuration/],
    [['dataset', 'show', 'nothing'], /There is no dataset "nothing"/],
  ])('%j', async (argv, message) => {
    const { code, stdout, stderr } = await run(...argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('a server that cannot be reached exits with 4 and a hint', () => {
  it('says what was tried, never the password', async () => {
    const { code, stderr } = await run('doctor', '--server', 'postgres://me:s3cret-word@127.0.0.1:1/db');
    expect(code).toBe(4);
    expect(stderr).toContain('127.0.0.1');
    expect(stderr).toMatch(/Check host and port/);
    expect(stderr).not.toContain('s3cret-word');
  });

  it('is one JSON document too, with --json', async () => {
    const { code, stdout } = await run('doctor', '--json', '--server', 'postgres://me:s3cret-word@127.0.0.1:1/db');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'server', message: expect.stringContaining('127.0.0.1') },
    });
    expect(stdout).not.toContain('s3cret-word');
  });

  it('shows a stack only when asked', async () => {
    const { stderr } = await run('doctor', '--debug', '--server', 'postgres://me@127.0.0.1:1/db');
    expect(stderr).toMatch(/^\s+at /m);
  });
});

describe('plan', () => {
  it('predicts without a server', async () => {
    const { code, stdout } = await run('plan', '--rows', '1M', '--dims', '1536', '--json');
    expect(code).toBe(0);
    const [plan] = JSON.parse(stdout).candidates;
    // One vector to a page of 8 kB: 8.19 GB for a million.
    expect(plan.bytes / 8.19e9).toBeCloseTo(1, 2);
    expect(plan.steps.freeParameter).toMatchObject({ name: 'm', largest: { value: 100 } });
  });

  it('tells where dimensions double the index', async () => {
    const { stdout } = await run('plan', '--rows', '1M', '--dims', '1968');
    expect(stdout).toContain('1,969 dimensions make it');
  });

  it('shows where m is free, how many vectors share a page, the work of a query, and the planner’s choice', async () => {
    const { stdout } = await run('plan', '--rows', '1M', '--dims', '384', '--ef-search', '80');
    expect(stdout).toContain('m is free up to 34');
    expect(stdout).toMatch(/438 +4 +1\.91 GB {2}← here/);
    expect(stdout).toMatch(/with ef_search=80 compares about [\d,]+ rows and touches [\d,]+ pages/);
    expect(stdout).toContain('takes the index');
    const few = await run('plan', '--rows', '3k', '--dims', '64');
    expect(few.stdout).toMatch(/by ef_search: index 1 … \d+; sequential \d+ … 1,000/);
  });

  it('knows what an index on a part of the vector takes', async () => {
    const cut = await run('plan', '--rows', '1M', '--dims', '1536', '--type', 'subvector(384)', '--json');
    const whole = await run('plan', '--rows', '1M', '--dims', '384', '--json');
    const [other] = JSON.parse(whole.stdout).candidates;
    expect(JSON.parse(cut.stdout).candidates).toMatchObject([{ bytes: other.bytes, spec: { dimensions: 384 } }]);
    expect(await run('plan', '--rows', '1M', '--dims', '384', '--type', 'subvector(384)')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('fewer dimensions'),
    });
  });
});

describe('plan of a whole table', () => {
  it('shows indexes side by side, the disk and the log, and what it assumes', async () => {
    const table = ['plan', '--rows', '5M', '--dims', '3000', '--memory', '16GB'];
    const columns = ['--column', 'tenant int btree(1000)', '--column', 'body text(900) gin(80)'];
    const { code, stdout } = await run(...table, ...columns, '--type', 'vector,halfvec,bit', '--method', 'hnsw,exact');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^HNSW halfvec m=16 .* 51\.\d % +2,5\d\d,\d{3} +38\.1 GB/m);
    expect(stdout).toMatch(/^HNSW bit m=16 .* yes /m);
    expect(stdout).toMatch(/^exact scan .* 0 B/m);
    expect(stdout).toContain('Not possible: hnsw vector. Expected at most 2,000 dimensions');
    expect(stdout).toMatch(/other indexes +btree id .*, btree tenant .*, gin body/);
    expect(stdout).toContain('PostgreSQL 17 (--pg-version)');
  });

  it('tells what is left when a build spills, who bounds the workers, and what to build with', async () => {
    const table = ['plan', '--rows', '40M', '--dims', '768', '--memory', '80GB'];
    const { stdout } = await run(...table, '--workers', '16', '--ram', '128GB', '--cores', '16');
    expect(stdout).toMatch(/goes to disk after 22,880,\d{3} rows: the other 17,119,\d{3} \(42\.8 %\)/);
    expect(stdout).toContain('8 beside the leader (max_parallel_workers = 8 bounds them); /dev/shm of 80 GB');
    expect(stdout).toMatch(/80 GB hold +22,880,\d{3} rows at m=16, [\d,]+ as halfvec, [\d,]+ as bit; no m fits/);
    expect(stdout).toContain('raise max_parallel_workers and max_worker_processes to 15');
    expect(stdout).toContain('more than the 76.8 GB that the server can spare');
    expect(stdout).toMatch(/exceeds the 96 GB of memory available to cache data: .* divide the rows among 2 servers/);
  });

  it('counts memory as the named versions do, and names their defects', async () => {
    const plan = ['plan', '--rows', '20k', '--dims', '1024', '--workers', '0', '--json'];
    const spillRow = async (...version: string[]) =>
      JSON.parse((await run(...plan, ...version)).stdout).candidates[0].build.spillRow;
    const [old, current] = [await spillRow('--pg-version', '15'), await spillRow('--pg-version', '16')];
    expect(old / current).toBeCloseTo(0.987, 2);
    expect(await spillRow()).toBe(current);
    const { stdout } = await run('plan', '--rows', '1M', '--dims', '64', '--cores', '8', '--pgvector-version', '0.8.0');
    expect(stdout).toContain('CVE-2026-3172');
    expect(stdout).toContain('max_parallel_maintenance_workers = 0');
  });
});

describe('plan of what is not stored as it comes', () => {
  it('counts the elements of sparse vectors that are not zero', async () => {
    const sparse = ['plan', '--rows', '1M', '--dims', '30522', '--type', 'sparsevec', '--nonzero', '120'];
    const { stdout } = await run(...sparse);
    expect(stdout).toContain('1,000,000 × 30,522, sparse, 120 of them not zero');
    expect(stdout).toContain('So are non-zero elements up to 133.');
    expect(JSON.parse((await run(...sparse, '--json')).stdout)).toMatchObject({
      nonZeros: 120,
      candidates: [{ steps: { vectorsPerPage: 6 } }],
    });
  });

  it('tells the pages of the table that re-ranking touches beside those of the index', async () => {
    expect(await run('plan', '--rows', '1e6', '--dims', '1536')).toEqual(
      await run('plan', '--rows', '1M', '--dims', '1536'),
    );
    const { stdout } = await run('plan', '--rows', '1M', '--dims', '1536', '--type', 'bit', '--ef-search', '20');
    // One for the row, six for its vector, which is out of line.
    expect(stdout).toContain('sorts 20 rows anew, which touches about 140 pages of the table');
    expect((await run('plan', '--rows', '1M', '--dims', '1536')).stdout).not.toContain('anew');
  });
});

describe('init', () => {
  it('writes a configuration once, and the schema that its first line names', async () => {
    const [config, schema] = ['a b.yaml', 'a b.schema.json'].map((file) => join(directory.path, file)) as [
      string,
      string,
    ];
    expect(await run('init', 'a b.yaml')).toMatchObject({ code: 0, stdout: `${config}\n${schema}\n` });
    const [, named] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(config, 'utf8'))!;
    expect(fileURLToPath(new URL(named!, pathToFileURL(config)))).toBe(schema);
    expect(JSON.parse(readFileSync(schema, 'utf8'))).toEqual(JSON.parse((await run('schema', 'config')).stdout));
    expect(await run('init', 'a b.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is a file'),
    });
  });

  it('leaves a schema alone that it did not write', async () => {
    writeFileSync(join(directory.path, 'own.schema.json'), '{}');
    const { code, stderr } = await run('init', 'own.yaml');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/There is a file .*own\.schema\.json already/),
    });
    expect(existsSync(join(directory.path, 'own.yaml'))).toBe(false);
  });
});

describe('dataset', () => {
  it('generates, lists and imports', async () => {
    const generated = await run(
      'dataset',
      'generate',
      '--rows',
      '300',
      '--dims',
      '8',
      '--queries',
      '20',
      '--name',
      'tiny',
      '--json',
    );
    expect(JSON.parse(generated.stdout)).toMatchObject({
      name: 'tiny',
      rows: 300,
      dimensions: 8,
      queries: 20,
      synthetic: true,
    });

    const lines = Array.from({ length: 40 }, (_, i) =>
      JSON.stringify({ id: `doc-${i}`, embedding: [i + 1, 1, 2], content: `text ${i}` }),
    );
    writeFileSync(join(directory.path, 'docs.jsonl'), lines.join('\n'));
    const imported = await run('dataset', 'import', 'docs.jsonl', '--metric', 'cosine');
    expect(imported).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^docs: 36 × 3, 4 queries, cosine, [0-9a-f]{12}\n$/),
    });

    expect((await run('dataset', 'list')).stdout.split('\n').map((line) => line.split(':')[0])).toEqual([
      'docs',
      'tiny',
      '',
    ]);
  });

  it('shows and exports', async () => {
    const shown = await run('dataset', 'show', 'tiny', '--svg', 'tiny.svg');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/tiny \(generated\)\n {2}rows {8}300 × 8/);
    expect(readFileSync(join(directory.path, 'tiny.svg'), 'utf8')).toContain('to the tenth nearest');
    const exported = await run('dataset', 'export', 'tiny', 'tiny.fbin', '--json', '-q');
    expect(JSON.parse(exported.stdout).files).toContain(join(directory.path, 'tiny.fbin'));
    expect((await run('dataset', 'show', 'tiny.fbin', '--json', '-q')).stdout).toContain('"rows": 270');
  });

  it('puts vectors together with records', async () => {
    const rows = Array.from({ length: 20 }, (_, i) => i);
    writeFileSync(join(directory.path, 'bare.vec'), rows.map((i) => `[${i},1]\n`).join(''));
    const records = rows.map((i) => JSON.stringify({ id: `doc-${i}`, status: i % 2 ? 'Draft' : 'Final' })).join('\n');
    writeFileSync(join(directory.path, 'bare.records.jsonl'), records);
    const files = ['--queries', 'bare.vec', '--query-records', 'bare.records.jsonl'];
    const imported = await run('dataset', 'import', 'bare.vec', '--records', 'bare.records.jsonl', ...files, '--json');
    expect(JSON.parse(imported.stdout)).toMatchObject({
      rows: 20,
      queries: 20,
      columns: [{ name: 'status', type: 'text' }],
    });
    expect(await run('tune', '--dataset', 'bare', '--records', 'bare.records.jsonl')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('bare is a dataset in the store'),
    });
  });

  it('generates what a configuration says, and options win', async () => {
    const generate = { rows: 200, dimensions: 4, attributes: { lang: { kind: 'category', selectivity: 0.5 } } };
    writeFileSync(join(directory.path, 'knobs.yaml'), JSON.stringify({ dataset: { generate } }));
    const { stdout } = await run('dataset', 'generate', 'knobs.yaml', '--rows', '50', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ rows: 50, dimensions: 4, columns: [{ name: 'lang', type: 'text' }] });
    writeFileSync(join(directory.path, 'named.yaml'), 'dataset: docs\n');
    const refused = await run('dataset', 'generate', 'named.yaml', '--rows', '50');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('says nothing to generate') });
  });

  it('imports the fields that are named, and exports exact neighbours that it believes', async () => {
    const lines = Array.from({ length: 30 }, (_, i) =>
      JSON.stringify({ key: `k${i}`, a: [i + 1, 1], b: [i % 7, i], words: `text ${i}` }),
    );
    writeFileSync(join(directory.path, 'fields.jsonl'), lines.join('\n'));
    expect((await run('dataset', 'import', 'fields.jsonl')).stderr).toContain('--vector-field');
    const fields = ['--vector-field', 'b', '--id-field', 'key', '--text-field', 'words'];
    const imported = await run(
      'dataset',
      'import',
      'fields.jsonl',
      ...fields,
      '--hold-out',
      '4',
      '--metric',
      'l2',
      '--json',
    );
    expect(JSON.parse(imported.stdout)).toMatchObject({ rows: 26, queries: 4, textColumn: 'words' });
    const exported = await run('dataset', 'export', 'fields', 'truth.hdf5', '--neighbours', '3', '-q');
    expect(exported).toMatchObject({ code: 0, stdout: `${join(directory.path, 'truth.hdf5')}\n` });
    const again = await run('dataset', 'import', 'truth.hdf5', '--json', '-q');
    expect(JSON.parse(again.stdout)).toMatchObject({ rows: 26, queries: 4, metric: 'l2' });
    writeFileSync(join(directory.path, 'wrong.vec'), '[25]\n[25]\n[25]\n[24]\n');
    writeFileSync(join(directory.path, 'asked.vec'), '[1,1]\n[2,2]\n[3,3]\n[4,4]\n');
    const declared = ['--queries', 'asked.vec', '--neighbours', 'wrong.vec', '--metric', 'l2'];
    expect(await run('dataset', 'import', 'fields.jsonl', ...fields, ...declared)).toMatchObject({ code: 0 });
    const refuted = await run('dataset', 'export', 'fields', 'refuted.fbin', '--neighbours', '1');
    expect(refuted.stderr).toContain('The neighbours that fields declares are not the nearest rows');
    expect(await run('dataset', 'verify', 'fields')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('neighbours are wrong'),
    });
    expect(await run('dataset', 'verify', 'truth')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('as it was stored; the declared'),
    });
    const nowhere = await run('dataset', 'export', 'fields', join('no', 'truth.hdf5'));
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no folder') });
  });

  it('refuses more neighbours than there are rows', async () => {
    const { code, stderr } = await run('tune', '--dataset', 'tiny', '-k', '500', '-q');
    expect(code).toBe(2);
    expect(stderr).toMatch(/k is 500, but tiny has only \d+ rows\./);
  });

  it('refuses vectors of length zero when the metric turns out to be cosine', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => JSON.stringify({ embedding: [i % 40, 0] }));
    writeFileSync(join(directory.path, 'zeros.jsonl'), rows.join('\n'));
    const { code, stderr } = await run('tune', '--dataset', 'zeros.jsonl', '-q');
    expect(code).toBe(2);
    expect(stderr).toContain('zero vectors');
  });

  it('refuses a file that is not what it says, and keeps nothing of it', async () => {
    writeFileSync(join(directory.path, 'broken.jsonl'), '{"embedding":[1,2]}\n{"embedding":[1,2,3]}\n');
    const { code, stderr } = await run('dataset', 'import', 'broken.jsonl');
    expect(code).toBe(2);
    expect(stderr).toMatch(/broken\.jsonl.*2/);
    writeFileSync(join(directory.path, 'escape.jsonl'), '{"embedding":[1,2]}\n\u001b[31mred\n');
    expect((await run('dataset', 'import', 'escape.jsonl')).stderr).not.toContain('\u001b[31m');
    expect((await run('dataset', 'list')).stdout).not.toContain('broken');
  });
});

describe('what the system refuses exits with 4, and is no defect of ours', () => {
  it('says what, where and what to do', async () => {
    const elsewhere = workingDirectory();
    writeFileSync(join(elsewhere.path, 'datasets'), 'a file');
    const outcome = await pgvtune(elsewhere.path, 'dataset', 'generate', '--rows', '100', '--dimensions', '4');
    expect(outcome).toMatchObject({ code: 4, stdout: '' });
    expect(outcome.stderr).toMatch(/^Error: .*datasets.* \(E[A-Z]+\)\.\n/m);
    expect(outcome.stderr).not.toMatch(/defect|    at /);
    elsewhere.remove();
  });
});

describe('the program', () => {
  it('can be started by anybody', async () => {
    const { code, stdout } = await start(directory.path, ['--version']).done;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});
