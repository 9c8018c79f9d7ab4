import type { Demand, Way } from './demand.js';

/** What has to be known of a build to choose it. */
export interface BuildFacts {
  readonly bytes: number;
  /** A vector index over the whole table: of two the planner would take the one that it thinks cheaper, for every query. */
  readonly isWholeVector: boolean;
}

/**
 * What more indexes have to bring: so much of the geometric mean of the workloads' times. Less is not worth what each of
 * them costs at every INSERT, and in every plan.
 */
const LEAST_GAIN = 0.05;

/**
 * Chooses indexes to stand together for all workloads: begins with those that must, and adds the ones of a further way
 * as long as they make queries quicker by enough on the average (of the ratios to each workload's best). Of vector
 * indexes over the whole table there is at most one.
 *
 * @param required keys of builds that are there in any case
 */
export function chooseBuilds(
  demands: readonly Demand[],
  facts: ReadonlyMap<string, BuildFacts>,
  required: readonly string[],
): readonly string[] {
  let chosen = new Set(required);
  for (;;) {
    const now = scoreOf(demands, chosen);
    const better = demands
      .flatMap(({ ways }) => ways)
      .map((way) => new Set([...chosen, ...way.builds]))
      .filter((builds) => builds.size > chosen.size && wholeVectors(builds, facts) <= 1)
      .map((builds) => ({ builds, score: scoreOf(demands, builds), bytes: bytesOf(builds, facts) }))
      .filter(({ score }) => score.unserved < now.unserved || score.excess < now.excess - LEAST_GAIN)
      .toSorted((a, b) => a.score.unserved - b.score.unserved || a.score.excess - b.score.excess || a.bytes - b.bytes);
    if (!better[0]) return [...chosen];
    chosen = better[0].builds;
  }
}

const wholeVectors = (builds: ReadonlySet<string>, facts: ReadonlyMap<string, BuildFacts>): number =>
  [...builds].filter((key) => facts.get(key)?.isWholeVector).length;

const bytesOf = (builds: ReadonlySet<string>, facts: ReadonlyMap<string, BuildFacts>): number =>
  [...builds].reduce((sum, key) => sum + (facts.get(key)?.bytes ?? 0), 0);

/** Whether a way finds all of its indexes among these. */
export const isPossible = ({ builds }: Way, among: ReadonlySet<string>): boolean =>
  builds.every((key) => among.has(key));

interface Score {
  readonly unserved: number;
  /** Mean logarithm of the ratio of each workload's time to its least one, of those that are served. */
  readonly excess: number;
}

function scoreOf(demands: readonly Demand[], builds: ReadonlySet<string>): Score {
  const excesses = demands.flatMap(({ ways }) => {
    const possible = ways.filter((way) => isPossible(way, builds)).map(({ cost }) => cost);
    const least = Math.min(...ways.map(({ cost }) => cost));
    return possible.length === 0 ? [] : [Math.log(Math.min(...possible) / least)];
  });
  return {
    unserved: demands.length - excesses.length,
    excess: excesses.reduce((sum, excess) => sum + excess, 0) / Math.max(1, excesses.length),
  };
}
