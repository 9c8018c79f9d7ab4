import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, createRun, type JournalRecord, readEarlierRuns, type RunManifest } from '../../../src/results/index.js';
import { temporaryFolder } from '../../support/processes.js';
import { refused } from '../../support/records.js';
import { manifest as usualManifest } from '../../support/run-manifest.js';
import { answer, syntheticBench } from '../../support/synthetic-bench.js';

const usual = usualManifest('local');
const manifest: RunManifest = {
  ...usual,
  run: 'now',
  command: 'tune',
  config: { seed: 1, target: { recall: 0.95 }, k: 10 },
  server: { ...usual.server, settings: { shared_buffers: '1GB' } },
};

describe('earlier runs', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => (folder = temporaryFolder()));
  afterEach(() => folder.remove());

  const bench = syntheticBench({ figures: () => ({ recall: 0.9, medianMs: 1 }) });
  const { build, point } = answer(
    (function* () {
      const build = yield* ask('build', {
        spec: { method: 'hnsw', representation: 'vector', parameters: { m: 16 } },
        repeat: 0,
      });
      const point = yield* ask('point', {
        build: build.key,
        workload: { kind: 'plain', k: 10 },
        settings: { ef_search: 40 },
        queries: 100,
        purpose: 'search',
      });
      return { build, point };
    })(),
    bench.reply,
  );

  function keep(run: string, records: readonly JournalRecord[], change: Partial<RunManifest> = {}): void {
    const open = createRun(folder.path, { ...manifest, run, ...change });
    for (const record of records) open.journal.append(record);
    open.close();
  }
  const known = () => readEarlierRuns(folder.path, manifest);

  it('know their builds and points, and say whose they are; the newest counts', () => {
    keep('a', [build, point]);
    keep('b', [{ ...point, startedAt: '2026-01-02T00:00:00.000Z' }]);
    keep('now', [{ ...point, reason: refused('of the run itself') }]);
    expect(known().record('build', build.key)).toEqual({ ...build, fromRun: 'a' });
    expect(known().record('point', point.key)).toMatchObject({ startedAt: '2026-01-02T00:00:00.000Z', fromRun: 'b' });
    expect(known().record('point', 'another')).toBeUndefined();
  });

  it('name the run that measured, not one that learnt from it', () => {
    keep('b', [{ ...point, fromRun: 'a' }]);
    expect(known().record('point', point.key)?.fromRun).toBe('a');
  });

  it.each<[string, Partial<RunManifest>]>([
    ['other data', { dataset: { ...manifest.dataset, hash: 'cd'.repeat(32) } }],
    ['another metric', { metric: 'l2' }],
    ['another seed', { config: { seed: 2, target: {} } }],
    ['other memory to build with', { config: { seed: 1, target: { build_memory: 1e9 } } }],
    ['another version of pgvtune', { pgvtune: '0.2.0' }],
    ['another version of pgvector', { server: { ...manifest.server, pgvector: '0.8.1' } }],
    ['other settings of the server', { server: { ...manifest.server, settings: { shared_buffers: '2GB' } } }],
    ['another processor', { client: { ...manifest.client, cpu: 'other' } }],
    ['a configuration that says nothing', { config: {} }],
  ])('are of no use with %s', (_, change) => {
    keep('a', [build, point], change);
    expect(known().record('build', build.key)).toBeUndefined();
    expect(known().record('point', point.key)).toBeUndefined();
  });

  it('are of use although target, k and machine’s memory are others: those are in the question', () => {
    keep('a', [point], {
      config: { seed: 1, target: { recall: 0.99 }, k: 100 },
      target: { recall: 0.99, confidence: 0.95, minimise: 'p95' },
    });
    expect(known().record('point', point.key)?.fromRun).toBe('a');
  });

  it('are of use although there was more room for the log', () => {
    const settings = { ...manifest.server.settings, max_wal_size: '7833MB' };
    keep('a', [point], { server: { ...manifest.server, settings } });
    expect(known().record('point', point.key)?.fromRun).toBe('a');
  });

  it('give neither points that prove nothing, nor indexes that were not built', () => {
    keep('a', [
      { ...build, status: 'failed', index: null },
      { ...point, status: 'void', measured: null },
    ]);
    expect(known().record('build', build.key)).toBeUndefined();
    expect(known().record('point', point.key)).toBeUndefined();
  });

  it('do not stand in the way when one is damaged', () => {
    keep('a', [point]);
    keep('b', [point]);
    appendFileSync(join(folder.path, 'b', 'journal.ndjson'), 'damaged\nand more\n');
    keep('c', [point]);
    writeFileSync(join(folder.path, 'c', 'manifest.json'), '{');
    expect(known().record('point', point.key)?.fromRun).toBe('a');
  });
});
