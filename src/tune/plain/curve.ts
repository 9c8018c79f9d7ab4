import { isotonic, normalCdf, normalQuantile } from '../../analysis/index.js';
import type { Observation } from './observe.js';

/*
 * The curve of one build: the probit of recall is nearly linear in the logarithm of the knob over a few doublings, and
 * the work is nearly linear in the knob. Used to choose what to look at next, never to conclude.
 */

/** Recall 1 of n queries has no probit; it is taken for half a query lost. */
export function probit(recall: number, queries: number): number {
  const least = 0.5 / queries;
  return normalQuantile(Math.min(Math.max(recall, least), 1 - least));
}

/** The recall that lies `shift` beside another one on the probit scale. */
export const shiftRecall = (recall: number, shift: number): number => normalCdf(normalQuantile(recall) + shift);

export interface CurveEstimate {
  /** Value of the knob, not rounded. */
  readonly value: number;
  readonly buffers: number;
}

/**
 * Where a build reaches `recall`, between the observations around it; beyond them along the nearest two, if only a
 * little. Null when it was not looked at, or too far from there.
 */
export function estimateAt(observations: readonly Observation[], recall: number): CurveEstimate | null {
  const sorted = observations.toSorted((a, b) => a.value - b.value);
  const recalls = isotonic(
    sorted.map((one) => one.recall),
    sorted.map((one) => one.queries),
  );
  const queries = Math.max(1, ...sorted.map((one) => one.queries));
  const wanted = probit(recall, queries);
  const heights = recalls.map((value) => probit(value, queries));
  const above = heights.findIndex((height) => height >= wanted);
  // The least value that the knob may take reaches more than is wanted: there is nothing cheaper.
  if (above === 0) return { value: sorted[0]!.value, buffers: sorted[0]!.buffers };
  if (above === -1) return null;
  const left = sorted[above - 1]!;
  const right = sorted[above]!;
  const share = (wanted - heights[above - 1]!) / (heights[above]! - heights[above - 1]!);
  const between = (a: number, b: number): number => Math.exp(Math.log(a) + share * (Math.log(b) - Math.log(a)));
  return { value: between(left.value, right.value), buffers: between(left.buffers, right.buffers) };
}
