import { join } from 'node:path';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type Dataset, File as Hdf5File, type Group } from 'h5wasm/node';
import { parquetReadObjects, parquetSchema, parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { decodeUint16, encodeUint16 } from '../../../src/analysis/index.js';
import type { Metric } from '../../../src/vocabulary.js';
import { annBenchmarksResults } from '../../../src/reports/exports/ann-benchmarks.js';
import type { ExportFormat, FolderFile } from '../../../src/reports/exports/format.js';
import { parquetOfPoints } from '../../../src/reports/exports/parquet.js';
import { vectorDbBenchResult } from '../../../src/reports/exports/vectordbbench.js';
import { pointsCsv } from '../../../src/reports/index.js';
import { viewRun } from '../../../src/reports/tune/run-view.js';
import { readRun, type RunFiles } from '../../../src/results/index.js';
import {
  buildRecord,
  loadRecord,
  measured,
  pointRecord,
  refused,
  throughputFigures,
  throughputRecord,
  voidPoint,
} from '../../support/records.js';
import { manifest } from '../../support/run-manifest.js';

/** A run of `tune` on real text, with search points, confirmed ones and cold ones. */
const example = readRun(join(import.meta.dirname, '../../../results'), 'example');

const runOf = (records: RunFiles['records'], metric: Metric = 'cosine'): RunFiles => ({
  folder: 'r',
  manifest: { ...manifest('local'), metric },
  records,
});

const ivfflat = buildRecord({
  request: { spec: { method: 'ivfflat', representation: 'bit', parameters: { lists: 100 } } },
  settings: { maintenance_work_mem: '64MB' },
  seconds: 3,
});
const settings = { probes: 8, rerank_depth: 80 };
const onLists = pointRecord({ request: { build: ivfflat.key, settings } });
const nothing = runOf([buildRecord(), voidPoint(refused('no'))]);

describe('Parquet', () => {
  const read = async (files: RunFiles) => {
    const { buffer } = await parquetOfPoints(files);
    return { file: buffer, rows: await parquetReadObjects({ file: buffer }) };
  };

  it('holds every point, with the columns and figures of points.csv', async () => {
    const { rows } = await read(example);
    const [header, ...lines] = pointsCsv(viewRun(example)).trimEnd().split('\n');
    expect(Object.keys(rows[0]!)).toEqual(header!.split(','));
    expect(rows).toHaveLength(lines.length);
    const { measured: figures, key } = example.records.findLast((record) => record.type === 'point')!;
    const row = rows.find(({ point }) => point === key)!;
    expect(row).toMatchObject({ recall: figures!.recall.mean.value, queries: BigInt(figures!.recall.queries) });
  });

  it('has the same types whether a column holds anything or not', async () => {
    const schema = (file: ArrayBuffer) => parquetSchema(parquetMetadata(file)).children.map(({ element }) => element);
    const { rows, file } = await read(nothing);
    expect(rows[0]).toMatchObject({ status: 'void', recall: null, queries: null, plan_node: null });
    expect(schema(file)).toEqual(schema((await read(example)).file));
  });
});

describe('ann-benchmarks', () => {
  /** As `load_all_results` gives it to `compute_metrics_all_runs`. */
  const read = ({ content }: FolderFile) => {
    const folder = mkdtempSync(join(tmpdir(), 'pgvtune-test-'));
    try {
      writeFileSync(join(folder, 'result.hdf5'), content);
      const file = new Hdf5File(join(folder, 'result.hdf5'), 'r');
      const attribute = (path: string, name: string) =>
        (path === '' ? file : (file.get(path) as Group)).attrs[name]?.to_array() as unknown;
      const dataset = (path: string) => {
        const { shape, value } = file.get(path) as Dataset;
        return { shape, values: Array.from(value as Float32Array) };
      };
      return {
        attributes: Object.fromEntries(Object.keys(file.attrs).map((name) => [name, attribute('', name)])),
        names: file.keys(),
        times: dataset('times'),
        distances: dataset('distances'),
        recalls: dataset('metrics/knn/recalls'),
        computed: {
          recall: attribute('metrics/knn', 'mean'),
          epsilon: attribute('metrics/eps0.01', 'mean'),
          largeepsilon: attribute('metrics/eps0.1', 'mean'),
          rel: attribute('metrics', 'rel'),
        },
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('has a file for each setting, where ann-benchmarks looks for it', async () => {
    const build = buildRecord();
    const point = (ef: number) => pointRecord({ request: { build: build.key, settings: { ef_search: ef } } });
    const files = await annBenchmarksResults(runOf([build, point(40), point(80)]));
    expect(files.map(({ path }) => path.replace(/_[0-9a-f]{8}\.hdf5$/, ''))).toEqual([
      'docs/10/pgvector-hnsw/HNSW_m_16_ef_construction_64_ef_search_40',
      'docs/10/pgvector-hnsw/HNSW_m_16_ef_construction_64_ef_search_80',
    ]);
  });

  it('has the attributes and datasets that its readers ask for, with what was measured', async () => {
    const build = buildRecord({ seconds: 12 });
    const made = measured({ recall: 0.93, medianMs: 2 });
    const returned = encodeUint16(Array.from({ length: 100 }, (_, i) => (i < 50 ? 10 : 9)));
    const figures = { ...made, samples: { ...made.samples, returned } };
    const files = await annBenchmarksResults(
      runOf([build, pointRecord({ request: { build: build.key }, measured: figures })]),
    );
    const { attributes, names, times, distances, recalls, computed } = read(files[0]!);
    expect(attributes).toEqual({
      algo: 'pgvector-hnsw',
      dataset: 'docs',
      name: 'HNSW m=16 ef_construction=64, ef_search=40',
      distance: 'angular',
      count: 10,
      batch_mode: 0,
      expect_extra: 0,
      run_count: 1,
      best_search_time: figures.latencyMs.mean / 1000,
      candidates: 9.5,
      build_time: 12,
      index_size: 1000 / 1024,
    });
    expect(names.toSorted()).toEqual(['distances', 'metrics', 'times']);
    expect(times.shape).toEqual([1000]);
    expect(times.values.toSorted((a, b) => a - b)[499]).toBeCloseTo(0.002, 4);
    expect(recalls.values).toEqual(Array.from(decodeUint16(figures.samples.hits)));
    expect(computed.recall).toBeCloseTo(0.93, 10);
    // Not kept, so not said.
    expect(distances.shape).toEqual([100, 10]);
    expect(distances.values.every(Number.isNaN)).toBe(true);
    expect([computed.epsilon, computed.largeepsilon, computed.rel]).toEqual([NaN, NaN, NaN]);
  });

  it('takes the point of a setting that was timed most, and tells cold caches from warm ones', async () => {
    const files = (await annBenchmarksResults(example)).map(read);
    const of27 = files.filter(({ attributes }) =>
      String(attributes['name']).startsWith('HNSW m=8 ef_construction=64, ef_search=27'),
    );
    expect(of27.map(({ attributes, times }) => [attributes['name'], times.values.length])).toEqual([
      ['HNSW m=8 ef_construction=64, ef_search=27', 1200],
      ['HNSW m=8 ef_construction=64, ef_search=27, cold caches', 75],
    ]);
  });
});

describe('VectorDBBench', () => {
  const read = async (files: RunFiles) => JSON.parse(await vectorDbBenchResult(files));

  it('is a result file that its reader builds its configurations from', async () => {
    const load = (concurrency: number, rate: number, repeat?: number) =>
      throughputRecord({
        request: {
          build: ivfflat.key,
          settings,
          mode: { kind: 'closed', concurrency, seconds: 3, ...(repeat === undefined ? {} : { repeat }) },
        },
        measured: throughputFigures({ ratePerSecond: { value: rate, low: rate, high: rate } }),
      });
    const result = await read(runOf([loadRecord(), ivfflat, onLists, load(4, 700), load(1, 1500), load(4, 3100, 1)]));
    expect(result).toMatchObject({ run_id: 'pgvtune-r', task_label: 'r', timestamp: Date.UTC(2026, 0) / 1000 });
    expect(result.results).toHaveLength(1);
    const [{ metrics, task_config, label }] = result.results;
    expect(label).toBe(':)');
    expect(metrics).toEqual({
      insert_duration: 1.5,
      optimize_duration: 3,
      load_duration: 4.5,
      serial_latency_p95: 0.002,
      recall: 0.95,
      qps: 3100,
      conc_num_list: [1, 4],
      conc_qps_list: [1500, 3100],
      conc_latency_p95_list: [0.002, 0.002],
      conc_latency_avg_list: [0.001, 0.001],
    });
    expect(task_config).toEqual({
      db: 'PgVector',
      db_config: {
        db_label: 'IVFFlat bit lists=100, probes=8 rerank_depth=80',
        version: '0.8.0',
        note: 'PostgreSQL 15.20, local; measured by pgvtune 0.1.0',
        password: '**********',
      },
      db_case_config: {
        index: 'IVF_FLAT',
        metric_type: 'COSINE',
        lists: 100,
        probes: 8,
        iterative_scan: 'off',
        maintenance_work_mem: '64MB',
        table_quantization_type: 'vector',
        quantization_type: 'bit',
        reranking: true,
        quantized_fetch_limit: 80,
        reranking_metric: 'COSINE',
      },
      case_config: {
        case_id: 101,
        custom_case: {
          name: 'docs',
          description: `30000 rows of 64 dimensions, SHA-256 ${'ab'.repeat(32)}`,
          load_timeout: 36_000,
          optimize_timeout: 36_000,
          dataset_config: { name: 'docs', dir: 'docs', size: 30_000, dim: 64, metric_type: 'cosine' },
        },
        k: 10,
        concurrency_search_config: { num_concurrency: [1, 4], concurrency_duration: 3 },
      },
      stages: ['load', 'search_serial', 'search_concurrent'],
    });
  });

  it('has no figures of what was not measured, and a label of its own for each setting', async () => {
    const result = await read(example);
    const labels = result.results.map(
      (one: { task_config: { db_config: { db_label: string } } }) => one.task_config.db_config.db_label,
    );
    expect(new Set(labels).size).toBe(labels.length);
    expect(result.results.some((one: { metrics: object }) => 'qps' in one.metrics)).toBe(false);
    expect(
      result.results.some(
        (one: { task_config: { db_case_config: object } }) => !('index' in one.task_config.db_case_config),
      ),
    ).toBe(false);
  });

  it('is refused where VectorDBBench has no word for the metric or the index', async () => {
    await expect(read(runOf([ivfflat, onLists], 'l1'))).rejects.toThrow('VectorDBBench has no metric l1');
    const exact = buildRecord({ request: { spec: { method: 'none', representation: 'vector', parameters: {} } } });
    await expect(read(runOf([exact, pointRecord({ request: { build: exact.key, settings: {} } })]))).rejects.toThrow(
      'no point on HNSW or IVFFlat',
    );
  });
});

it.each<[string, ExportFormat]>([
  ['ann-benchmarks', annBenchmarksResults],
  ['VectorDBBench', vectorDbBenchResult],
])('%s is refused where nothing was measured', async (_, format) => {
  await expect(format(nothing)).rejects.toThrow('has no measured point of plain queries');
});
