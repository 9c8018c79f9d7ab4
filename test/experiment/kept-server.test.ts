import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { configOf } from '../../src/config/index.js';
import { checkKeeping } from '../../src/experiment/kept-server.js';
import type { Server } from '../../src/postgres/index.js';
import { keptServerOf, noteKeptServer, readRun } from '../../src/results/index.js';
import { pgvtune, start, workingDirectory } from '../support/command-line.js';
import { processesMentioning } from '../support/processes.js';
import { hasLocal } from '../support/servers.js';

const CONFIG = `
server: local
keep_server: true
dataset: { generate: { rows: 2000, dimensions: 16, queries: 50, clusters: 20 } }
measure: { queries: 50, samples: 100 }
indexes:
  - hnsw: { m: [8, 16], ef_construction: [32], ef_search: [10, 40] }
`;

/** A private cluster that a run keeps: however the program ends, its table and indexes are there for --resume. */
describe.runIf(await hasLocal())('the cluster of a run that is killed', () => {
  let directory: ReturnType<typeof workingDirectory>;
  beforeAll(() => {
    directory = workingDirectory();
    writeFileSync(join(directory.path, 'grid.yaml'), CONFIG);
  });
  afterAll(async () => {
    await pgvtune(directory.path, 'clean', '--server', 'local');
    directory.remove();
  });
  const folderOf = (run: string): string | null => keptServerOf(join(directory.path, 'results', run));

  const buildsOf = (run: string) =>
    readRun(join(directory.path, 'results'), run).records.filter((record) => record.type === 'build');

  /** Kills a run once its second graph was built but not measured, and waits for its server to end. */
  async function killed(run: string, signal: 'SIGKILL' | 'SIGINT'): Promise<string> {
    const { child, done } = start(directory.path, ['bench', 'grid.yaml', '--name', run]);
    await vi.waitFor(() => expect(buildsOf(run)).toHaveLength(2), { timeout: 200_000, interval: 20 });
    child.kill(signal);
    const outcome = await done;
    expect(outcome.code, outcome.stderr).toBe(signal === 'SIGINT' ? 130 : null);
    const folder = folderOf(run)!;
    await vi.waitFor(() => expect(existsSync(join(folder, 'whole'))).toBe(true), { timeout: 60_000 });
    await vi.waitFor(() => expect(processesMentioning(folder)).toEqual([]), { timeout: 60_000 });
    return folder;
  }

  it.each(['SIGKILL', 'SIGINT'] as const)('by %s is started again, and its indexes are found', async (signal) => {
    const run = `by-${signal.toLowerCase()}`;
    const folder = await killed(run, signal);
    const resumed = await pgvtune(directory.path, 'bench', '--resume', run);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).toContain(`left in ${folder}`);
    expect(resumed.stderr).not.toMatch(/Loading|Building/);
    expect(buildsOf(run)).toHaveLength(2);
    // It has its answer: nothing of it is needed any more.
    expect(existsSync(folder)).toBe(false);
    expect(folderOf(run)).toBeNull();
  });

  it('is built anew where it is not whole, and removed by clean where it is not resumed', async () => {
    const folder = await killed('abandoned', 'SIGKILL');
    const listed = await pgvtune(directory.path, 'clean', '--server', 'local', '--dry-run');
    expect(listed.stdout).toBe(`abandoned  ${folder}  can be removed\n`);
    const cleaned = await pgvtune(directory.path, 'clean', '--server', 'local', '--json');
    expect(JSON.parse(cleaned.stdout)).toMatchObject({ clusters: [{ run: 'abandoned', folder }] });
    expect(existsSync(folder)).toBe(false);
    noteKeptServer(join(directory.path, 'results', 'abandoned'), folder);
    const resumed = await pgvtune(directory.path, 'bench', '--resume', 'abandoned');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).toContain('no longer there');
    expect(resumed.stderr).toContain('Loading: done');
  });

  it('is not one that somebody else named', async () => {
    writeFileSync(join(directory.path, 'other.txt'), 'kept');
    noteKeptServer(join(directory.path, 'results', 'by-sigint'), directory.path);
    await pgvtune(directory.path, 'clean', '--server', 'local');
    expect(readFileSync(join(directory.path, 'other.txt'), 'utf8')).toBe('kept');
  });

  it('is refused on a server that cannot be kept', () => {
    const embedded = { disposable: true, label: 'embedded (WebAssembly)' } as Server;
    const keep = configOf({ keep_server: true });
    expect(() => checkKeeping(keep, embedded)).toThrow('cannot be kept');
    expect(() => checkKeeping(keep, { ...embedded, disposable: false })).not.toThrow();
  });
});
