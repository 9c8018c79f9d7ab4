import {
  completenessHistogram,
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
} from '../../analysis/index.js';
import type { Dataset } from '../../datasets/index.js';
import type { ArmLoss, ArmSamples, PlanCacheLook, Schedule } from '../../measure/index.js';
import {
  type BuildRecord,
  type Conditions,
  findings,
  keyOf,
  type Measured,
  type RecordedFinding,
  type PlanCache,
  type PointRecord,
  type PointRequest,
} from '../../results/index.js';
import { servedBy } from './served-by.js';
import type { Task } from './task.js';

export interface PointContext {
  readonly dataset: Dataset;
  readonly task: Task;
  readonly schedule: Schedule;
  readonly build: BuildRecord;
  readonly clientFloorMs: number;
  /** Of the settings of its query in a transaction, round by round; none where it was not looked at. */
  readonly transactionMs: readonly number[];
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
    key: keyOf('point', request),
    request,
    startedAt: context.startedAt.toISOString(),
    conditions: context.conditions,
  };
  if (outcome.status !== 'ok') {
    const { status, reason } = outcome;
    return {
      ...record,
      status,
      reason,
      measured: null,
      findings: [],
    };
  }
  const measured = toMeasured(request, outcome, context);
  const found = [
    ...pointFindings(measured),
    ...dataFindings(factsOf(context, measured.recall.queries)),
    ...buildFindings(context.build),
    ...conditionFindings(context.conditions),
  ];
  return { ...record, status: 'ok', reason: null, measured, findings: found };
}

function factsOf({ dataset, task }: PointContext, asked: number): Parameters<typeof dataFindings>[0] {
  const { rows, queries, checks } = dataset.manifest;
  const tied = task.tiesBeyondK.subarray(0, asked).reduce((count, ties) => count + (ties > 0 ? 1 : 0), 0);
  return { rows, queries, ...checks, tiedShare: tied / asked };
}

/** What was said while its index was built, which its answers suffer from, and what became of the index since. */
const buildFindings = ({ attempt, findings: own }: BuildRecord): readonly RecordedFinding[] => [
  ...own,
  ...(attempt === 1 ? [] : [findings.builtAgain.of({ attempts: attempt })]),
];

function toMeasured(request: PointRequest, samples: ArmSamples, context: PointContext): Measured {
  const { task, schedule, prewarmed, build } = context;
  const judgements = samples.returned.map((rows, query) => task.judge(query, rows));
  const hits = judgements.map((judgement) => judgement.hits);
  const strictHits = judgements.map((judgement) => judgement.strictHits);
  const returned = judgements.map((judgement) => judgement.returned);
  const expected = task.expected.subarray(0, judgements.length);
  const distanceRatios = judgements.map((judgement) => judgement.distanceRatio);
  const { recall, completeness } = summariseRecall(
    { hits, strictHits, returned, expected, distanceRatios },
    { mayBeEmpty: request.workload.kind === 'filtered' },
  );
  const buffers = samples.buffersHit.map((hit, i) => hit + (samples.buffersRead[i] ?? 0));
  const mean = estimateMean(buffers);
  const meanRead = samples.buffersRead.reduce((sum, read) => sum + read, 0) / Math.max(1, buffers.length);
  const cache = judgeCache(
    { mean: mean.value, meanRead },
    { declared: request.cache ?? 'warm', prewarmed, method: build.request.spec.method },
  );
  const { explainMs, statements } = samples;
  const extra = task.extraFigures(samples);
  const inParts = task.tables.length > 1 ? servedBy(samples.explained, task.tables) : [];
  const [plan] = (extra.filtering ?? extra.ranking)?.plans ?? inParts;
  return {
    settingsReadBack: { ...samples.settings },
    plan: {
      node: samples.scan.type,
      index: samples.scan.index,
      rowsRemovedByFilter: extra.filtering?.rowsRemoved.value ?? samples.scan.rowsRemovedByFilter,
      ...(plan ? { scans: plan.scans } : {}),
      startupCost: samples.scan.startupCost,
      totalCost: samples.scan.totalCost,
      checks: samples.checks,
    },
    ...(context.planCache ? { planCache: toPlanCache(context.planCache) } : {}),
    recall,
    completeness: { ...completeness, ...completenessTenths(returned, expected) },
    latencyMs: {
      ...summariseLatency(samples.latenciesMs, {
        blockSize: schedule.blockQueries,
        queries: schedule.timedQueries,
      }),
      histogram: histogramOf(samples.latenciesMs),
    },
    clock: context.clock,
    serverMs: {
      explain: { n: explainMs.length, median: estimateQuantiles(explainMs, [0.5])[0]?.estimate ?? null },
      statements: statements && { n: statements.calls, mean: statements.executionMs / statements.calls },
    },
    clientFloorMs: context.clientFloorMs,
    ...transactionOf(samples, context),
    buffers: { mean, meanRead, queries: buffers.length, quantiles: [...estimateQuantiles(buffers, [0.5, 0.95])] },
    cache,
    warmUp: samples.warmUp && { ...samples.warmUp },
    samples: {
      blockQueries: schedule.blockQueries,
      latencyMs: encodeFloat32(samples.latenciesMs),
      hits: encodeUint16(hits),
      strictHits: encodeUint16(strictHits),
      expected: encodeUint16(expected),
      returned: encodeUint16(returned),
    },
    ...extra,
  };
}

function transactionOf({ settings }: ArmSamples, { transactionMs }: PointContext): Pick<Measured, 'transactionMs'> {
  const median = estimateQuantiles(transactionMs, [0.5])[0]?.estimate;
  if (!median) return {};
  const begin = 1;
  const commit = 1;
  return {
    transactionMs: { n: transactionMs.length, median, statements: begin + Object.keys(settings).length + commit },
  };
}

function completenessTenths(...answers: Parameters<typeof completenessHistogram>): Partial<Measured['completeness']> {
  const { tenths, empty } = completenessHistogram(...answers);
  return { tenths: [...tenths], empty };
}

const toPlanCache = ({ mode, counts, generic, custom }: PlanCacheLook): PlanCache => ({
  mode,
  genericPlans: counts?.generic ?? null,
  customPlans: counts?.custom ?? null,
  generic,
  custom,
});
