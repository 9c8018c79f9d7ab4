import { expect, it } from 'vitest';
import { buildSettings } from '../../../../src/reports/tune/sql/build-settings.js';
import { plainSql } from '../../../../src/reports/tune/sql/plain.js';
import { hnsw, ivfflat } from '../../../support/running-bench.js';
import { manifest } from '../../../support/run-manifest.js';

const place = (pgvector: string) =>
  ({ server: { pgvector, versionNumber: 150_020 }, dimensions: 768, metric: 'cosine' }) as const;

const settingsOf = (pgvector: string, ...indexes: Parameters<typeof buildSettings>[1]): readonly string[] =>
  buildSettings(place(pgvector), indexes).map((line) => line.replace(/ {2}--.*/, ''));

const mbOf = ([setting = '']: readonly string[]): number => Number(/'(\d+)MB'/.exec(setting)?.[1]);

it('keeps workers from a parallel build of a graph alone, and only by a version that is not safe', () => {
  const [graph, lists] = [
    { spec: hnsw(), rows: 10_000 },
    { spec: ivfflat(100), rows: 10_000 },
  ];
  const guard = 'SET max_parallel_maintenance_workers = 0;';
  expect(settingsOf('0.8.0', graph)).toContain(guard);
  expect(settingsOf('0.8.0', lists, graph)).toContain(guard);
  expect(settingsOf('0.8.0', lists)).not.toContain(guard);
  expect(settingsOf('0.8.6', graph)).not.toContain(guard);
});

it('sets memory for the largest of the indexes, with a margin, and never less than the default', () => {
  const of = (...rows: number[]) => settingsOf('0.8.6', ...rows.map((count) => ({ spec: hnsw(), rows: count })));
  expect(mbOf(of(100))).toBe(64);
  // 768 floats, and more than 30 links of 16 bytes.
  const least = (1_000_000 * (4 * 768 + 30 * 16)) / 1024 ** 2;
  expect(mbOf(of(1_000_000))).toBeGreaterThan(1.1 * least);
  expect(mbOf(of(1_000_000))).toBeLessThan(1.5 * least);
  expect(of(100, 1_000_000, 1000)).toEqual(of(1_000_000));
});

it('gives the index of a whole table its memory, where the run had a sample of it', () => {
  const run = manifest('local');
  const names = { schema: 'app', table: 'items', column: 'embedding', key: 'id', text: null, isPrimaryKey: true };
  const builds = [30_000, 3_000_000].map((rows) => {
    const dataset = { ...run.dataset, dimensions: 768, rows: 30_000, table: { ...names, rows } };
    return plainSql({ ...run, dataset }, { spec: hnsw(), settings: {}, build: '', point: '' }, 10).build;
  });
  const [sample, whole] = builds.map(mbOf) as [number, number];
  expect(whole / sample).toBeGreaterThan(90);
});
