import { latencyQuantile } from '../../analysis/index.js';
import type { BuildRecord, Measured, Quantile } from '../../results/index.js';
import { indexKind } from '../../indexes/index.js';
import type { Target } from '../../vocabulary.js';
import { indexBytes } from '../common/constraints.js';
import { buffersAt, type Explored } from './explore.js';
import { predictedBytes, type Size } from './prior.js';

/** What is to be least among all that meets the target. */
export type Goal = Target['minimise'];

/** What a goal says of a point: less is better, and two whose intervals overlap cannot be told apart. */
export interface Cost {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const certain = (value: number): Cost => ({ value, low: value, high: value });
const UNKNOWN: Cost = { value: Infinity, low: 0, high: Infinity };

const ofQuantile = (quantile: Quantile | undefined): Cost =>
  quantile?.estimate
    ? { value: quantile.estimate.value, low: quantile.estimate.low ?? 0, high: quantile.estimate.high ?? Infinity }
    : UNKNOWN;

/**
 * The cost of a point that was measured beside its rivals. Where too few samples were taken for a 95th percentile, the
 * median stands for it. The most queries a second is the least mean time of one, for as long as no session waits for
 * another; the sweep over clients shows how long that is.
 */
export function costOf(goal: Goal, build: BuildRecord, measured: Measured): Cost {
  switch (goal) {
    case 'p95': {
      const p95 = latencyQuantile(measured, 0.95);
      return ofQuantile(p95?.estimate ? p95 : latencyQuantile(measured, 0.5));
    }
    case 'throughput': {
      const { mean, meanInterval } = measured.latencyMs;
      return { value: mean, low: meanInterval?.low ?? 0, high: meanInterval?.high ?? Infinity };
    }
    case 'buffers':
      return certain(measured.buffers.mean.value);
    case 'index_bytes':
      return certain(indexBytes(build));
    case 'build_seconds':
      return certain(build.seconds);
  }
}

/**
 * What an index costs over another at the same recall, from what was seen of both on the same rows. Work is compared in
 * buffers, which do not depend on the machine; but a buffer of one method is worth another time than one of another.
 */
export function relativeCost(
  goal: Goal,
  {
    one,
    other,
    recall,
    size,
  }: { readonly one: Explored; readonly other: Explored; readonly recall: number; readonly size: Size },
): number {
  const work = buffersAt(one, recall) / buffersAt(other, recall);
  if (!Number.isFinite(work) || goal === 'buffers') return work;
  switch (goal) {
    case 'index_bytes':
      return [one, other].every(({ family }) => indexKind(family.spec.method).model !== null)
        ? predictedBytes(one.family.spec, size) / predictedBytes(other.family.spec, size)
        : indexBytes(one.build) / indexBytes(other.build);
    case 'build_seconds':
      return one.build.seconds / other.build.seconds;
    case 'p95':
    case 'throughput':
      return one.family.spec.method === other.family.spec.method
        ? work
        : work * (msPerBuffer(one) / msPerBuffer(other));
  }
}

function msPerBuffer({ observations }: Explored): number {
  const prices = observations.map(({ medianMs, buffers }) => medianMs / buffers).sort((a, b) => a - b);
  return prices[prices.length >> 1] ?? 1;
}
