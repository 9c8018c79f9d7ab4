import { latencyQuantile, sortOutLoads } from '../../analysis/index.js';
import { PgvtuneError } from '../../errors.js';
import type { RunManifest, ThroughputRecord } from '../../results/index.js';
import type { IndexSpec, Metric } from '../../vocabulary.js';
import { candidatesOf } from '../../workloads/index.js';
import { type RunView, viewRun } from '../tune/run-view.js';
import type { ExportFormat } from './format.js';
import { type PlainPoint, plainPoints, pointName } from './plain-points.js';

/** `PerformanceCustomDataset` (`backend/cases.py`): the one case whose dataset is described in the result itself. */
const CUSTOM_DATASET = 101;
/** Limits of that case, which its reader wants; they are VectorDBBench's defaults and bind nothing that pgvtune does. */
const TIMEOUTS = { load_timeout: 36_000, optimize_timeout: 36_000 };
/** What VectorDBBench writes instead of a secret. Its reader wants a password. */
const MASKED = '**********';

const METRICS: Readonly<Partial<Record<Metric, string>>> = { cosine: 'COSINE', l2: 'L2', ip: 'IP' };
/** Names that its configurations of pgvector are found by (`backend/clients/pgvector/config.py`). */
const INDEXES: Readonly<Partial<Record<IndexSpec['method'], string>>> = { hnsw: 'HNSW', ivfflat: 'IVF_FLAT' };

/**
 * A run as VectorDBBench's `TestResult` (`models.py`), one result for each point. A metric that is left out has there the
 * default 0, which its charts do not draw. It shows one result for each label of a database, so the label names index and
 * settings.
 */
export const vectorDbBenchResult: ExportFormat<string> = async (files) => {
  const run = viewRun(files);
  const { manifest } = run;
  const metric = METRICS[manifest.metric];
  if (metric === undefined) throw new PgvtuneError('usage', `VectorDBBench has no metric ${manifest.metric}.`);
  const points = plainPoints(run).filter(({ build }) => INDEXES[build.request.spec.method] !== undefined);
  if (points.length === 0) {
    throw new PgvtuneError(
      'usage',
      `${manifest.run} has no point on HNSW or IVFFlat, the indexes that VectorDBBench knows.`,
    );
  }
  const result = {
    run_id: `pgvtune-${manifest.run}`,
    task_label: manifest.run,
    results: points.map((one) => caseResult(run, metric, one)),
    timestamp: Date.parse(manifest.startedAt) / 1000,
  };
  return `${JSON.stringify(result, null, 2)}\n`;
};

function caseResult(run: RunView, metric: string, one: PlainPoint) {
  const { point, measured } = one;
  const loads = closedLoads(run, one);
  return {
    metrics: {
      ...(run.load ? { insert_duration: run.load.seconds, load_duration: run.load.seconds + one.build.seconds } : {}),
      optimize_duration: one.build.seconds,
      ...serialLatencies(measured),
      // By identity of the rows, as VectorDBBench counts.
      recall: measured.recall.strictMean,
      ...underLoad(loads),
    },
    task_config: {
      db: 'PgVector',
      db_config: {
        db_label: pointName(one),
        version: run.manifest.server.pgvector,
        note: `PostgreSQL ${run.manifest.server.version}, ${run.manifest.server.label}; measured by pgvtune ${run.manifest.pgvtune}`,
        password: MASKED,
      },
      db_case_config: indexConfig(metric, one),
      case_config: {
        case_id: CUSTOM_DATASET,
        custom_case: customCase(run.manifest),
        k: point.request.workload.k,
        ...(loads.length === 0 ? {} : { concurrency_search_config: concurrencies(loads) }),
      },
      stages: ['load', 'search_serial', ...(loads.length === 0 ? [] : ['search_concurrent'])],
    },
    label: ':)',
  };
}

