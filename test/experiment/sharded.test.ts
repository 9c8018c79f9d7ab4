import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSchema } from '../../src/config/index.js';
import { type Dataset, generateSource, importDataset } from '../../src/datasets/index.js';
import { mergeNearest } from '../../src/experiment/sharded/client-way.js';
import { partOfDataset } from '../../src/experiment/sharded/part-of-dataset.js';
import { runSearch } from '../../src/library/index.js';
import { listLeftovers } from '../../src/postgres/index.js';
import { type Reporter, silentReporter } from '../../src/progress.js';
import { shardLines, viewRun } from '../../src/reports/index.js';
import { vectorOptimization } from '../../src/reports/tune/vector-optimization.js';
import { readRun, type RunFiles, type ShardedRecord } from '../../src/results/index.js';
import { temporaryFolder } from '../support/processes.js';
import { hasLocal, sharedServer, socketFolder } from '../support/servers.js';

const ROWS = 3001;
const folder = temporaryFolder();
afterAll(() => folder.remove());

const generated = (): Promise<Dataset> =>
  importDataset(
    join(folder.path, 'datasets'),
    generateSource(
      generateSchema.parse({ rows: ROWS, dimensions: 16, queries: 40, clusters: 20, intrinsic_dimension: 8 }),
    ),
  );

/** Two clusters hold the rows; the first of them also asks both. */
describe.runIf(await hasLocal())('rows divided among servers', () => {
  const main = sharedServer('local');
  const shards = [main, sharedServer('local')];
  const urlOf = async (server: typeof main): Promise<string> =>
    `postgres://postgres:s3cret@/postgres?host=${await socketFolder(server())}`;
  let dataset: Dataset;
  beforeAll(async () => {
    dataset = await generated();
    for (const [server, extension] of [
      [main, 'postgres_fdw'],
      ...shards.map((one) => [one, 'pageinspect'] as const),
    ] as const) {
      const session = await server().connect('test');
      await session.query(`CREATE EXTENSION ${extension}`);
      await session.close();
    }
  });
  afterAll(() => dataset?.close());

  async function bench(
    run: string,
    efSearch: readonly number[],
    reporter: Reporter = silentReporter,
    signal?: AbortSignal,
  ): Promise<RunFiles> {
    const results = join(folder.path, 'results');
    await runSearch({
      command: 'bench',
      config: {
        server: await urlOf(main),
        layout: 'sharded',
        shards: await Promise.all(shards.map(urlOf)),
        indexes: [{ hnsw: { m: 8, ef_construction: 32, ef_search: [...efSearch] } }],
        measure: { queries: 40, samples: 100 },
      },
      dataset,
      results,
      run,
      reporter,
      ...(signal ? { signal } : {}),
    });
    return readRun(results, run);
  }

  const left = async (): Promise<readonly unknown[]> => {
    const found: unknown[] = [];
    for (const server of shards) {
      const session = await server().connect('test');
      found.push(...(await listLeftovers(session)), ...(await session.query('SELECT srvname FROM pg_foreign_server')));
      await session.close();
    }
    return found;
  };

  it('are searched by the index of each, in both ways alike, and nothing is left of them', async () => {
    const files = await bench('both', [3, 40]);
    const { manifest, records } = files;
    const [record] = records.filter((one): one is ShardedRecord => one.type === 'sharded');
    expect(manifest.layout).toEqual({ kind: 'sharded', shards: 2 });
    expect(JSON.stringify(manifest)).not.toContain('s3cret');
    expect(record?.reason).toBeNull();
    expect(record?.shards.map(({ rows }) => rows)).toEqual([1501, 1500]);
    for (const { index } of record!.shards) {
      expect(index).toMatchObject({ valid: true, metapage: { m: 8, ef_construction: 32 } });
    }
    const points = record!.points.map(({ settings, way, reason, measured }) => ({
      settings,
      way,
      reason,
      measured: measured!,
    }));
    expect(points.map(({ settings, way, reason }) => [settings['ef_search'], way, reason])).toEqual([
      [3, 'foreign-tables', null],
      [3, 'client', null],
      [40, 'foreign-tables', null],
      [40, 'client', null],
    ]);
    // Three of each shard are fewer than ten.
    const complete = points.map(({ measured }) => measured.completeness.mean);
    expect(complete[0]).toBeCloseTo(0.6, 1);
    expect(complete).toEqual([complete[0], complete[0], 1, 1]);
    const recalls = points.map(({ measured }) => measured.recall.mean.value);
    expect(recalls[0]).toBe(recalls[1]);
    expect(recalls[2]).toBe(recalls[3]);
    expect(recalls[2]).toBeGreaterThan(0.95);
    for (const { measured } of points) expect(measured.checks).toBeGreaterThan(2);
    expect(record!.work.map(({ shards: work }) => work.length)).toEqual([2, 2]);
    for (const { buffers } of record!.work[1]!.shards)
      expect(buffers).toBeGreaterThan(record!.work[0]!.shards[0]!.buffers);
    expect(await left()).toEqual([]);

    const [english, russian] = [vectorOptimization(viewRun(files)), vectorOptimization(viewRun(files, 'ru'))];
    expect(english).toMatch(/## Shards\n[^]*\| ef_search=3 \| postgres_fdw \| .* % \(fewer than k for 40\)/);
    expect(english).toContain('| layout | 2 shards by id modulo 2 |');
    expect(russian).toMatch(/## Шарды\n[^]*\| ef_search=40 \| клиент \|/);
    expect(shardLines(viewRun(files))).toHaveLength(4);
  });

  it('make a point void where a shard rather reads its table', async () => {
    const { records } = await bench('void', [1000]);
    const [record] = records.filter((one): one is ShardedRecord => one.type === 'sharded');
    for (const { status, reason } of record!.points) {
      expect(status).toBe('void');
      expect(reason).toMatchObject({ code: 'other-plan', data: { got: [{ table: 'items', type: 'Seq Scan' }] } });
    }
    expect(record!.work[0]!.shards).toEqual([]);
  });

  it('leave nothing behind when the run is interrupted', async () => {
    const abort = new AbortController();
    const reporter: Reporter = {
      ...silentReporter,
      start(stage, ...rest) {
        const task = silentReporter.start(stage, ...rest);
        if (stage.code !== 'measure-shards') return task;
        return { ...task, update: () => abort.abort() };
      },
    };
    await expect(bench('interrupted', [40], reporter, abort.signal)).rejects.toMatchObject({ code: 'interrupted' });
    expect(await left()).toEqual([]);
  });
});

describe('the rows of a shard', () => {
  it('are those of its remainder, under their own numbers', async () => {
    const dataset = await generated();
    const seen: number[][] = [];
    for (const shard of [0, 1, 2]) {
      const part = partOfDataset(dataset, shard, 3);
      const rows: number[] = [];
      for await (const { start, values } of part.blocks()) {
        rows.push(start);
        expect([...values]).toEqual([...dataset.vector(start)]);
      }
      expect(rows).toHaveLength(part.manifest.rows);
      seen.push(rows);
    }
    expect(seen.map(([first]) => first)).toEqual([0, 1, 2]);
    expect(new Set(seen.flat()).size).toBe(ROWS);
    dataset.close();
  });

  it('are merged by their distances', () => {
    const near = (id: number, far: number) => ({ id, far });
    expect(mergeNearest([[near(1, 0.1), near(2, 0.4)], [near(3, 0.2), near(4, 0.3)], []], 3)).toEqual([1, 3, 4]);
  });
});
