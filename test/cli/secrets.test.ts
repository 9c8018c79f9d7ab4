import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgvtune, start, workingDirectory } from '../support/command-line.js';
import { hasLocal, open, socketFolder } from '../support/servers.js';

/** Stands for every secret: nothing that the program says, writes or starts may show it. */
const CANARY = 'c4nary-w0rd';

/** Ways to write a server with a password; some connect to nothing, most are refused. */
const SERVERS = [
  `postgres://ann:${CANARY}@127.0.0.1:1/db`,
  `postgres://ann:x/${CANARY}@127.0.0.1:1/db`,
  `postgres://ann:12?${CANARY}@127.0.0.1:1/db`,
  `postgres://ann:x#${CANARY}@127.0.0.1:1/db`,
  `postgres://ann:x ${CANARY}@127.0.0.1:1/db`,
  `postgres://127.0.0.1:1/db?user=ann&password=${CANARY}`,
  `postgres://127.0.0.1:1/db?sslpassword=${CANARY}`,
  `postgres://ann:${CANARY}@127.0.0.1:1,other:2/db`,
  `postgresql+asyncpg://ann:${CANARY}@127.0.0.1:1/db`,
  `postgresql+unheard://ann:${CANARY}@127.0.0.1:1/db`,
  `jdbc:postgresql://127.0.0.1:1/db?user=ann&password=${CANARY}`,
  `host=127.0.0.1 port=1 user=ann password=${CANARY}`,
  `host=127.0.0.1 password='${CANARY} more' user=ann`,
  `"postgres://ann:${CANARY}@127.0.0.1:1/db"`,
  `'postgres://ann:${CANARY}@127.0.0.1:1/db'`,
  ` postgres://ann:${CANARY}@127.0.0.1:1/db`,
  `mysql://ann:${CANARY}@127.0.0.1:1/db`,
  `https://ann:${CANARY}@127.0.0.1:1/db`,
  `ann:${CANARY}@127.0.0.1/db`,
  `postgres:ann:${CANARY}@127.0.0.1/db`,
];

/** What in the arguments, with a file in the working folder where one is needed, may be a server by mistake. */
const PLACES: readonly ((server: string) => readonly string[])[] = [
  (server) => ['doctor', '--server', server],
  (server) => ['doctor', `--server=${server}`],
  (server) => ['recall', 'items', '--server', server],
  (server) => ['clean', '--server', server],
  (server) => ['tune', '--dataset', server],
  (server) => ['bench', server],
  (server) => ['tune', '--resume', server],
  (server) => ['tune', '--name', server, '--server', 'embedded'],
  (server) => ['tune', '--queries', server],
  (server) => ['dataset', 'import', server],
  (server) => ['dataset', 'show', server],
  (server) => ['plan', '--rows', server, '--dims', '3'],
  (server) => [server],
];

const CONFIGS: readonly ((server: string) => string)[] = [
  (server) => `server: ${JSON.stringify(server)}\n`,
  (server) => `server: ${server}\n`,
  (server) => `${JSON.stringify(server)}: 1\n`,
  (server) => `${server}: 1\n`,
  (server) => `dataset: ${JSON.stringify(server)}\n`,
  (server) => `records: ${JSON.stringify(server)}\n`,
  (server) => `measure: { slo: ${JSON.stringify(server)} }\n`,
  (server) => `k: ${JSON.stringify(server)}\n`,
];

/** Every file below a folder. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile());

describe('a password is never shown', () => {
  let directory: ReturnType<typeof workingDirectory>;
  beforeAll(() => (directory = workingDirectory()));
  afterAll(() => directory.remove());

  async function expectSilence(argv: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await pgvtune(directory.path, ...argv);
    expect(`${stdout}${stderr}`, argv.join(' ')).not.toContain(CANARY);
    expect([2, 4], stderr).toContain(code);
    if (argv.includes('--json') && code === 4) expect(() => JSON.parse(stdout)).not.toThrow();
  }

  it.each(SERVERS)('wherever it is given on the command line: %s', async (server) => {
    for (const place of PLACES) {
      await expectSilence(place(server));
      await expectSilence([...place(server), '--json', '--debug']);
    }
  });

  it.each(SERVERS)('wherever it stands in a configuration: %s', async (server) => {
    for (const config of CONFIGS) {
      writeFileSync(join(directory.path, 'c.yaml'), config(server));
      await expectSilence([
        'tune',
        'c.yaml',
        '--debug',
        ...(config(server).startsWith('server') ? [] : ['--server', 'local']),
      ]);
    }
  });

  it.each([
    [`postgresql+asyncpg://ann:${CANARY}@h/db`, /Drop \+asyncpg/],
    [`jdbc:postgresql://h/db?password=${CANARY}`, /Drop "jdbc:"/],
    [`host=h password=${CANARY}`, /Write it as a URL/],
    [`"postgres://ann:${CANARY}@h/db"`, /Drop the quotes/],
    [`mysql://ann:${CANARY}@h/db`, /begins with postgres:\/\//],
    [`ann:${CANARY}@h/db`, /Put postgres:\/\/ in front/],
    [`postgres://ann:x#${CANARY}@h/db`, /Percent-encode/],
    ['lokal', /Name one of auto, embedded/],
  ])('and what to change is said: %s', async (server, hint) => {
    const { code, stderr } = await pgvtune(directory.path, 'doctor', '--server', server);
    expect(code).toBe(2);
    expect(stderr).toMatch(hint);
  });
});

/** What everybody can read of a process, and what its owner can. */
const processesOf = (root: number): string[] => {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).slice(0, 2).map(Number) as [pid: number, parent: number]);
  const below = (pid: number): number[] =>
    table.filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
  return below(root).map((pid) => {
    const read = (name: string): string => {
      try {
        return readFileSync(`/proc/${pid}/${name}`, 'latin1');
      } catch {
        return '';
      }
    };
    return `${read('cmdline')}\n${read('environ')}`;
  });
};

