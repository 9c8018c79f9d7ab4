import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  clean,
  configOf,
  doctor,
  generateSource,
  importDataset,
  openDataset,
  readRun,
  recall,
  runSearch,
  sampleTable,
  writeReports,
} from '../../src/index.js';
import { openWorkspace, type Session } from '../../src/postgres/index.js';
import { clusteredVectors, insertVectors } from '../support/live-tables.js';
import { hasLocal, sharedServer, socketFolder } from '../support/servers.js';

/*
 * What the commands do, as functions: the same pieces, called with objects instead of flags.
 */

const folder = mkdtempSync(join(tmpdir(), 'pgvtune-library-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('configOf', () => {
  it('fills in the defaults of a configuration given as an object', () => {
    expect(configOf({ k: 5, target: { p95: '20ms' } })).toMatchObject({ k: 5, target: { recall: 0.95, p95: 20 } });
  });

  it('names the key, not a flag', () => {
    expect(() => configOf({ measure: { concurrency: [0] } })).toThrow(
      /^measure\.concurrency\.0: Expected at least 1, got 0\.$/,
    );
  });
});

it('doctor tells what it finds on a server that it starts', async () => {
  const report = await doctor('embedded');
  expect(report).toMatchObject({
    server: expect.stringContaining('embedded'),
    started: true,
    pgvector: expect.any(String),
  });
  expect(report.findings.map(({ code }) => code)).toContain('not-native');
});

it('runSearch benches a dataset, and its records make the reports', async () => {
  const source = generateSource(
    (configOf({ dataset: { generate: { rows: 500, dimensions: 8, queries: 50 } } }).dataset as { generate: never })
      .generate,
  );
  const dataset = await importDataset(join(folder, 'datasets'), source);
  const results = join(folder, 'results');
  try {
    const { run, answer } = await runSearch({
      command: 'bench',
      config: {
        server: 'embedded',
        indexes: [{ hnsw: { m: 8, ef_construction: 32, ef_search: 10 } }],
        measure: { queries: 20, samples: 100 },
      },
      dataset,
      results,
    });
    expect(answer).toMatchObject({ kind: 'bench' });
    const files = readRun(results, run);
    expect(files.manifest.command).toBe('bench');
    expect((await writeReports(files)).length).toBeGreaterThan(0);
  } finally {
    dataset.close();
  }
});

describe.runIf(await hasLocal())('on a live server', () => {
  const cluster = sharedServer('local');
  let session: Session;
  let url: string;

  beforeAll(async () => {
    url = `postgres://postgres@/postgres?host=${await socketFolder(cluster())}`;
    session = await cluster().connect('library');
    await session.query('CREATE TABLE docs (id int PRIMARY KEY, tenant int, embedding vector(8))');
    await insertVectors(session, 'docs', clusteredVectors(3000, 8, 'library'));
    await session.query('CREATE INDEX ON docs USING hnsw (embedding vector_l2_ops)');
    await session.query('VACUUM ANALYZE docs');
  });
  afterAll(async () => {
    await session.query('DROP TABLE docs');
    await session.close();
  });

  it('recall measures the index of a table', async () => {
    const report = await recall(url, {
      table: 'docs',
      queries: 20,
      settings: { 'hnsw.ef_search': '20', random_page_cost: '1' },
    });
    expect(report).toMatchObject({ verdict: 'measured', asked: { k: 10 } });
  });

  it('sampleTable draws a dataset', async () => {
    const store = join(folder, 'sampled');
    const { dataset, sample } = await sampleTable(url, {
      table: 'docs',
      rows: 100,
      attributes: ['tenant'],
      store,
      name: 'docs',
    });
    dataset.close();
    expect(sample).toMatchObject({ table: 'public.docs', rows: 110 });
    const stored = await openDataset(store, 'docs');
    expect(stored.manifest).toMatchObject({ rows: 100, queries: 10, metric: 'l2' });
    stored.close();
  });

  it('clean removes what nobody uses, and only looks when asked to', async () => {
    const workspace = await openWorkspace(cluster(), 'gone');
    const used = await clean(url, { dryRun: true });
    expect(used.removed).toEqual([]);
    expect(used.leftovers.some(({ holder }) => holder !== null)).toBe(true);
    await workspace.leave();
    expect((await clean(url)).removed.map(({ run }) => run)).toEqual(['gone']);
    expect((await clean(url)).leftovers).toEqual([]);
  });
});
