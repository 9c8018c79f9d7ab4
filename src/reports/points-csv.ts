import { describeStorage } from '../indexes/index.js';
import { csvText } from './csv.js';
import type { RunView } from './run-view.js';

/** Every point of a run, one line each, for spreadsheets and data frames. Void points have a reason and no figures. */
export function pointsCsv(run: RunView): string {
  const rows = [...run.points.values(), ...run.workloadPoints.values()].map((point) => {
    const { workload } = point.request;
    const build = run.builds.get(point.request.build);
    const { measured } = point;
    const quantile = (p: number) =>
      measured?.latencyMs.quantiles.find((candidate) => candidate.p === p)?.estimate?.value;
    return [
      point.key,
      build?.request.rows ?? run.manifest.dataset.rows,
      build?.request.spec.method,
      build && describeStorage(build.request.spec),
      JSON.stringify(build?.request.spec.parameters ?? {}),
      JSON.stringify(point.request.settings),
      workload.kind,
      workload.kind === 'plain' ? undefined : workload.strategy,
      workload.kind === 'filtered' ? JSON.stringify(workload.filter) : undefined,
      workload.kind === 'filtered' ? workload.join?.table : undefined,
      workload.kind === 'filtered' && workload.forced ? 'forced' : undefined,
      workload.k,
      point.request.purpose,
      point.status,
      point.reason,
      measured?.recall.queries,
      measured?.recall.mean.value,
      measured?.recall.mean.low,
      measured?.recall.mean.high,
      measured?.recall.strictMean,
      measured?.recall.min,
      measured?.recall.p5,
      measured?.recall.queriesNeeded,
      measured?.recall.distanceRatio ?? undefined,
      measured?.completeness.mean,
      measured?.completeness.shortQueries,
      measured?.completeness.empty,
      measured?.filtering?.rowsRemoved.value,
      measured?.latencyMs.n,
      quantile(0.5),
      quantile(0.9),
      quantile(0.95),
      quantile(0.99),
      measured?.clientFloorMs,
      measured?.buffers.mean.value,
      build?.index?.bytes,
      build?.seconds,
      measured?.plan.node,
      measured?.plan.index,
      measured?.plan.scans ?? point.planInstead,
      run.manifest.server.label,
    ];
  });
  return csvText(HEADER, rows);
}

const HEADER = [
  'point',
  'rows',
  'method',
  'storage',
  'parameters',
  'settings',
  'workload',
  'strategy',
  'filter',
  'join',
  'forced',
  'k',
  'purpose',
  'status',
  'reason',
  'queries',
  'recall',
  'recall_low',
  'recall_high',
  'recall_strict',
  'recall_min',
  'recall_p5',
  'queries_needed',
  'distance_ratio',
  'completeness',
  'short_queries',
  'empty_queries',
  'rows_removed',
  'samples',
  'p50_ms',
  'p90_ms',
  'p95_ms',
  'p99_ms',
  'client_floor_ms',
  'buffers',
  'index_bytes',
  'build_seconds',
  'plan_node',
  'plan_index',
  'plan_scans',
  'server',
] as const;