const choices = (await hasLocal()) ? ['embedded', 'local'] : ['embedded'];

describe.runIf(process.platform === 'linux')('child processes', () => {
  it.each(choices)('of the %s server learn no secret', async (server) => {
    const directory = workingDirectory();
    process.env['AN_API_TOKEN'] = CANARY;
    // An argument of this length cannot be handed to a process.
    process.env['A_LARGE_VARIABLE'] = `${CANARY} ${'x'.repeat(100_000)}`;
    process.env['ANOTHER_LARGE_VARIABLE'] = 'x'.repeat(100_000);
    try {
      const seen: string[] = [];
      const config = { generate: { rows: 500, dimensions: 4, queries: 20 } };
      writeFileSync(
        join(directory.path, 'c.yaml'),
        JSON.stringify({
          dataset: config,
          indexes: [{ ivfflat: { lists: [5], probes: [1] } }],
          measure: { queries: 20 },
        }),
      );
      const { child, done } = start(directory.path, ['bench', 'c.yaml', '--server', server, '--concurrency', '1'], () =>
        seen.push(...processesOf(child.pid!)),
      );
      const { code, stdout, stderr } = await done;
      expect(code, stderr).toBe(0);
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.join('')).not.toContain(CANARY);
      expect(
        `${stdout}${stderr}${filesIn(directory.path)
          .map((path) => readFileSync(path, 'latin1'))
          .join('')}`,
      ).not.toContain(CANARY);
    } finally {
      for (const name of ['AN_API_TOKEN', 'A_LARGE_VARIABLE', 'ANOTHER_LARGE_VARIABLE']) delete process.env[name];
      directory.remove();
    }
  });
});

describe.runIf(await hasLocal())('an existing server', () => {
  it('leaves neither its password nor credentials of its settings in files, output or processes', async () => {
    const server = await open('local');
    const directory = workingDirectory();
    try {
      const session = await server.connect('test');
      await session.query(`CREATE ROLE ann LOGIN SUPERUSER PASSWORD '${CANARY}'`);
      await session.query(`ALTER SYSTEM SET archive_command = 'push --token ${CANARY} %p'`);
      await session.query(`ALTER SYSTEM SET restore_command = 'pull --token ${CANARY} %p'`);
      await session.query(`ALTER SYSTEM SET work_mem = '7MB'`);
      await session.query('SELECT pg_reload_conf()');
      await session.close();
      const url = `postgres://ann:${CANARY}@/postgres?host=${await socketFolder(server)}`;
      writeFileSync(
        join(directory.path, 'c.yaml'),
        JSON.stringify({
          dataset: { generate: { rows: 500, dimensions: 4, queries: 20 } },
          indexes: [{ ivfflat: { lists: [5], probes: [1] } }],
          measure: { queries: 20, concurrency: [1] },
        }),
      );
      const run = ['bench', 'c.yaml', '--server', url, '--name', 'r', '--json', '--debug'];
      const { child, done } = start(directory.path, run, () => seen.push(...processesOf(child.pid!)));
      const seen: string[] = [];
      const { code, stdout, stderr } = await done;
      expect(code, stderr).toBe(0);
      const files = filesIn(directory.path).map((path) => readFileSync(path, 'latin1'));
      expect(`${stdout}${stderr}${files.join('')}${seen.join('')}`).not.toContain(CANARY);
      const manifest = JSON.parse(readFileSync(join(directory.path, 'results/r/manifest.json'), 'utf8'));
      expect(manifest.server.settings).toMatchObject({ work_mem: '7MB' });
      expect(manifest.server.settings).not.toHaveProperty('archive_command');
      expect(manifest.config.server).toContain('ann:***@');
      const resumed = await pgvtune(directory.path, 'bench', '--resume', 'r');
      expect(resumed).toMatchObject({ code: 2, stderr: expect.stringContaining('was not kept') });
    } finally {
      await server.stop();
      directory.remove();
    }
  });
});
