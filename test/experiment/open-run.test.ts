import { describe, expect, it, onTestFinished } from 'vitest';
import { changesBetween, openRun } from '../../src/experiment/open-run.js';
import type { RunManifest } from '../../src/results/index.js';
import { temporaryFolder } from '../support/processes.js';
import { manifest } from '../support/run-manifest.js';

const before: RunManifest = {
  ...manifest('local'),
  server: { ...manifest('local').server, settings: { work_mem: '4MB', max_wal_size: '1GB', io_method: 'worker' } },
};
const { server, client } = before;

describe('what makes the figures of a run and its resumption incomparable', () => {
  it('is nothing where all is as it was', () => {
    expect(changesBetween(before, structuredClone(before))).toEqual([]);
  });

  it.each<[string, Partial<RunManifest>, string]>([
    ['the data', { dataset: { ...before.dataset, hash: 'cd'.repeat(32) } }, 'the dataset'],
    [
      'the layout',
      { layout: { kind: 'partitioned', partitions: 4 } },
      'the layout (one table → 4 partitions by hash of id)',
    ],
    ['this program', { pgvtune: '0.2.0' }, 'pgvtune (0.1.0 → 0.2.0)'],
    ['PostgreSQL', { server: { ...server, version: '15.21' } }, 'PostgreSQL (15.20 → 15.21)'],
    ['pgvector', { server: { ...server, pgvector: '0.8.1' } }, 'pgvector (0.8.0 → 0.8.1)'],
    ['the server', { server: { ...server, label: 'db/shop' } }, 'the server (local → db/shop)'],
    ['a setting', { server: { ...server, settings: { ...server.settings, work_mem: '8MB' } } }, 'work_mem (4MB → 8MB)'],
    [
      'a setting that is at its default now',
      { server: { ...server, settings: { work_mem: '4MB', max_wal_size: '1GB' } } },
      'io_method (worker → default)',
    ],
    ['the processor', { client: { ...client, cpu: 'other' } }, 'the processor (cpu → other)'],
    ['the cores', { client: { ...client, cores: 4 } }, 'cores (2 → 4)'],
    ['the memory', { client: { ...client, memoryBytes: 2e9 } }, 'memory ('],
  ])('is %s', (_, change, what) => {
    const changes = changesBetween(before, { ...before, ...change });
    expect(changes).toHaveLength(1);
    expect(changes[0]).toContain(what);
  });

  it('is neither the room for the log nor what a kernel keeps for itself', () => {
    const now = {
      ...before,
      server: { ...server, settings: { ...server.settings, max_wal_size: '2GB' } },
      client: { ...client, memoryBytes: client.memoryBytes * 1.01 },
    };
    expect(changesBetween(before, now)).toEqual([]);
  });
});

it('a run goes on where nothing changed, and is refused where something did', () => {
  const folder = temporaryFolder();
  onTestFinished(() => folder.remove());
  const results = folder.path;
  openRun(before, { results, resume: false }).close();
  const now = { ...before, client: { ...client, cores: 64 } };
  // What is refused is left as it was, for whoever has the old machine again.
  for (let time = 0; time < 2; time++)
    expect(() => openRun(now, { results, resume: true })).toThrow(
      'The run r cannot be resumed. Since it began these have changed: cores (2 → 64).',
    );
  openRun(before, { results, resume: true }).close();
});
