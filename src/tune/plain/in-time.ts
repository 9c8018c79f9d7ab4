import type { Search } from '../../results/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import { hasTime } from '../common/budget.js';
import { secondsToBuild } from '../common/time-to-build.js';
import type { Explored } from './explore.js';
import type { Space } from './space.js';
import type { Split } from './split.js';

/*
 * What fits into the time that is left. Where the time is not bounded, everything does, and nothing is asked for it.
 */

/** Whether there is time for a build beside what is reserved; what there is none for is named. */
export function* hasTimeToBuild({ budget, rows }: Space, spec: IndexSpec, reserved: number): Search<boolean> {
  if (!budget) return true;
  const seconds = yield* secondsToBuild(budget, { spec, repeat: 0 }, rows);
  if (hasTime(budget, seconds, reserved)) return true;
  budget.omit({ code: 'build', data: { spec, seconds, leftSeconds: Math.max(0, budget.left() - reserved) } });
  return false;
}

/** Looks at one index until its recall is shown; the last of them with all queries. */
const LOOKS = { few: 4, all: 1 };
const FEW_QUERIES = 1000;
/** Round trips of a point in the final comparison, at least; its warm-up comes to as many. */
const TIMED = 2 * 1000;
/** Of a point: explaining, checking, the floor. */
const SECONDS_BESIDE = 0.5;

/**
 * Seconds until indexes that were built and looked at have their recall shown and are compared side by side: what has to be
 * kept for an answer that rests on measurements.
 *
 * @param more indexes that are still to be built, each as slow as the slowest
 */
export function secondsToConfirm(
  { workload: { k }, timed }: Pick<Space, 'workload' | 'timed'>,
  {
    explored,
    split,
    more = 0,
  }: { readonly explored: readonly Explored[]; readonly split: Split; readonly more?: number },
): number {
  const queries = split.validation.count;
  const asked = LOOKS.few * Math.min(queries, FEW_QUERIES) + LOOKS.all * queries + Math.max(TIMED, timed);
  const each = explored.map(({ reached, observations }) => {
    const { medianMs } = reached ?? observations.at(-1) ?? { medianMs: k };
    return (asked * medianMs) / 1000 + (LOOKS.few + LOOKS.all + 1) * SECONDS_BESIDE;
  });
  return each.reduce((sum, seconds) => sum + seconds, 0) + more * Math.max(SECONDS_BESIDE, ...each);
}

/** Whether there is time for what adds to an answer; what there is none for is named. */
export function isInTime(
  { budget }: Space,
  code: 'confidence-price' | 'cold-caches' | 'load' | 'writes',
  seconds: number,
  reserved = 0,
): boolean {
  if (hasTime(budget, seconds, reserved)) return true;
  budget?.omit({ code, data: { seconds, leftSeconds: Math.max(0, budget.left() - reserved) } });
  return false;
}
