import { studentQuantile } from '../../analysis/index.js';

/*
 * Two builds of the same specification are two graphs, or two clusterings: their figures differ though nothing changed.
 * Where runs built an index several times, that spread is estimated from them; a belief stands in for what they lack.
 */

/** Figures of several builds of one specification, measured with the same settings and queries. */
export type Builds = readonly number[];

/** How far two means over builds may be apart by the chance of the builds alone. */
export interface BuildSpread {
  /** Standard deviation between builds. */
  readonly sd: number;
  /** Degrees of freedom of the estimate. */
  readonly degrees: number;
}

/** Degrees of freedom of the belief: it comes from six builds of HNSW 16/64 on 32,074 rows, each asked 1,000 queries. */
const BELIEF = 5;

/**
 * Standard deviation of recall between builds over √(r·(1 − r)), beyond what the queries show by themselves: one graph
 * misses other rows than the next, so paired queries differ nearly as much as the builds do. Seen: 0.000 to 0.0075.
 */
const RECALL = 0.004;

/** Relative standard deviation of the mean work of fifty queries between builds. Seen: 0.004 to 0.022. */
const WORK_OF_FIFTY = 0.012;

/** @param method of the index; an exact scan has no builds that differ */
export const believedRecallSd = (method: string, recall: number): number =>
  method === 'none' ? 0 : RECALL * Math.sqrt(Math.max(0, recall * (1 - recall)));

/** @param queries whose work was counted */
export const believedWorkSd = (method: string, queries: number): number =>
  method === 'none' ? 0 : WORK_OF_FIFTY * Math.sqrt(50 / queries);

/**
 * The belief and what the builds of both runs show, pooled.
 *
 * @param observed sets of builds; those of one alone show nothing
 */
export function spreadOfBuilds(believedSd: number, observed: readonly Builds[]): BuildSpread {
  if (believedSd === 0) return { sd: 0, degrees: BELIEF };
  let squares = BELIEF * believedSd ** 2;
  let degrees = BELIEF;
  for (const builds of observed) {
    const mean = builds.reduce((sum, value) => sum + value, 0) / builds.length;
    squares += builds.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    degrees += builds.length - 1;
  }
  return { sd: Math.sqrt(squares / degrees), degrees };
}

/** Half of the 95 % interval of the difference of two means over so many builds, by the chance of the builds. */
export const halfWidthOf = ({ sd, degrees }: BuildSpread, base: number, candidate: number): number =>
  studentQuantile(0.975, degrees) * sd * Math.sqrt(1 / base + 1 / candidate);
