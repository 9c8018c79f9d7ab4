import { guessKnob } from '../../analysis/index.js';
import type { PointRecord, Search } from '../../results/index.js';
import type { Look, Observation } from './observe.js';

export interface FindOptions {
  /** Values that the knob may take, ascending. */
  readonly values: readonly number[];
  /** The value to try first: the nearer to the answer, the fewer looks are needed. */
  readonly first: number;
  /** Mean recall to come to. */
  readonly searchRecall: number;
  /** Two values with no more than this ratio between them are close enough. */
  readonly close: number;
  readonly look: (value: number) => Search<Look>;
  /** True when what misses the searchRecall is already more expensive than another index that meets it. */
  readonly hopeless: (observation: Observation) => boolean;
}

export interface Found {
  /** The least value that reaches the search recall; null when none does, or the search was given up. */
  readonly reached: Observation | null;
  /** What misses the searchRecall and is too expensive already: what meets it costs more still. Null: there is none. */
  readonly givenUp: Observation | null;
  readonly observations: readonly Observation[];
  /** Looks that could not prove what they measured. */
  readonly lost: readonly PointRecord[];
}

/**
 * The lowest value of a knob that reaches a recall. Recall never falls when the knob rises, and every value is asked
 * over the same queries; so the values are bracketed, and the bracket is narrowed where the curve through what was seen
 * expects the searchRecall: four or five looks of a thousand values.
 *
 * Cost rises with the knob as recall does. So the search is given up at a look that misses the searchRecall and is hopeless.
 * A lost look reaches nothing: where the planner has left the index, there is no index scan to recommend.
 */
export function* findSettings({ values, first, searchRecall, close, look, hopeless }: FindOptions): Search<Found> {
  const seen = new Map<number, Look>();
  const observations = (): readonly Observation[] =>
    [...seen.values()].flatMap((one) => (one.status === 'ok' ? [one.observation] : []));
  const found = (reached: Observation | null, givenUp: Observation | null): Found => ({
    reached,
    givenUp,
    observations: observations(),
    lost: [...seen.values()].flatMap((one) => (one.status === 'lost' ? [one.point] : [])),
  });
  const nearest = (value: number): number => {
    const above = values.findIndex((candidate) => candidate >= value);
    if (above === -1) return values.length - 1;
    return above > 0 && value / values[above - 1]! < values[above]! / value ? above - 1 : above;
  };

  if (values.length === 0) return found(null, null);
  // Invariant: everything up to `below` misses the searchRecall, `above` reaches it.
  let below = -1;
  let above = values.length;
  let next = nearest(first);
  for (;;) {
    const seenThere = yield* look(values[next]!);
    seen.set(next, seenThere);
    if (seenThere.status === 'ok' && seenThere.observation.recall >= searchRecall) above = next;
    else if (seenThere.status === 'lost') {
      // Beyond what the planner takes the index for; below it there may be enough.
      if (below === next - 1) return found(null, null);
      values = values.slice(0, next);
      above = Math.min(above, values.length);
    } else {
      below = next;
      if (hopeless(seenThere.observation)) return found(null, seenThere.observation);
    }
    if (below >= values.length - 1) return found(null, null);
    if (above < values.length && (above - below === 1 || (below >= 0 && values[above]! / values[below]! <= close))) {
      const at = seen.get(above);
      return found(at?.status === 'ok' ? at.observation : null, null);
    }
    const known = observations().map(({ value, recall, queries }) => ({ knob: value, recall, queries }));
    const guess = known.length > 0 ? nearest(guessKnob(known, searchRecall)) : (below + above) >> 1;
    next = inside(guess, { below, above: Math.min(above, values.length), seen });
  }
}

/** The value between the ends of a bracket that is nearest to a guess, and was not looked at yet. */
function inside(
  guess: number,
  { below, above, seen }: { readonly below: number; readonly above: number; readonly seen: ReadonlyMap<number, Look> },
): number {
  const least = below + 1;
  const most = above - 1;
  const clamped = Math.min(Math.max(guess, least), most);
  return seen.has(clamped) ? (least + most) >> 1 : clamped;
}
