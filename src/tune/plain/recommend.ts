import { rowsOfIndex } from '../../indexes/index.js';
import type { CostComparison, Ground, Upkeep } from '../../results/index.js';
import type { Target } from '../../vocabulary.js';
import { type Candidate, pagesOf } from '../common/constraints.js';
import { predictedTableBytes } from './prior.js';
import { isDefaultBuild, type Space } from './space.js';
import { compareCost, compareCosts, upkeepOf } from './compare-costs.js';
import { costOf, type Goal } from './goal.js';

/** What ties are broken by, beside the goal. */
export interface TieBreak<C extends Candidate = Candidate> {
  /** Of the table without its indexes. */
  readonly tableBytes: number;
  /** pgvector's default build: nobody has to know why it is as it is. */
  readonly isDefault: (candidate: C) => boolean;
}

export const tieBreakOf = (space: Space): TieBreak => ({
  tableBytes: predictedTableBytes(space),
  isDefault: ({ build }) => isDefaultBuild(build.request.spec, rowsOfIndex(space)),
});

/**
 * Candidates that meet the target, best first. The cheapest by the goal leads; but those whose cost is shown to be
 * equivalent to its own are its equals, or who do less work where times are too noisy to decide; and among equals the one
 * wins that takes least beside.
 */
export function pickBest<C extends Candidate>(feasible: readonly C[], goal: Goal, tie: TieBreak<C>): readonly C[] {
  const rest = [...feasible];
  const ranked: C[] = [];
  while (rest.length > 0) {
    const cheapest = cheapestOf(rest, goal);
    const best = leastUpkeep(equalsOf(rest, cheapest, goal), tie);
    ranked.push(best);
    rest.splice(rest.indexOf(best), 1);
  }
  return ranked;
}

/**
 * Those whose cost is shown to be equivalent to that of the cheapest. Where times decide nothing, buffers do within a method, by
 * the same margin: more of them never took less time.
 */
function equalsOf<C extends Candidate>(rest: readonly C[], cheapest: C, goal: Goal): readonly C[] {
  const compared = compareCosts(rest, cheapest, goal);
  const { method } = cheapest.build.request.spec;
  const isOpen = (one: C, i: number): boolean =>
    one === cheapest || (compared[i]!.verdict === 'undecided' && one.build.request.spec.method === method);
  const least = Math.min(...rest.filter(isOpen).map(({ measured }) => pagesOf(measured)));
  return rest.filter(
    (one, i) =>
      one === cheapest ||
      compared[i]!.verdict === 'equivalent' ||
      (isOpen(one, i) && pagesOf(one.measured) <= (1 + compared[i]!.margin) * least),
  );
}

/** By the ratios of costs, which are better known than the costs. */
function cheapestOf<C extends Candidate>(candidates: readonly C[], goal: Goal): C {
  const [base] = candidates as readonly [C, ...C[]];
  const ratios = compareCosts(candidates, base, goal).map(({ ratio }) => ratio);
  const cost = ({ build, measured }: Candidate, i: number): number =>
    ratios.every((ratio) => ratio !== null) ? ratios[i]! : costOf(goal, build, measured).value;
  return candidates
    .map((candidate, i) => ({ candidate, cost: cost(candidate, i) }))
    .reduce((a, b) => (b.cost < a.cost ? b : a)).candidate;
}

/** How much of an index's upkeep makes up for as much more work of a query, in logarithms. */
const WEIGHTS = { storage: 0.5, build: 0.25 };
/** The default build is left for something that takes less by a tenth of the work of a query, or what makes up for it. */
const WORTH_LEAVING = 0.1;

/**
 * Work and upkeep as one figure, so that the order has no circles; less is better. 6 % fewer buffers make up neither for 6
 * times the build nor for 40 % of the index.
 *
 * @param tableBytes of the table without its indexes
 */
export const burdenOf = ({ buffers, indexBytes, buildSeconds }: Upkeep, tableBytes: number): number =>
  Math.log(buffers) + WEIGHTS.storage * Math.log(tableBytes + indexBytes) + WEIGHTS.build * Math.log(1 + buildSeconds);

function leastUpkeep<C extends Candidate>(equals: readonly C[], { tableBytes, isDefault }: TieBreak<C>): C {
  const burden = (candidate: C): number =>
    burdenOf(upkeepOf(candidate), tableBytes) - (isDefault(candidate) ? WORTH_LEAVING : 0);
  return equals.reduce((a, b) => (burden(b) < burden(a) ? b : a));
}

/** Why the best is the best; what it is, is beside it. */
export function groundsOf(
  best: Candidate | undefined,
  second: Candidate | undefined,
  { target, goal, tie }: { readonly target: Target; readonly goal: Goal; readonly tie: TieBreak },
): readonly Ground[] {
  if (!best) {
    const { recall, minimise: _, ...bounds } = target;
    return [{ code: 'nothing-reaches', data: { recall, areBoundsAsked: Object.keys(bounds).length > 0 } }];
  }
  if (!second) return [{ code: 'nothing-else-meets', data: {} }];
  const comparison: CostComparison = compareCost(second, best, goal);
  const runnerUp: Ground = { code: 'runner-up', data: { comparison } };
  const isTie = comparison.verdict === 'equivalent' && tie.isDefault(best);
  return isTie ? [runnerUp, { code: 'default-preferred', data: {} }] : [runnerUp];
}