function indexConfig(metric: string, { build, point, measured }: PlainPoint) {
  const { spec } = build.request;
  const { settings, workload } = point.request;
  const candidates = candidatesOf(spec, workload.k, settings);
  const { parameters, representation } = spec;
  return {
    index: INDEXES[spec.method],
    metric_type: metric,
    ...(spec.method === 'hnsw'
      ? {
          m: parameters['m'] ?? null,
          ef_construction: parameters['ef_construction'] ?? null,
          ef_search: settings['ef_search'] ?? null,
        }
      : { lists: parameters['lists'] ?? null, probes: settings['probes'] ?? null }),
    // Its own default is another one.
    iterative_scan: measured.settingsReadBack[`${spec.method}.iterative_scan`] ?? 'off',
    maintenance_work_mem: build.settings['maintenance_work_mem'] ?? null,
    table_quantization_type: 'vector',
    // It knows no index on the first dimensions.
    quantization_type: representation === 'subvector' ? null : representation,
    reranking: candidates !== null,
    ...(candidates === null ? {} : { quantized_fetch_limit: candidates, reranking_metric: metric }),
  };
}

const customCase = ({ dataset, metric }: RunManifest) => ({
  name: dataset.name,
  description: `${dataset.rows} rows of ${dataset.dimensions} dimensions, SHA-256 ${dataset.hash}`,
  ...TIMEOUTS,
  dataset_config: {
    name: dataset.name,
    dir: dataset.name,
    size: dataset.rows,
    dim: dataset.dimensions,
    metric_type: metric,
  },
});

/** A load whose clients each send their next query when the last one is answered, as VectorDBBench's do. */
interface ClosedLoad {
  readonly concurrency: number;
  readonly seconds: number;
  readonly measured: NonNullable<ThroughputRecord['measured']>;
}

/** One for each number of clients, in their order; of one that was disturbed, what was measured once more. */
function closedLoads(run: RunView, { build, point }: PlainPoint): readonly ClosedLoad[] {
  const settings = JSON.stringify(point.request.settings);
  return sortOutLoads([...run.throughputs.values()])
    .counting.flatMap(({ request, measured }): ClosedLoad[] => {
      const isOfPoint = request.build === build.key && JSON.stringify(request.settings) === settings;
      const { mode } = request;
      if (!isOfPoint || !measured || mode.kind !== 'closed') return [];
      return [{ concurrency: mode.concurrency, seconds: mode.seconds, measured }];
    })
    .toSorted((a, b) => a.concurrency - b.concurrency);
}

function underLoad(loads: readonly ClosedLoad[]) {
  if (loads.length === 0) return {};
  const rates = loads.map(({ measured }) => measured.ratePerSecond.value);
  const quantiles = (p: number) => {
    const seconds = loads.flatMap(({ measured }) => quantileSeconds(measured, p) ?? []);
    return seconds.length < loads.length ? {} : { [`conc_latency_p${100 * p}_list`]: seconds };
  };
  return {
    qps: Math.max(...rates),
    conc_num_list: loads.map(({ concurrency }) => concurrency),
    conc_qps_list: rates,
    ...quantiles(0.99),
    ...quantiles(0.95),
    conc_latency_avg_list: loads.map(({ measured }) => measured.latencyMs.mean / 1000),
  };
}

const concurrencies = (loads: readonly ClosedLoad[]) => ({
  num_concurrency: loads.map(({ concurrency }) => concurrency),
  concurrency_duration: Math.round(loads[0]!.seconds),
});

function serialLatencies(measured: PlainPoint['measured']) {
  const quantile = (p: number) => {
    const seconds = quantileSeconds(measured, p);
    return seconds === undefined ? {} : { [`serial_latency_p${100 * p}`]: seconds };
  };
  return { ...quantile(0.99), ...quantile(0.95) };
}

/** Undefined where the sample does not suffice for it. */
function quantileSeconds(measured: Parameters<typeof latencyQuantile>[0], p: number): number | undefined {
  const ms = latencyQuantile(measured, p)?.estimate?.value;
  return ms === undefined ? undefined : ms / 1000;
}
