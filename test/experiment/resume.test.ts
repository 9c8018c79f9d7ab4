import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Server } from '../../src/postgres/index.js';
import { readRun } from '../../src/results/index.js';
import { pgvtune, start, workingDirectory } from '../support/command-line.js';
import { hasLocal, open, socketFolder } from '../support/servers.js';

const CONFIG = `
dataset: { generate: { rows: 4000, dimensions: 32, queries: 100, clusters: 20 } }
measure: { queries: 100, samples: 200 }
indexes:
  - hnsw: { m: [8, 16], ef_construction: [64], ef_search: [10, 40] }
  - ivfflat: { lists: [60], probes: [1, 4] }
`;

/**
 * kill -9 at an arbitrary moment, on a server that outlives the program: what was finished is kept, the rest is done by
 * --resume, and in the end nothing is left on the server.
 */
describe.runIf(await hasLocal())('a run that is killed', () => {
  let server: Server;
  let url: string;
  let directory: ReturnType<typeof workingDirectory>;
  beforeAll(async () => {
    server = await open('local');
    url = `postgres://postgres@/postgres?host=${await socketFolder(server)}`;
    directory = workingDirectory();
    writeFileSync(join(directory.path, 'grid.yaml'), CONFIG);
    const whole = await pgvtune(directory.path, 'bench', 'grid.yaml', '--server', url, '--name', 'whole');
    expect(whole.code, whole.stderr).toBe(0);
  });
  afterAll(async () => {
    await server.stop();
    directory.remove();
  });

  const results = (): string => join(directory.path, 'results');
  const keysOf = (run: string): string[] => readRun(results(), run).records.map(({ key }) => key);

  async function leftovers(): Promise<string[]> {
    const session = await server.connect('test');
    const rows = await session.query<{ name: string }>(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'pgvtune%'`,
    );
    await session.close();
    return rows.map(({ name }) => name);
  }

  /** Starts a run and kills it when it says `when`. */
  async function killedAt(run: string, when: RegExp): Promise<void> {
    let said = '';
    const { child, done } = start(directory.path, ['bench', 'grid.yaml', '--server', url, '--name', run], (text) => {
      said += text;
      if (when.test(said)) child.kill('SIGKILL');
    });
    const outcome = await done;
    expect(outcome.code, outcome.stderr).toBeNull();
  }

  /** Starts a run and kills it while the server builds an index for it. */
  async function killedInBuild(run: string): Promise<void> {
    const { child, done } = start(directory.path, ['bench', 'grid.yaml', '--server', url, '--name', run]);
    const observer = await server.connect('observer');
    await vi.waitFor(
      async () => expect(await observer.query('SELECT FROM pg_stat_progress_create_index')).not.toEqual([]),
      { timeout: 60_000, interval: 1 },
    );
    child.kill('SIGKILL');
    await observer.close();
    const outcome = await done;
    expect(outcome.code, outcome.stderr).toBeNull();
  }

  const resume = (run: string) => pgvtune(directory.path, 'bench', '--resume', run, '--server', url);

  it.each([
    ['while it loads', (run: string) => killedAt(run, /Exact neighbours: done/)],
    ['in a build', killedInBuild],
    ['in a sweep', (run: string) => killedAt(run, /Building IVFFlat.*: done/)],
  ])('%s is resumed to the same end, without doing anything twice', async (name, kill) => {
    const run = name.replaceAll(' ', '-');
    await kill(run);
    const before = keysOf(run);
    const resumed = await resume(run);
    expect(resumed.code, resumed.stderr).toBe(0);

    const after = keysOf(run);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.toSorted()).toEqual(keysOf('whole').toSorted());
    expect(new Set(after).size).toBe(after.length);
    expect(await leftovers()).toEqual([]);
  });

  it('leaves only what clean finds and removes, when it is not resumed', async () => {
    await killedAt('abandoned', /Building HNSW.*: done/);
    expect(await leftovers()).toEqual(['pgvtune_abandoned']);
    const session = await server.connect('test');
    await session.query('CREATE ROLE looker LOGIN');
    await session.close();
    // To list takes no privilege.
    const looker = url.replace('postgres@', 'looker@');
    const listed = await pgvtune(directory.path, 'clean', '--server', looker, '--dry-run', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({ removed: [], leftovers: [{ schema: 'pgvtune_abandoned' }] });
    expect((await pgvtune(directory.path, 'clean', '--server', url)).stdout).toContain('pgvtune_abandoned');
    expect(await leftovers()).toEqual([]);
  });

  it('is not taken over while another process works on it', async () => {
    const run = 'busy';
    let second: ReturnType<typeof pgvtune> | undefined;
    const first = start(directory.path, ['bench', 'grid.yaml', '--server', url, '--name', run], (text) => {
      if (text.includes('Loading: done')) second ??= resume(run);
    });
    const outcome = await first.done;
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(await second).toMatchObject({ code: 2, stderr: expect.stringContaining('is working on this run') });
  });

  it('is not resumed under other settings of the server, which are named', async () => {
    const run = 'other-settings';
    await killedAt(run, /Building HNSW.*: done/);
    const session = await server.connect('test');
    const set = async (statement: string): Promise<void> => {
      await session.query(statement);
      await session.query('SELECT pg_reload_conf()');
    };
    await set(`ALTER SYSTEM SET random_page_cost = 1.5`);
    await vi.waitFor(async () => {
      const fresh = await server.connect('fresh');
      const [row] = await fresh.query('SHOW random_page_cost');
      await fresh.close();
      expect(row).toEqual({ random_page_cost: '1.5' });
    });
    const refused = await resume(run);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('random_page_cost (4 → 1.5)') });
    await set('ALTER SYSTEM RESET random_page_cost');
    await session.close();
    await vi.waitFor(async () => expect(await resume(run)).toMatchObject({ code: 0 }), { timeout: 120_000 });
  });

  it('is refused before anything is computed where the server has no room for its clients', async () => {
    const session = await server.connect('test');
    await session.query('CREATE ROLE crowded LOGIN CONNECTION LIMIT 20');
    await session.query('GRANT CREATE ON DATABASE postgres TO crowded');
    await session.close();
    const role = url.replace('postgres@', 'crowded@');
    const asked = ['bench', 'grid.yaml', '--server', role, '--concurrency', '40', '--name', 'crowd'];
    const { code, stderr } = await pgvtune(directory.path, ...asked);
    expect(code).toBe(2);
    expect(stderr).toMatch(/The server has 17 connections left for a load; 40 clients were asked for/);
    expect(stderr).not.toContain('Exact neighbours');
    expect(readdirSync(results())).not.toContain('crowd');
    expect(await leftovers()).toEqual([]);
  });

  it('stops at Ctrl-C, says how to go on, and does', async () => {
    const run = 'interrupted';
    let said = '';
    const { child, done } = start(directory.path, ['bench', 'grid.yaml', '--server', url, '--name', run], (text) => {
      said += text;
      if (/Building HNSW.*: done/.test(said) && !child.killed) child.kill('SIGINT');
    });
    const outcome = await done;
    expect(outcome.code, outcome.stderr).toBe(130);
    expect(outcome.stderr).toContain(`--resume ${run}`);
    expect(outcome.stdout).toBe('');
    expect((await resume(run)).code).toBe(0);
    expect(await leftovers()).toEqual([]);
    expect(readdirSync(join(results(), run))).toContain('vector_optimization.md');
  });
});
