import type { Unmet } from '../../results/index.js';
import type { Target } from '../../vocabulary.js';
import type { Demand, Way } from './demand.js';

/** What has to be known of a build to choose it. */
export interface BuildFacts {
  /** Of the index, and of the copy of the table that it is on. */
  readonly bytes: number;
  readonly seconds: number;
  /** It is on a copy of the table, which has to be kept like it. */
  readonly isCopy: boolean;
  /** A vector index over the whole table: of two the planner would take the one that it thinks cheaper, for every query. */
  readonly isWholeVector: boolean;
}

/**
 * What more indexes have to bring: so much of the geometric mean of the workloads' costs. Less is not worth what each of
 * them costs at every INSERT, and in every plan.
 */
const LEAST_GAIN = 0.05;
/** A copy of the table is every row twice, and another write for each of theirs: it has to bring far more. */
const LEAST_GAIN_OF_COPY = 0.5;

/** What the target says of a set of indexes: its bounds are about all of them together. */
export type Wanted = Pick<Target, 'minimise' | 'indexBytes' | 'buildSeconds'>;

/**
 * Chooses indexes to exist together for all workloads: begins with those that must, and adds the ones of a further way
 * as long as they make queries cheaper by enough on the average (of the ratios to each workload's best). Where the target
 * minimises what indexes take themselves, only those are added that a workload cannot be served without. Of vector
 * indexes over the whole table there is at most one, and all of them are within the bounds of the target.
 *
 * @param required keys of builds that are there in any case
 */
export function chooseBuilds(
  demands: readonly Demand[],
  facts: ReadonlyMap<string, BuildFacts>,
  required: readonly string[],
  wanted: Wanted,
): readonly string[] {
  const { minimise } = wanted;
  const isOfIndexes = minimise === 'index_bytes' || minimise === 'build_seconds';
  const upkeep = minimise === 'build_seconds' ? 'seconds' : 'bytes';
  let chosen = new Set(required);
  for (;;) {
    const now = scoreOf(demands, chosen);
    const better = demands
      .flatMap(({ ways }) => ways)
      .map((way) => new Set([...chosen, ...way.builds]))
      .filter((builds) => builds.size > chosen.size && wholeVectors(builds, facts) <= 1)
      .filter((builds) => unmetBySet(builds, facts, wanted).length === 0)
      .map((builds) => {
        const { unserved, excess } = scoreOf(demands, builds);
        const isCopied = [...builds].some((key) => !chosen.has(key) && facts.get(key)?.isCopy);
        return {
          builds,
          unserved,
          excess: isOfIndexes ? 0 : excess,
          upkeep: sumOf(builds, facts, upkeep),
          gain: isCopied ? LEAST_GAIN_OF_COPY : LEAST_GAIN,
        };
      })
      .filter(({ unserved, excess, gain }) => unserved < now.unserved || (!isOfIndexes && excess < now.excess - gain))
      .toSorted((a, b) => a.unserved - b.unserved || a.excess - b.excess || a.upkeep - b.upkeep);
    if (!better[0]) return [...chosen];
    chosen = better[0].builds;
  }
}

/** The bounds of the target that these indexes exceed together. */
export function unmetBySet(
  builds: Iterable<string>,
  facts: ReadonlyMap<string, BuildFacts>,
  { indexBytes, buildSeconds }: Wanted,
): readonly Unmet[] {
  const keys = new Set(builds);
  const [bytes, seconds] = [sumOf(keys, facts, 'bytes'), sumOf(keys, facts, 'seconds')];
  return [
    ...(indexBytes !== undefined && bytes > indexBytes
      ? [{ code: 'index_size' as const, data: { bytes, bound: indexBytes } }]
      : []),
    ...(buildSeconds !== undefined && seconds > buildSeconds
      ? [{ code: 'build_time' as const, data: { seconds, bound: buildSeconds } }]
      : []),
  ];
}

const wholeVectors = (builds: ReadonlySet<string>, facts: ReadonlyMap<string, BuildFacts>): number =>
  [...builds].filter((key) => facts.get(key)?.isWholeVector).length;

const sumOf = (builds: ReadonlySet<string>, facts: ReadonlyMap<string, BuildFacts>, of: 'bytes' | 'seconds'): number =>
  [...builds].reduce((sum, key) => sum + (facts.get(key)?.[of] ?? 0), 0);

/** Whether a way finds all of its indexes among these. */
export const isPossible = ({ builds }: Way, among: ReadonlySet<string>): boolean =>
  builds.every((key) => among.has(key));

interface Score {
  readonly unserved: number;
  /** Mean logarithm of the ratio of each workload's cost to its least one, of those that are served. */
  readonly excess: number;
}

function scoreOf(demands: readonly Demand[], builds: ReadonlySet<string>): Score {
  const excesses = demands.flatMap(({ ways }) => {
    const possible = ways.filter((way) => isPossible(way, builds)).map(({ cost }) => cost);
    const least = Math.min(...ways.map(({ cost }) => cost));
    return possible.length === 0 ? [] : [least > 0 ? Math.log(Math.min(...possible) / least) : 0];
  });
  return {
    unserved: demands.length - excesses.length,
    excess: excesses.reduce((sum, excess) => sum + excess, 0) / Math.max(1, excesses.length),
  };
}
