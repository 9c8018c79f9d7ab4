import { latencyQuantile } from '../../analysis/index.js';
import { describeScans } from '../../workloads/index.js';
import { planInstead, type PointRecord } from '../../results/index.js';
import { reasonText } from '../tune/run-view.js';
import { describeRepresentation } from '../../indexes/index.js';
import { csvText } from './csv.js';
import type { RunView } from '../tune/run-view.js';

/** Every point of a run, one line each, for spreadsheets and data frames. Void points have a reason and no figures. */
export function pointsCsv(run: RunView): string {
  const rows = [...run.points.values(), ...run.workloadPoints.values()].map((point) => {
    const { workload } = point.request;
    const build = run.builds.get(point.request.build);
    const { measured } = point;
    const quantile = (p: number) => latencyQuantile(measured, p)?.estimate?.value;
    return [
      point.key,
      build?.request.rows ?? run.manifest.dataset.rows,
      build?.request.spec.method,
      build && describeRepresentation(build.request.spec),
      JSON.stringify(build?.request.spec.parameters ?? {}),
      JSON.stringify(point.request.settings),
      workload.kind,
      workload.kind === 'plain' ? undefined : workload.strategy,
      workload.kind === 'filtered' ? JSON.stringify(workload.filter) : undefined,
      workload.kind === 'filtered' ? workload.join?.table : undefined,
      workload.kind === 'filtered' && workload.forced ? 'forced' : undefined,
      workload.kind === 'hybrid' ? workload.text.method : undefined,
      workload.k,
      point.request.purpose,
      point.status,
      reasonText(run, point.reason),
      measured?.recall.queries,
      measured?.recall.mean.value,
      measured?.recall.mean.low,
      measured?.recall.mean.high,
      measured?.recall.strictMean,
      measured?.recall.min,
      measured?.recall.p1,
      measured?.recall.p5,
      measured?.recall.shareBelowHalf,
      measured?.recall.queriesNeeded,
      measured?.recall.distanceRatio ?? undefined,
      measured?.completeness.mean,
      measured?.completeness.shortQueries,
      measured?.completeness.empty,
      measured?.filtering?.rowsRemoved.value,
      measured?.ranking?.rbo.value,
      measured?.ranking?.judged?.ndcg.value,
      measured?.ranking?.judged?.reciprocalRank.value,
      measured?.latencyMs.n,
      quantile(0.5),
      quantile(0.9),
      quantile(0.95),
      quantile(0.99),
      quantile(0.999),
      measured?.serverMs?.explain.median?.value,
      measured?.serverMs?.statements?.mean,
      measured?.clientFloorMs,
      measured?.buffers.mean.value,
      measured?.cache.state,
      // Of another run's point the index was another one.
      point.fromRun === undefined ? build?.index?.bytes : undefined,
      point.fromRun === undefined ? build?.seconds : undefined,
      measured?.plan.node,
      measured?.plan.index,
      measured?.plan.scans ?? otherScans(point),
      [...new Set(point.findings.map(({ code }) => code))].join(' '),
      run.manifest.server.label,
      point.fromRun ?? run.manifest.run,
    ];
  });
  return csvText(HEADER, rows);
}

const HEADER = [
  'point',
  'rows',
  'method',
  'representation',
  'parameters',
  'settings',
  'workload',
  'strategy',
  'filter',
  'join',
  'forced',
  'text',
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
  'recall_p1',
  'recall_p5',
  'share_below_half',
  'queries_needed',
  'distance_ratio',
  'completeness',
  'short_queries',
  'empty_queries',
  'rows_removed',
  'rank_biased_overlap',
  'ndcg',
  'reciprocal_rank',
  'samples',
  'p50_ms',
  'p90_ms',
  'p95_ms',
  'p99_ms',
  'p999_ms',
  'server_p50_ms',
  'server_mean_ms',
  'client_floor_ms',
  'buffers',
  'caches',
  'index_bytes',
  'build_seconds',
  'plan_node',
  'plan_index',
  'plan_scans',
  'remarks',
  'server',
  'run',
] as const;

/** The plan that was chosen instead of the one under test. */
function otherScans({ reason }: PointRecord): string | undefined {
  const scans = planInstead(reason);
  return scans === null ? undefined : describeScans(scans);
}
