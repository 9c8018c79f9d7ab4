import { askPoints, type PointRecord, type PointRequest, type Search } from '../results/index.js';
import type { Candidates } from './space.js';

export interface FindOptions {
  readonly candidates: Candidates;
  /** The value to try first: the nearer to the answer, the fewer points are needed. */
  readonly first: number;
  /** The point to ask for at a value of the knob. */
  readonly request: (value: number) => PointRequest;
  /** True when the point meets the target. */
  readonly reaches: (point: PointRecord) => boolean;
  /** True when the point is already dearer than another index that reaches the target. */
  readonly hopeless: (point: PointRecord) => boolean;
}

export interface Found {
  /** The point with the smallest value that reaches the target; null when none does, or the search was given up. */
  readonly cheapest: PointRecord | null;
  /** The point that misses the target and is too dear already: what reaches it costs more still. Null: there is none. */
  readonly givenUp: PointRecord | null;
  /** Every point looked at, in the order asked. */
  readonly tried: readonly PointRecord[];
}

/**
 * The smallest value of a knob that reaches the target. Recall never falls when the knob rises, and every value is asked
 * over the same queries; so the values are bracketed by doubling and then bisected: about ten points of a thousand.
 *
 * Cost rises with the knob as recall does. So the search is given up at a point that misses the target and is hopeless.
 * A void point reaches nothing: where the planner has left the index, there is no index scan to recommend.
 */
export function* findSettings({ candidates, first, request, reaches, hopeless }: FindOptions): Search<Found> {
  const { values } = candidates;
  const tried: PointRecord[] = [];
  const seen = new Map<number, PointRecord>();
  function* look(position: number): Search<boolean> {
    let point = seen.get(position);
    if (!point) {
      const value = values[position];
      if (value === undefined) return false;
      [point] = yield* askPoints([request(value)]);
      if (!point) return false;
      seen.set(position, point);
      tried.push(point);
    }
    return reaches(point);
  }
  const atLeast = (value: number): number => {
    const position = values.findIndex((candidate) => candidate >= value);
    return position === -1 ? values.length - 1 : position;
  };

  const isHopeless = (position: number): boolean => {
    const point = seen.get(position);
    return point !== undefined && hopeless(point);
  };
  const giveUp = (position: number): Found => ({ cheapest: null, givenUp: seen.get(position) ?? null, tried });
  const nothing: Found = { cheapest: null, givenUp: null, tried };

  if (values.length === 0) return nothing;
  // Invariant: everything up to `below` fails, `above` reaches.
  let below = -1;
  let above = atLeast(first);
  if (yield* look(above)) {
    while (above > 0) {
      const next = Math.min(atLeast((values[above] ?? 0) / 2), above - 1);
      if (!(yield* look(next))) {
        below = next;
        break;
      }
      above = next;
    }
    if (isHopeless(below)) return giveUp(below);
  } else {
    do {
      below = above;
      if (isHopeless(below)) return giveUp(below);
      if (below === values.length - 1) return nothing;
      above = Math.max(atLeast((values[below] ?? 0) * 2), below + 1);
    } while (!(yield* look(above)));
  }
  while (above - below > 1) {
    const middle = (above + below) >> 1;
    if (yield* look(middle)) above = middle;
    else below = middle;
    if (isHopeless(below)) return giveUp(below);
  }
  return { cheapest: seen.get(above) ?? null, givenUp: null, tried };
}
