import { ask, planInstead, type Search } from '../../results/index.js';
import type { LostLook } from './find-settings.js';
import type { Question } from './observe.js';
import { settingsOf } from './settings-of.js';
import type { Candidates, Family } from './space.js';

/**
 * The values of a knob that are left after a look that was lost. Where the planner took another plan, it is asked for its
 * plan at each of them: as the knob grows it may come back to the index (ef_search 40 the index, 100 the table, 200 the
 * index again). Of any other loss is only known that what asks for more work fails as well.
 *
 * @param values that were left before, ascending
 */
export function* servedValues(
  { build, workload }: Pick<Question, 'build' | 'workload'>,
  {
    family,
    candidates,
    values,
    lost,
  }: {
    readonly family: Family;
    readonly candidates: Candidates;
    readonly values: readonly number[];
    readonly lost: LostLook;
  },
): Search<readonly number[]> {
  const below = values.filter((value) => value < lost.value);
  if (planInstead(lost.point.reason) === null) return below;
  const settings = candidates.values.map((value) => settingsOf(family, candidates, value));
  const { reasons } = yield* ask('plans', { build: build.key, workload, settings });
  const served = new Set(candidates.values.filter((_, i) => reasons[i] === null));
  // A look that was lost although the plan was right shows that EXPLAIN does not know.
  return served.has(lost.value) ? below : values.filter((value) => served.has(value));
}
