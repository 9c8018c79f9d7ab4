import { bettingInterval } from '../analysis/index.js';
import { askPoints, type PointRecord, type Search } from '../results/index.js';
import type { SearchSettings } from '../vocabulary.js';
import { rerankDepth } from '../workloads/index.js';
import { reachesRecall } from './constraints.js';
import { estimateAt } from './curve.js';
import { type Explored } from './explore.js';
import { type Observation, pointRequest, recallsOf } from './observe.js';
import { settingsOf } from './settings-of.js';
import type { Split } from './split.js';
import type { Space } from './space.js';

/** A build with the least setting whose recall is shown by queries that had no part in finding it. */
export interface Settled {
  readonly explored: Explored;
  /** Null: none is shown to reach the target. */
  readonly point: PointRecord | null;
  /** Every point with fresh queries. */
  readonly tried: readonly PointRecord[];
}

/** A setting that needs more steps than this is not a little short of the target. */
const MOST_STEPS = 8;

/**
 * Shows the recall of a build with fresh queries: begins with the setting that the search expects to do, goes down for
 * as long as the target is still shown, or up until it is. Recall never falls when the knob rises; so of the settings
 * that do not reach the target the highest is the only one that is likely to be taken for one that does, and that with
 * the probability that its own interval is wrong.
 */
export function* settle(
  space: Space,
  { explored, aim, split }: { readonly explored: Explored; readonly aim: number; readonly split: Split },
): Search<Settled> {
  const { family, build, candidates, observations } = explored;
  const tried: PointRecord[] = [];
  if (!candidates || observations.length === 0) return { explored, point: null, tried };
  const { values } = candidates;
  const question = { build, workload: space.workload, queries: split.fresh, cache: space.cache ?? 'warm' } as const;
  function* ask(position: number): Search<PointRecord | null> {
    const settings: SearchSettings = settingsOf(family, candidates!, values[position]!);
    const [point] = yield* askPoints([pointRequest(question, settings, 'search')]);
    if (!point) return null;
    tried.push(point);
    return reachesRecall(point, space.target.recall) ? point : null;
  }
  const expected =
    estimateAt(observations, marginOf(observations, { space, split }) ?? aim)?.value ?? explored.reached?.value;
  // Nothing came to the aim: the aim asks for a margin, which the most there is may do without.
  const most = Math.max(...observations.map(({ value }) => value));
  let position = nearest(values, expected ?? most);
  let shown = yield* ask(position);
  if (shown) {
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      const next = position - 1;
      if (values[next] === undefined) break;
      const lower: PointRecord | null = yield* ask(next);
      if (!lower) break;
      shown = lower;
      position = next;
    }
    return { explored, point: yield* shallower(shown), tried };
  }
  for (let steps = 0; steps < MOST_STEPS && !shown; steps++) {
    const next = position + 1;
    if (values[next] === undefined || tried.at(-1)?.status !== 'ok') break;
    position = next;
    shown = yield* ask(position);
  }
  return { explored, point: shown && (yield* shallower(shown)), tried };

  /** Fewer rows to be sorted anew, by halves; recall falls with them, so that after the first miss there is none to ask. */
  function* shallower(point: PointRecord): Search<PointRecord> {
    const depth = Number(point.request.settings[rerankDepth.name]);
    const half = Math.max(space.workload.k, Math.ceil(depth / 2));
    if (Number.isNaN(depth) || half === depth) return point;
    const settings = { ...point.request.settings, [rerankDepth.name]: half };
    const [next] = yield* askPoints([pointRequest(question, settings, 'search')]);
    if (next) tried.push(next);
    return next && reachesRecall(next, space.target.recall) ? yield* shallower(next) : point;
  }
}

/** The mean recall that the fresh queries probably show to reach the target, if they vary as those of the search did. */
function marginOf(
  observations: readonly Observation[],
  { space, split }: { readonly space: Space; readonly split: Split },
): number | null {
  const near = observations
    .filter(({ recall }) => recall >= space.target.recall)
    .reduce<Observation | undefined>((a, b) => (a === undefined || b.recall < a.recall ? b : a), undefined);
  if (!near) return null;
  const seen = recallsOf(near.points);
  const expected = Float64Array.from({ length: split.fresh.count }, (_, query) => seen[query % seen.length]!);
  return space.target.recall + near.recall - bettingInterval(expected).low;
}

function nearest(values: readonly number[], value: number): number {
  let best = 0;
  for (const [i, candidate] of values.entries()) {
    if (Math.abs(Math.log(candidate / value)) < Math.abs(Math.log(values[best]! / value))) best = i;
  }
  return best;
}
