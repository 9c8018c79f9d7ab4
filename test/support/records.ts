import {
  confidenceOfEach,
  encodeFloat32,
  encodeUint16,
  normalQuantile,
  shownRecall,
} from '../../src/analysis/index.js';
import {
  type BuildRecord,
  type BuildRequest,
  type ChurnRecord,
  type ChurnRequest,
  type ChurnState,
  type BuiltIndex,
  type CacheJudgement,
  type Conditions,
  type Estimate,
  type FilterAnswer,
  type FilterOption,
  type FusionsRecord,
  type FusionsRequest,
  keyOf,
  type LoadRecord,
  type Measured,
  type OtherPlan,
  type PlannerMapRecord,
  type PlannerMapRequest,
  type PlansRecord,
  type PlansRequest,
  type PointRecord,
  type PointRequest,
  type Reason,
  type ThroughputFigures,
  type ThroughputRecord,
  type ThroughputRequest,
  type TuneAnswer,
  type WritesRecord,
} from '../../src/results/index.js';
import type { IndexSpec } from '../../src/vocabulary.js';
import { targetFor } from './spaces.js';

/*
 * Records as a run would keep them, made up: what a test is about is given, the rest is as usual. Keys follow from
 * requests.
 */

const STARTED = '2026-01-01T00:00:00.000Z';
const HNSW: IndexSpec = { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } };

/** Members of a record that a test gives; of its request some. */
type Given<R extends { readonly request: object }> = Partial<Omit<R, 'type' | 'request'>> & {
  readonly request?: Partial<R['request']>;
};

export const loadRecord = (given: Partial<LoadRecord> = {}): LoadRecord => ({
  type: 'load',
  key: 'load',
  rows: 1000,
  seconds: 1.5,
  method: 'copy',
  tableBytes: 8192,
  ...given,
});

/** Of pgvector's default index; none stands after an exact scan's. */
export function buildRecord({ request: asked, ...given }: Given<BuildRecord> = {}): BuildRecord {
  const request: BuildRequest = { spec: HNSW, repeat: 0, ...asked };
  const isIndex = request.spec.method !== 'none';
  return {
    type: 'build',
    key: keyOf('build', request),
    request,
    attempt: 1,
    startedAt: STARTED,
    status: 'ok',
    reason: null,
    index: isIndex ? builtIndex() : null,
    seconds: isIndex ? 1 : 0,
    settings: {},
    notices: [],
    findings: [],
    ...given,
  };
}

export const failedBuild = (reason: Reason, given: Given<BuildRecord> = {}): BuildRecord =>
  buildRecord({ ...given, status: 'failed', reason, index: null });

/** The planner reads the table, and not the index that was built. */
export const tableScanned: OtherPlan = {
  code: 'other-plan',
  data: {
    wanted: { kind: 'one-of', indexes: ['ix'], orTable: false },
    got: [{ table: 'items', type: 'Seq Scan', indexes: [] }],
  },
};

/** The server went away while something was measured. */
export const restarted: Reason = { code: 'server-interrupted', data: {} };

/** PostgreSQL did not execute a statement. */
export const refused = (message: string): Reason => ({
  code: 'refused',
  data: { message, sqlstate: null, hint: null },
});

export const builtIndex = (given: Partial<BuiltIndex> = {}): BuiltIndex => ({
  name: 'ix',
  definition: '',
  opclass: '',
  reloptions: {},
  valid: true,
  bytes: 1000,
  ...given,
});

/** Of plain queries on {@link buildRecord}'s index. */
export function pointRecord({ request: asked, ...given }: Given<PointRecord> = {}): PointRecord {
  const request: PointRequest = {
    build: buildRecord().key,
    workload: { kind: 'plain', k: 10 },
    settings: { ef_search: 40 },
    queries: 100,
    purpose: 'confirm',
    ...asked,
  };
  return {
    type: 'point',
    key: keyOf('point', request),
    request,
    startedAt: STARTED,
    status: 'ok',
    reason: null,
    measured: measured(),
    findings: [],
    ...given,
  };
}

export const voidPoint = (reason: Reason, given: Given<PointRecord> = {}): PointRecord =>
  pointRecord({ ...given, status: 'void', reason, measured: null });

/** What the figures of a point are made of. */
export interface PointFigures {
  readonly recall?: number;
  readonly medianMs?: number;
  readonly buffers?: number;
  readonly queries?: number;
}

/** Half the width of the interval of recall in {@link measured}. */
const MARGIN = 0.005;

