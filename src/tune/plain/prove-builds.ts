import { release, type Search } from '../../results/index.js';
import type { SearchSettings } from '../../vocabulary.js';
import { hasTime } from '../common/budget.js';
import type { Candidate } from '../common/constraints.js';
import { type RepeatedBuilds, repeatBuilds } from './build-variance.js';
import type { Explored } from './explore.js';
import type { Space } from './space.js';

/** How many candidates may be built again: when the best fails for the spread of its builds, the next has its turn. */
const PROVED = 2;

/** Builds the best candidate again, and the next one where that shows that the best does not reach the target. */
export function* proveBuilds(
  space: Space,
  {
    ranked,
    explored,
    known,
  }: {
    readonly ranked: readonly Candidate[];
    readonly explored: readonly Explored[];
    readonly known: readonly Candidate[];
  },
): Search<readonly RepeatedBuilds[]> {
  const { repeats, target } = space;
  const results: RepeatedBuilds[] = [];
  if (repeats === 1) return results;
  // Of a build that is not shown, other settings are not either.
  const ofEachBuild = ranked.filter(({ build }, i) => ranked.findIndex((other) => other.build.key === build.key) === i);
  for (const candidate of ofEachBuild.slice(0, PROVED)) {
    const { spec } = candidate.build.request;
    const seconds = (repeats - 1) * candidate.build.seconds;
    if (!hasTime(space.budget, seconds)) {
      space.budget?.omit({
        code: 'rebuilds',
        data: { spec, builds: repeats - 1, seconds, leftSeconds: space.budget.left() },
      });
      break;
    }
    const own = explored.find(({ build }) => build.key === candidate.build.key);
    const result = yield* repeatBuilds({
      candidate,
      // The exact scan is the same every time.
      repeats: own ? repeats : 1,
      higher: own ? higherSettings(own, candidate.point.request.settings) : [],
      known,
      target,
    });
    results.push(result);
    for (const { key } of result.builds.slice(1)) yield* release(key);
    if (result.reached) break;
  }
  return results;
}

function higherSettings({ candidates, served }: Explored, settings: SearchSettings): readonly SearchSettings[] {
  if (!candidates) return [];
  const { name } = candidates.knob;
  return served.filter((value) => value > Number(settings[name])).map((value) => ({ ...settings, [name]: value }));
}
