import {
  conditionFindings,
  dataFindings,
  encodeFloat32,
  encodeUint16,
  estimateMean,
  estimateQuantiles,
  histogramOf,
  judgeCache,
  pointFindings,
  summariseLatency,
  summariseRecall,
} from '../analysis/index.js';
import type { Dataset } from '../datasets/index.js';
import { distance, judge, type Truth } from '../exact/index.js';
import type { ArmLoss, ArmSamples, PlanCacheLook, Schedule } from '../measure/index.js';
import type {
  BuildRecord,
  Conditions,
  Finding,
  Measured,
  PlanCache,
  PointRecord,
  PointRequest,
} from '../results/index.js';
import { pointKey } from './keys.js';

export interface PointContext {
  readonly dataset: Dataset;
  /** Exact neighbours of the run's queries, in the run's order. */
  readonly truth: Truth;
  /** Numbers of the run's queries in the dataset. */
  readonly order: readonly number[];
  readonly schedule: Schedule;
  readonly build: BuildRecord;
  readonly clientFloorMs: number;
  readonly planCache: PlanCacheLook | null;
  /** Name of the clock that took the times. */
  readonly clock: string;
  /** pg_prewarm had read in table and index. */
  readonly prewarmed: boolean;
  readonly conditions: Conditions;
  readonly startedAt: Date;
}

/** Turns the samples of an arm, or its loss, into the record of the point that was asked for. */
export function toPointRecord(
  request: PointRequest,
  outcome: ArmSamples | ArmLoss,
  context: PointContext,
): PointRecord {
  const record = {
    type: 'point' as const,
    key: pointKey(request),
    request,
    startedAt: context.startedAt.toISOString(),
    conditions: context.conditions,
  };
  if (outcome.status !== 'ok') {
    return { ...record, status: outcome.status, reason: outcome.reason, measured: null, findings: [] };
  }
  const measured = toMeasured(request, outcome, context);
  const findings = [
    ...pointFindings(measured),
    ...dataFindings(factsOf(context, measured.recall.queries)),
    ...buildFindings(context.build),
    ...conditionFindings(context.conditions),
  ];
  return { ...record, status: 'ok', reason: null, measured, findings };
}

function factsOf({ dataset, truth }: PointContext, asked: number): Parameters<typeof dataFindings>[0] {
  const { rows, queries, checks } = dataset.manifest;
  const tied = truth.tiesBeyondK.subarray(0, asked).reduce((count, ties) => count + (ties > 0 ? 1 : 0), 0);
  return { rows, queries, ...checks, tiedShare: tied / asked };
}

const buildFindings = ({ attempt }: BuildRecord): readonly Finding[] =>
  attempt === 1
    ? []
    : [
        {
          code: 'built-again',
          severity: 'warning',
          text: `The index had to be built ${attempt} times: the one before was gone, or was not the one that had been built.`,
        },
      ];

function toMeasured(request: PointRequest, samples: ArmSamples, context: PointContext): Measured {
  const { dataset, truth, order, schedule, prewarmed, build } = context;
  const judgements = samples.returned.map((rows, query) => {
    const vector = queryVector(dataset, order[query] ?? 0);
    return judge(truth, query, rows, (row) => distance(truth.metric, vector, dataset.vector(row)));
  });
  const hits = judgements.map((judgement) => judgement.hits);
  const strictHits = judgements.map((judgement) => judgement.strictHits);
  const returned = judgements.map((judgement) => judgement.returned);
  const expected = truth.expected.subarray(0, judgements.length);
  const { recall, completeness } = summariseRecall({ hits, strictHits, returned, expected });
  const buffers = samples.buffersHit.map((hit, i) => hit + (samples.buffersRead[i] ?? 0));
  const mean = estimateMean(buffers);
  const meanRead = samples.buffersRead.reduce((sum, read) => sum + read, 0) / Math.max(1, buffers.length);
  const cache = judgeCache(
    { mean: mean.value, meanRead },
    { declared: request.cache ?? 'warm', prewarmed, method: build.request.spec.method },
  );
  const { explainMs, statements } = samples;
  return {
    settingsReadBack: { ...samples.settings },
    plan: {
      node: samples.scan.type,
      index: samples.scan.index,
      rowsRemovedByFilter: samples.scan.rowsRemovedByFilter,
      startupCost: samples.scan.startupCost,
      totalCost: samples.scan.totalCost,
      checks: samples.checks,
    },
    ...(context.planCache ? { planCache: toPlanCache(context.planCache) } : {}),
    recall,
    completeness,
    latencyMs: {
      ...summariseLatency(samples.latenciesMs, { blockSize: schedule.blockQueries }),
      histogram: histogramOf(samples.latenciesMs),
    },
    clock: context.clock,
    serverMs: {
      explain: { n: explainMs.length, median: estimateQuantiles(explainMs, [0.5])[0]?.estimate ?? null },
      statements: statements && { n: statements.calls, mean: statements.executionMs / statements.calls },
    },
    clientFloorMs: context.clientFloorMs,
    buffers: { mean, meanRead, queries: buffers.length },
    cache: cache.text,
    cacheState: cache.state,
    warmUp: samples.warmUp && { ...samples.warmUp },
    samples: {
      blockQueries: schedule.blockQueries,
      latencyMs: encodeFloat32(samples.latenciesMs),
      hits: encodeUint16(hits),
      strictHits: encodeUint16(strictHits),
      returned: encodeUint16(returned),
    },
  };
}

const toPlanCache = ({ mode, counts, generic, custom }: PlanCacheLook): PlanCache => ({
  mode,
  genericPlans: counts?.generic ?? null,
  customPlans: counts?.custom ?? null,
  generic,
  custom,
});

function queryVector({ queries }: Dataset, query: number): Float32Array {
  return queries.values.subarray(query * queries.dimensions, (query + 1) * queries.dimensions);
}
