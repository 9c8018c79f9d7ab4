import { guessKnob } from '../../analysis/index.js';
import type { PointRecord, Search } from '../../results/index.js';
import { nearestValue } from './nearest.js';
import type { Look, Observation } from './observe.js';

export interface FindOptions {
  /** Values that the knob may take, ascending. */
  readonly values: readonly number[];
  /** The value to try first: the nearer to the answer, the fewer looks are needed. */
  readonly first: number;
  /** Mean recall to reach. */
  readonly searchRecall: number;
  /** Two values with no more than this ratio between them are close enough. */
  readonly close: number;
  readonly look: (value: number) => Search<Look>;
  /** The values that are left after a look that was lost, ascending; that of the look is none of them. */
  readonly left: (values: readonly number[], lost: LostLook) => Search<readonly number[]>;
  /** True when what misses the searchRecall is already more expensive than another index that meets it. */
  readonly hopeless: (observation: Observation) => boolean;
}

/** A value whose look could not prove what it measured. */
export interface LostLook {
  readonly value: number;
  readonly point: PointRecord;
}

/** What the search for a value of the knob came back with. */
export interface SettingsFound {
  /** The lowest value that reaches the search recall; null when none does, or the search was given up. */
  readonly reached: Observation | null;
  /** What misses the searchRecall and is too expensive already: what meets it costs more still. Null: there is none. */
  readonly givenUp: Observation | null;
  readonly observations: readonly Observation[];
  /** Looks that could not prove what they measured. */
  readonly lost: readonly PointRecord[];
  /** Values that the index serves, for all that is known; ascending. */
  readonly served: readonly number[];
}

/**
 * The lowest value of a knob that reaches a recall. Recall never falls when the knob rises, and every value is asked
 * over the same queries; so the values are bracketed, and the bracket is narrowed where the curve through what was seen
 * expects the searchRecall: four or five looks of a thousand values.
 *
 * Cost rises with the knob as recall does. So the search is given up at a look that misses the searchRecall and is hopeless.
 * A lost look reaches nothing: where the planner has left the index, there is no index scan to recommend. It goes on with
 * the values that are left.
 */
export function* findSettings(options: FindOptions): Search<SettingsFound> {
  const { first, searchRecall, close, look, hopeless } = options;
  const observations: Observation[] = [];
  const lost: PointRecord[] = [];
  let served = options.values;
  const found = (reached: Observation | null, givenUp: Observation | null): SettingsFound => ({
    reached,
    givenUp,
    observations,
    lost,
    served,
  });
  // Invariant: everything up to `below` misses the searchRecall, `above` reaches it.
  let below: Observation | null = null;
  let above: Observation | null = null;
  let guess: number | null = first;
  for (;;) {
    const least: number = below?.value ?? 0;
    const most: number = above?.value ?? Infinity;
    const open = served.filter((value) => value > least && value < most);
    if (open.length === 0 || (below && above && most / least <= close)) return found(above, null);
    const value = guess === null ? open[open.length >> 1]! : nearestValue(open, guess)!;
    const seen = yield* look(value);
    if (seen.status === 'lost') {
      lost.push(seen.point);
      served = yield* options.left(served, { value, point: seen.point });
    } else {
      observations.push(seen.observation);
      if (seen.observation.recall >= searchRecall) above = seen.observation;
      else if (hopeless(seen.observation)) return found(null, seen.observation);
      else below = seen.observation;
    }
    const known = observations.map(({ value, recall, queries }) => ({ knob: value, recall, queries }));
    guess = known.length > 0 ? guessKnob(known, searchRecall) : null;
  }
}