export function measured(
  { recall = 0.95, medianMs = 1, buffers = 100, queries = 100 }: PointFigures = {},
  given: Partial<Measured> = {},
): Measured {
  return {
    settingsReadBack: {},
    plan: { node: 'Index Scan', index: 'ix', rowsRemovedByFilter: 0, startupCost: 0, totalCost: 1, checks: 3 },
    recall: {
      mean: { value: recall, low: Math.max(0, recall - MARGIN), high: Math.min(1, recall + MARGIN) },
      strictMean: recall,
      min: 0,
      p1: 0.5,
      p5: 0.8,
      shareBelowHalf: 0,
      queries,
      excluded: 0,
    },
    completeness: { mean: 1, shortQueries: 0 },
    latencyMs: {
      n: 1000,
      mean: medianMs,
      quantiles: [
        { p: 0.5, estimate: around(medianMs, 0.02), needs: 6 },
        { p: 0.95, estimate: around(medianMs * 2, 0.05), needs: 72 },
      ],
    },
    clientFloorMs: 0.03,
    buffers: { mean: around(buffers, 0.01), meanRead: 0, queries: 50 },
    cache: cacheJudgement(),
    samples: {
      blockQueries: 50,
      latencyMs: encodeFloat32(LATENCIES.map((latency) => medianMs * latency)),
      hits: encodeUint16(hitsOf(recall, queries)),
      strictHits: '',
      expected: encodeUint16(Array.from({ length: queries }, () => 10)),
      returned: '',
    },
    ...given,
  };
}

/** The recall that the answers of {@link measured} show with 95 % confidence. */
export const shownOf = (recall: number, queries: number, tested = 1): number =>
  shownRecall(measured({ recall, queries }), confidenceOfEach(0.95, tested));

/** Twenty blocks of fifty times about a median of 1, a p95 of 2; all arms that are made up have the same noise. */
const LATENCIES = Float64Array.from({ length: 1000 }, (_, i) =>
  Math.exp((Math.log(2) / normalQuantile(0.95)) * normalQuantile((((i * 7) % 50) + 0.5) / 50)),
);

/** Caches as they were declared. */
export const cacheJudgement = (declared: CacheJudgement['declared'] = 'warm'): CacheJudgement => ({
  state: declared,
  declared,
  readShare: 0,
  prewarmed: true,
  isRing: false,
});

const around = (value: number, share: number): Estimate => ({
  value,
  low: value * (1 - share),
  high: value * (1 + share),
});

/** Hits of ten in every query, as even as whole numbers can be. */
const hitsOf = (recall: number, queries: number): readonly number[] =>
  Array.from({ length: queries }, (_, q) => Math.floor((q + 1) * 10 * recall) - Math.floor(q * 10 * recall));

/** Of two clients in a closed loop on {@link buildRecord}'s index. */
export function throughputRecord({ request: asked, ...given }: Given<ThroughputRecord> = {}): ThroughputRecord {
  const request: ThroughputRequest = {
    build: buildRecord().key,
    workload: { kind: 'plain', k: 10 },
    settings: { ef_search: 40 },
    queries: 100,
    mode: { kind: 'closed', concurrency: 2, seconds: 3 },
    ...asked,
  };
  return {
    type: 'throughput',
    key: keyOf('throughput', request),
    request,
    startedAt: STARTED,
    status: 'ok',
    reason: null,
    schedule: null,
    conditions: null,
    measured: throughputFigures(),
    findings: [],
    ...given,
  };
}

export const throughputFigures = (given: Partial<ThroughputFigures> = {}): ThroughputFigures => ({
  settingsReadBack: {},
  plan: { node: 'Index Scan', index: 'ix', rowsRemovedByFilter: 0, startupCost: 0, totalCost: 1, checks: 2 },
  ratePerSecond: around(2000, 0.02),
  latencyMs: measured().latencyMs,
  errors: {},
  eventLoopUtilisation: [0.2, 0.2],
  cpu: { cores: 8, client: 0.2, server: 1.8 },
  samples: { startMs: '', latencyMs: '', lagMs: '' },
  ...given,
});

export function plannerMapRecord({ request: asked, ...given }: Given<PlannerMapRecord> = {}): PlannerMapRecord {
  const request: PlannerMapRequest = { build: buildRecord().key, k: 10, settings: { ef_search: 40 }, ...asked };
  return {
    type: 'planner-map',
    key: keyOf('planner-map', request),
    request,
    startedAt: STARTED,
    table: { rows: 1000, heapPages: 100, indexPages: 200 },
    axes: [],
    ...given,
  };
}

