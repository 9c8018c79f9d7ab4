import {
  askTogether,
  type BuildRecord,
  type FilterAnswer,
  type FilteredAnswer,
  type Measured,
  type PointRecord,
  release,
  type Search,
} from '../../results/index.js';
import type { FilteredCase } from '../../workloads/index.js';
import type { Goal } from '../plain/goal.js';
import type { Place } from '../shared/cheapest-settings.js';
import { pagesOf } from '../shared/constraints.js';
import { candidatesOf, lastUses, nameOf } from './candidates.js';
import { findChanges } from './changes.js';
import { type Concluded, concludeCase, concludeRows } from './conclude.js';
import { type Exploration, exploreCandidate, type Memory, workOf } from './explore.js';
import type { Explored } from './explored.js';
import type { FilteredSpace } from './space.js';

/** Work beyond this many times the best is not looked at again, unless fewer pages say that it was a bad moment. */
const FINAL_RATIO = 2;
/**
 * Finds the cheapest strategy, and its cheapest settings, for each filter. Exact strategies come first: they always
 * reach the target, and bound what an approximate one may cost. What is worth it is then measured side by side.
 *
 * Indexes over the whole table serve all filters. Those that are made for a filter's values go when no later filter
 * needs the same, unless they are the best of some filter: what they add to an INSERT is still to be asked.
 */
export function* tuneFiltered(space: FilteredSpace): Search<FilteredAnswer> {
  const builds = new Map<string, BuildRecord>();
  const places = new Map<string, Place>();
  const lastUse = lastUses(space);
  const concluded: Concluded[] = [];
  const allBuilds = new Map<string, BuildRecord>();

  for (const [number, asked] of space.cases.entries()) {
    concluded.push(yield* exploreCase(space, asked, { builds, places, allBuilds }));
    const kept = new Set(concluded.flatMap(({ answer }) => buildsOfBest(answer)));
    for (const [request, last] of lastUse) {
      const build = builds.get(request);
      if (last !== number || !build || kept.has(build.key)) continue;
      yield* release(build.key);
      builds.delete(request);
    }
  }
  return concludeRows(space, concluded, yield* findChanges(concluded, allBuilds));
}

/** Keys of the builds of a filter's best option. */
export const buildsOfBest = ({ options, best }: FilterAnswer): readonly string[] =>
  best === null ? [] : options[best]!.builds;

function* exploreCase(space: FilteredSpace, asked: FilteredCase, memory: Memory): Search<Concluded> {
  const { minimise } = space.target;
  const explored: Explored[] = [];
  let best: Measured | null = null;
  let today: PointRecord | null = null;
  for (const candidate of candidatesOf(space, asked)) {
    if (asked.cell !== null && space.seldom.includes(candidate.strategy.name)) {
      // Where sorting all rows that match is quicker than a graph of just these rows, a partition is no quicker either.
      if (isExactBest(explored, minimise) || memory.places.has(nameOf(candidate))) continue;
    }
    const found: Exploration = yield* exploreCandidate(space, { asked, candidate, memory, best });
    explored.push(found.explored);
    const { option, measured } = found.explored;
    const isReached = option.outcome === 'reaches' && measured !== null;
    if (isReached && (!best || workOf(minimise, measured) < workOf(minimise, best))) best = measured;
    if (candidate.strategy.name === 'post-filter' && candidate.spec === space.specs[0]) today = found.tried[0] ?? null;
  }
  const competes = (measured: Measured | null): boolean =>
    measured !== null &&
    best !== null &&
    // What indexes take themselves is known, and no reason to leave one out.
    (minimise === 'index_bytes' ||
      minimise === 'build_seconds' ||
      workOf(minimise, measured) <= FINAL_RATIO * workOf(minimise, best) ||
      pagesOf(measured) <= pagesOf(best));
  const finals = explored.flatMap(({ final, measured }) => (final && competes(measured) ? [final] : []));
  const confirmed = finals.length > 0 ? yield* askTogether('point', finals) : [];
  return concludeCase(space, asked, { explored, finals, confirmed, today, builds: memory.allBuilds });
}

/** Whether the quickest that reaches the target so far is an exact strategy, although approximate ones were looked at. */
function isExactBest(explored: readonly Explored[], goal: Goal): boolean {
  const reaching = explored.filter(({ option }) => option.outcome === 'reaches');
  const work = ({ measured }: Explored): number => (measured ? workOf(goal, measured) : Infinity);
  const best = reaching.toSorted((a, b) => work(a) - work(b))[0];
  return best !== undefined && !best.strategy.isApproximate;
}
