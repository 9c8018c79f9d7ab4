import {
  encodeFloat32,
  encodeUint16,
  estimateMean,
  pointFindings,
  summariseLatency,
  summariseRecall,
} from '../analysis/index.js';
import type { Dataset } from '../datasets/index.js';
import { distance, judge, type Truth } from '../exact/index.js';
import type { ArmLoss, ArmSamples, Schedule } from '../measure/index.js';
import type { Measured, PointRecord, PointRequest } from '../results/index.js';
import { pointKey } from './keys.js';

export interface PointContext {
  readonly dataset: Dataset;
  /** Exact neighbours of the run's queries, in the run's order. */
  readonly truth: Truth;
  /** Numbers of the run's queries in the dataset. */
  readonly order: readonly number[];
  readonly schedule: Schedule;
  readonly clientFloorMs: number;
  readonly cache: string;
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
  };
  if (outcome.status !== 'ok') {
    return { ...record, status: outcome.status, reason: outcome.reason, measured: null, findings: [] };
  }
  const measured = toMeasured(outcome, context);
  return { ...record, status: 'ok', reason: null, measured, findings: [...pointFindings(measured)] };
}

function toMeasured(samples: ArmSamples, context: PointContext): Measured {
  const { dataset, truth, order, schedule } = context;
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
    recall,
    completeness,
    latencyMs: summariseLatency(samples.latenciesMs, { blockSize: schedule.blockQueries }),
    clientFloorMs: context.clientFloorMs,
    buffers: {
      mean: estimateMean(buffers),
      meanRead: samples.buffersRead.reduce((sum, read) => sum + read, 0) / Math.max(1, buffers.length),
      queries: buffers.length,
    },
    cache: context.cache,
    samples: {
      blockQueries: schedule.blockQueries,
      latencyMs: encodeFloat32(samples.latenciesMs),
      hits: encodeUint16(hits),
      strictHits: encodeUint16(strictHits),
      returned: encodeUint16(returned),
    },
  };
}

function queryVector({ queries }: Dataset, query: number): Float32Array {
  return queries.values.subarray(query * queries.dimensions, (query + 1) * queries.dimensions);
}