export const plansRecord = (request: PlansRequest, reasons: PlansRecord['reasons']): PlansRecord => ({
  type: 'plans',
  key: keyOf('plans', request),
  request,
  startedAt: STARTED,
  reasons,
});

export function fusionsRecord(
  request: FusionsRequest,
  given: Pick<FusionsRecord, 'queries' | 'fusions'>,
): FusionsRecord {
  return { type: 'fusions', key: keyOf('fusions', request), request, startedAt: STARTED, ...given };
}

export function writesRecord({ request: asked, ...given }: Given<WritesRecord> = {}): WritesRecord {
  const request = { build: buildRecord().key, ...asked };
  const cost = { walBytes: 1000, ms: 0.1 };
  return {
    type: 'writes',
    key: keyOf('writes', request),
    request,
    startedAt: STARTED,
    rows: 200,
    rounds: 3,
    with: cost,
    without: cost,
    ...given,
  };
}

/** Three rounds, a fifth of the rows each. */
export const churnRequest = (given: Partial<ChurnRequest> = {}): ChurnRequest => ({
  spec: { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } },
  settings: {},
  k: 10,
  rounds: 3,
  turnover: 0.2,
  mix: { insert: 0.4, update: 0.4, delete: 0.2 },
  arrival: 'random',
  changesPerSecond: null,
  queries: 100,
  ...given,
});

/** A state of 1,000 rows whose figures are known well. */
export function churnState(
  after: ChurnState['after'],
  {
    recall = 0.98,
    buffers = 100,
    indexBytes = 1e6,
    changed = 500,
    deadRows = 0,
  }: { recall?: number; buffers?: number; indexBytes?: number; changed?: number; deadRows?: number } = {},
): ChurnState {
  const around = (value: number, half: number) => ({ value, low: value - half, high: value + half });
  return {
    after,
    changed,
    rows: 1000,
    deadRows,
    tableBytes: 1e6,
    indexBytes,
    searches: {
      recall: around(recall, 0.002),
      completeness: 1,
      buffers: around(buffers, 2),
      p50Ms: around(1, 0.1),
      p95Ms: around(2, 0.2),
    },
  };
}

export const churnRecord = (states: readonly ChurnState[], given: Partial<ChurnRequest> = {}): ChurnRecord => {
  const request = churnRequest(given);
  return {
    type: 'churn',
    key: keyOf('churn', request),
    request,
    startedAt: STARTED,
    startRows: 1000,
    states: [...states],
  };
};

/** A quiet machine and a server that nobody else uses. */
export const conditions = (load = 0.5, server: Partial<Conditions['server']> = {}): Conditions => ({
  attempt: 1,
  looks: 2,
  server: {
    interrupted: false,
    checkpoints: 0,
    vacuums: 0,
    changedRows: 0,
    autovacuumWorkers: null,
    otherSessions: null,
    ...server,
  },
  machine: {
    cores: 4,
    load: { before: load, after: load },
    mhz: { before: null, after: null },
    stealShare: 0.02,
    otherWork: { share: 0.01, idleShare: 0.5 },
    swappedPages: 0,
  },
  canary: { before: { roundTripMs: [0.1], cpuMs: [0.5] }, after: { roundTripMs: [0.1], cpuMs: [0.5] } },
});

/** Says `recommended`, but not what. */
export const tuneAnswer = (given: Partial<TuneAnswer> = {}): TuneAnswer => ({
  kind: 'tune',
  verdict: 'recommended',
  target: targetFor(),
  recommendation: null,
  runnerUp: null,
  because: [],
  rejected: [],
  baselines: [],
  front: [],
  nearest: [],
  ...given,
});

/** A filter that no strategy is recommended for. */
export const filterAnswer = (given: Partial<FilterAnswer> = {}): FilterAnswer => ({
  name: 'mine',
  filter: { column: 'tenant', op: '=', value: 1 },
  join: null,
  example: { column: 'tenant', op: '=', value: 1 },
  columns: [{ name: 'tenant', type: 'number' }],
  cell: null,
  achieved: { selectivity: 0.1, min: 0.1, max: 0.1, correlation: 0, queries: 100, filters: 1 },
  shortfalls: [],
  options: [],
  rankedBy: 'p50',
  best: null,
  rivals: [],
  today: null,
  ...given,
});

export const filterOption = (given: Partial<FilterOption> = {}): FilterOption => ({
  strategy: 'pre-filter',
  spec: HNSW,
  outcome: 'reaches',
  why: null,
  settings: {},
  builds: [],
  point: null,
  ...given,
});
