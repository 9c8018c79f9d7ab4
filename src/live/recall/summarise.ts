import {
  encodeFloat32,
  encodeUint16,
  estimateMean,
  estimateQuantiles,
  histogramOf,
  recallPerQuery,
  summariseLatency,
  summariseRecall,
} from '../../analysis/index.js';
import type { Estimate } from '../../results/index.js';
import type { Comparison } from './compare.js';
import { boundedMean } from './judge.js';
import type { LiveMeasured } from './report.js';
import { BLOCK_QUERIES, type TimedArm } from './run.js';

/** How many of the worst queries are named. */
const WORST = 5;

/** @param target recall that queries are counted by; absent: they are not counted */
export function summarise(
  timed: TimedArm,
  { queries, vanished, exactPlan }: Comparison,
  target: number | undefined,
): Omit<LiveMeasured, 'clock' | 'clientFloorMs' | 'vectors'> {
  const answers = {
    hits: queries.map(({ hits }) => hits),
    strictHits: queries.map(({ strictHits }) => strictHits),
    returned: queries.map(({ returned }) => returned),
    expected: queries.map(({ expected }) => expected),
    distanceRatios: queries.map(({ distanceRatio }) => distanceRatio),
  };
  const told = queries.flatMap(({ duplicate }) => (duplicate === null ? [] : [duplicate]));
  const buffers = timed.buffersHit.map((hit, i) => hit + timed.buffersRead[i]!);
  const latency = (times: Float64Array) => ({
    ...summariseLatency(times, { blockSize: BLOCK_QUERIES, queries: queries.length }),
    histogram: histogramOf(times),
  });
  return {
    ...summariseRecall(answers),
    shareReached: target === undefined ? null : shareFrom(recallPerQuery(answers), target),
    mostReturned: Math.max(...queries.map(({ answered }) => answered)),
    latencyMs: { first: latency(timed.first), again: latency(timed.again) },
    serverMs: {
      n: timed.serverMs.length,
      median: estimateQuantiles(timed.serverMs, [0.5])[0]?.estimate ?? null,
    },
    buffers: {
      mean: estimateMean(buffers),
      meanRead: timed.buffersRead.reduce((sum, read) => sum + read, 0) / buffers.length,
      queries: buffers.length,
    },
    rowsRemoved: estimateMean(timed.rowsRemoved),
    exactPlan,
    duplicateShare: told.length === 0 ? null : told.filter(Boolean).length / told.length,
    vanished,
    worst: queries
      .filter(({ expected }) => expected > 0)
      .map(({ label, hits, expected, returned }) => ({ query: label, recall: hits / expected, returned }))
      .filter(({ recall }) => recall < 1)
      .sort((a, b) => a.recall - b.recall)
      .slice(0, WORST),
    samples: {
      blockQueries: BLOCK_QUERIES,
      firstMs: encodeFloat32(timed.first),
      againMs: encodeFloat32(timed.again),
      hits: encodeUint16(answers.hits),
      strictHits: encodeUint16(answers.strictHits),
      returned: encodeUint16(answers.returned),
      expected: encodeUint16(answers.expected),
    },
  };
}

/** Share of the values that are at least so large, with its interval. */
const shareFrom = (values: Float64Array, least: number): Estimate =>
  boundedMean(Float64Array.from(values, (value) => (value >= least ? 1 : 0)));
