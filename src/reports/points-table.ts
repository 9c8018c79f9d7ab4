import { latencyQuantile } from '../analysis/index.js';
import { describeRepresentation } from '../indexes/index.js';
import { type BuildRecord, type Measured, planInstead, type PointRecord, type RunManifest } from '../results/index.js';
import { describeScans } from '../workloads/index.js';
import { reasonText, type RunView } from './tune/run-view.js';

/** What a cell is made of. */
interface Source {
  readonly run: RunView;
  readonly manifest: RunManifest;
  readonly point: PointRecord;
  readonly workload: PointRecord['request']['workload'];
  readonly build: BuildRecord | undefined;
  /** Null for a void or failed point. */
  readonly measured: Measured | null;
}

type Cell<Value> = (source: Source) => Value | null | undefined;

/** A column of the table of all points; the kind of its values is the same for every run. */
export type PointColumn = { readonly name: string } & (
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] }
  | { readonly kind: 'whole' | 'real'; readonly values: readonly (number | null)[] }
);

type Definition = { readonly name: string } & (
  | { readonly kind: 'text'; readonly cell: Cell<string> }
  | { readonly kind: 'whole' | 'real'; readonly cell: Cell<number> }
);

const text = (name: string, cell: Cell<string>): Definition => ({ name, kind: 'text', cell });
const whole = (name: string, cell: Cell<number>): Definition => ({ name, kind: 'whole', cell });
const real = (name: string, cell: Cell<number>): Definition => ({ name, kind: 'real', cell });
const quantile = (name: string, p: number): Definition =>
  real(name, ({ measured }) => latencyQuantile(measured, p)?.estimate?.value);

const COLUMNS: readonly Definition[] = [
  text('point', ({ point }) => point.key),
  whole('rows', ({ build, manifest }) => build?.request.rows ?? manifest.dataset.rows),
  text('method', ({ build }) => build?.request.spec.method),
  text('representation', ({ build }) => build && describeRepresentation(build.request.spec)),
  text('parameters', ({ build }) => JSON.stringify(build?.request.spec.parameters ?? {})),
  text('settings', ({ point }) => JSON.stringify(point.request.settings)),
  text('workload', ({ workload }) => workload.kind),
  text('strategy', ({ workload }) => (workload.kind === 'plain' ? null : workload.strategy)),
  text('filter', ({ workload }) => (workload.kind === 'filtered' ? JSON.stringify(workload.filter) : null)),
  text('join', ({ workload }) => (workload.kind === 'filtered' ? workload.join?.table : null)),
  text('forced', ({ workload }) => (workload.kind === 'filtered' && workload.forced ? 'forced' : null)),
  text('text', ({ workload }) => (workload.kind === 'hybrid' ? workload.text.method : null)),
  whole('k', ({ workload }) => workload.k),
  text('purpose', ({ point }) => point.request.purpose),
  text('status', ({ point }) => point.status),
  text('reason', ({ run, point }) => reasonText(run, point.reason)),
  whole('queries', ({ measured }) => measured?.recall.queries),
  real('recall', ({ measured }) => measured?.recall.mean.value),
  real('recall_low', ({ measured }) => measured?.recall.mean.low),
  real('recall_high', ({ measured }) => measured?.recall.mean.high),
  real('recall_strict', ({ measured }) => measured?.recall.strictMean),
  real('recall_min', ({ measured }) => measured?.recall.min),
  real('recall_p1', ({ measured }) => measured?.recall.p1),
  real('recall_p5', ({ measured }) => measured?.recall.p5),
  real('share_below_half', ({ measured }) => measured?.recall.shareBelowHalf),
  whole('queries_needed', ({ measured }) => measured?.recall.queriesNeeded),
  real('distance_ratio', ({ measured }) => measured?.recall.distanceRatio),
  real('completeness', ({ measured }) => measured?.completeness.mean),
  whole('short_queries', ({ measured }) => measured?.completeness.shortQueries),
  whole('empty_queries', ({ measured }) => measured?.completeness.empty),
  real('rows_removed', ({ measured }) => measured?.filtering?.rowsRemoved.value),
  real('rank_biased_overlap', ({ measured }) => measured?.ranking?.rbo.value),
  real('ndcg', ({ measured }) => measured?.ranking?.judged?.ndcg.value),
  real('reciprocal_rank', ({ measured }) => measured?.ranking?.judged?.reciprocalRank.value),
  whole('samples', ({ measured }) => measured?.latencyMs.n),
  quantile('p50_ms', 0.5),
  quantile('p90_ms', 0.9),
  quantile('p95_ms', 0.95),
  quantile('p99_ms', 0.99),
  quantile('p999_ms', 0.999),
  real('server_p50_ms', ({ measured }) => measured?.serverMs?.explain.median?.value),
  real('server_mean_ms', ({ measured }) => measured?.serverMs?.statements?.mean),
  real('client_floor_ms', ({ measured }) => measured?.clientFloorMs),
  real('buffers', ({ measured }) => measured?.buffers.mean.value),
  text('caches', ({ measured }) => measured?.cache.state),
  // Of another run's point the index was another one.
  whole('index_bytes', ({ point, build }) => (point.fromRun === undefined ? build?.index?.bytes : null)),
  real('build_seconds', ({ point, build }) => (point.fromRun === undefined ? build?.seconds : null)),
  text('plan_node', ({ measured }) => measured?.plan.node),
  text('plan_index', ({ measured }) => measured?.plan.index),
  text('plan_scans', ({ point, measured }) => measured?.plan.scans ?? otherScans(point)),
  text('remarks', ({ point }) => [...new Set(point.findings.map(({ code }) => code))].join(' ')),
  text('server', ({ manifest }) => manifest.server.label),
  text('run', ({ point, manifest }) => point.fromRun ?? manifest.run),
];

/** Every point of a run, one row each, by columns. Void points have a reason and no figures; what is missing is null. */
export function pointColumns(run: RunView): readonly PointColumn[] {
  const sources = [...run.points.values(), ...run.workloadPoints.values()].map((point): Source => ({
    run,
    manifest: run.manifest,
    point,
    workload: point.request.workload,
    build: run.builds.get(point.request.build),
    measured: point.measured,
  }));
  return COLUMNS.map((column): PointColumn =>
    column.kind === 'text'
      ? { name: column.name, kind: column.kind, values: sources.map((source) => column.cell(source) ?? null) }
      : { name: column.name, kind: column.kind, values: sources.map((source) => column.cell(source) ?? null) },
  );
}

/** The plan that was chosen instead of the one under test. */
function otherScans({ reason }: PointRecord): string | undefined {
  const scans = planInstead(reason);
  return scans === null ? undefined : describeScans(scans);
}
