import type { Search } from '../results/index.js';
import { buffersAt, explore, type Explored } from './explore.js';
import { relativeCost } from './goal.js';
import type { Screened, Screening } from './screen.js';
import type { Split } from './split.js';
import type { Space } from './space.js';

/**
 * What the search of one target may spend on building, in builds of the control on all rows: a build on a part of them
 * counts as that part, and one that takes longer or shorter as so much more or less.
 */
const BUDGET = 3;
/** Indexes that are built on all rows beside the control. */
const MOST = 3;
/** A build that is expected to save less of the work of a query than this is not made. */
const WORTH = 0.01;
/** Error of a prediction from a subset: standard deviation of the logarithm of the ratio. */
const ERROR = { sameMethod: 0.07, otherMethod: 0.3 };

/** What building an index takes, over what the control takes, as far as a subset can tell. */
function effort({ explored }: Screened, { screened: [base] }: Screening): number {
  const ratio = explored.build.seconds / (base?.explored.build.seconds ?? 0);
  return ratio > 0 && Number.isFinite(ratio) ? Math.max(ratio, LEAST_EFFORT) : 1;
}

/** Below this a ratio of two short times says little. */
const LEAST_EFFORT = 0.1;

/**
 * Builds the most promising indexes on all rows, one after the other, for as long as what the next is expected to save
 * is worth a build: the mean of what it would save over what it may turn out to cost.
 */
export function* promote(
  space: Space,
  {
    control,
    screening,
    aim,
    split,
  }: { readonly control: Explored; readonly screening: Screening; readonly aim: number; readonly split: Split },
): Search<readonly Explored[]> {
  const goal = space.target.minimise ?? 'p95';
  const own = buffersAt(control, aim);
  const promoted: Explored[] = [];
  const waiting = screening.screened
    .filter(({ family }) => family !== control.family)
    .toSorted((a, b) => a.ratio - b.ratio);
  let best = Number.isFinite(own) ? 1 : Infinity;
  const share = (screening.rows ?? 0) / space.rows;
  let spent = 1 + screening.screened.reduce((sum, one) => sum + share * effort(one, screening), 0);
  for (const next of waiting) {
    if (next.ratio === Infinity || promoted.length === MOST) break;
    const affordable = spent + effort(next, screening) <= BUDGET;
    const worth = best === Infinity || expectedSaving(next, best, control) >= WORTH;
    // One rival there is always where it can be had, to be compared with; beyond the budget, only for its own sake.
    if (promoted.length > 0 ? !(worth && affordable) : !(worth || affordable)) continue;
    spent += effort(next, screening);
    const explored = yield* explore(space, {
      family: next.family,
      aim,
      first: firstValue(next, { control, screening }),
      queries: split.search,
      // Buffers of one method are not those of another.
      limit: next.family.spec.method === control.family.spec.method ? own * Math.min(best, 1) : Infinity,
    });
    promoted.push(explored);
    const cost = relativeCost(goal, { one: explored, other: control, recall: aim, size: space });
    if (cost < best) best = cost;
  }
  return promoted;
}

/** E[max(0, 1 − c/best)] where c is log-normal about the predicted ratio. */
export function expectedSaving({ ratio, family }: Screened, best: number, control: Explored): number {
  const sd = family.spec.method === control.family.spec.method ? ERROR.sameMethod : ERROR.otherMethod;
  let sum = 0;
  for (const quantile of NORMAL_DECILES) sum += Math.max(0, 1 - (ratio / best) * Math.exp(sd * quantile));
  return sum / NORMAL_DECILES.length;
}

/** Middles of the ten tenths of the standard normal. */
const NORMAL_DECILES = [-1.645, -1.036, -0.674, -0.385, -0.126, 0.126, 0.385, 0.674, 1.036, 1.645];

/** On all rows an index needs as many times its value on the subset as the control does. */
function firstValue(
  { explored, family }: Screened,
  { control, screening }: { readonly control: Explored; readonly screening: Screening },
): number {
  const there = explored.reached?.value ?? 0;
  if (family.spec.method !== control.family.spec.method) {
    return there * Math.sqrt((family.spec.parameters['lists'] ?? 1) / (explored.family.spec.parameters['lists'] ?? 1));
  }
  const base = screening.screened[0]?.explored.reached?.value ?? 1;
  return (there * (control.reached?.value ?? base)) / base;
}
