import type { IndexSpec, Metric, SearchSettings } from '../vocabulary.js';
import { parametersOf, recallKnob } from './kind.js';
import { orderByOperators } from './operators.js';
import { bytesOfElements } from './page-layout.js';
import { PLANNER_DEFAULTS, type PlannerSettings, type PlanPrediction, predictPlan } from './planner.js';
import type { TableAndIndexPrediction } from './predict.js';
import { indexKind } from './registry.js';
import { storedValue } from './representations.js';
import { rerankBuffers, type ScanWork } from './work.js';

/** What a query by an index is expected to do, and whether it will be asked to. */
export interface QueryPrediction {
  readonly settings: SearchSettings;
  readonly k: number;
  readonly work: ScanWork;
  /** Rows that are sorted anew by their stored vectors, and the pages of the table that this takes; null: none are. */
  readonly rerank: { readonly candidates: number; readonly buffers: number } | null;
  /** Null where there is no index to leave. */
  readonly plan: PlanPrediction | null;
}

/**
 * The work of one query, and the planner's choice, by the models alone: for pgvector 0.8.0 and later, right after the
 * table was analysed.
 *
 * @param options.index of {@link predictIndex}, over as many rows
 * @param options.costs the server's settings; PostgreSQL's own when absent
 * @throws {PgvtuneError} `usage` when the access method is unknown
 */
export function predictQuery(options: {
  readonly rows: number;
  readonly dimensions: number;
  readonly spec: IndexSpec;
  /** Tells a column of bits; left out for one of type `vector`. */
  readonly metric?: Metric;
  readonly index: Pick<TableAndIndexPrediction, 'pages' | 'table'>;
  readonly k: number;
  readonly settings?: SearchSettings;
  /** Rows that the workload sorts anew, at most what the index returns; none when absent. */
  readonly candidates?: number;
  readonly costs?: PlannerSettings;
}): QueryPrediction {
  const { rows, dimensions, spec, metric = 'l2', index, k, costs = PLANNER_DEFAULTS } = options;
  const kind = indexKind(spec.method);
  const { model } = kind;
  if (model === null) throw new TypeError(`${kind.title} has no model, so there is no prediction of its index.`);
  const parameters = parametersOf(kind, spec);
  const knob = recallKnob(kind, parameters);
  const settings = { ...(knob ? { [knob.name]: knob.default } : {}), ...options.settings };
  const stored = storedValue(spec, { dimensions, metric });
  const work = model.work({
    rows,
    valueBytes: bytesOfElements(stored.representation, stored.dimensions),
    table: index.table,
    parameters,
    settings,
    k,
  });
  const table = { rows, heapPages: index.table.heapPages, indexPages: index.pages, costs };
  const scan = model.scanCost?.({ ...table, parameters, settings });
  const plan = scan
    ? predictPlan(scan, { ...table, k, orderByOperators: orderByOperators(spec.representation) })
    : null;
  const candidates = Math.min(rows, options.candidates ?? 0, kind.mostRows(settings));
  const rerank =
    candidates > 0 ? { candidates, buffers: rerankBuffers({ rows, table: index.table, candidates }) } : null;
  return { settings, k, work, rerank, plan };
}
