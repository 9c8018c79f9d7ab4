import { type Measured, planInstead, type PointRecord, type Search } from '../../results/index.js';
import type { SearchSettings } from '../../vocabulary.js';
import { pagesOf } from './constraints.js';

/** Settings that a strategy may be asked with: a place on the ladder of its recall knob, and how far a scan may go on. */
export interface Place {
  readonly rung: number;
  readonly reach: number;
}

/** What a strategy can be tuned by, as two ladders from cheap to expensive. */
export interface Ladders {
  readonly rungs: readonly SearchSettings[];
  /** Bounds of an iterative scan: the first are those of the server. */
  readonly reaches: readonly SearchSettings[];
  /** The settings that a user has who sets nothing. */
  readonly start: Place;
}

/** Values from the least to the most, each twice the one before: recall and work grow with their logarithm. */
export function doublings(least: number, most: number): readonly number[] {
  const values: number[] = [];
  for (let value = least; value < most; value *= 2) values.push(value);
  return [...values, most];
}

/**
 * How far an iterative scan may go on, from the server's own bounds upwards. Memory binds before the number of rows
 * does: they are raised together.
 *
 * @param rows of the table
 */
export const scanReaches = (rows: number): readonly SearchSettings[] => [
  {},
  { max_scan_tuples: Math.max(20_000, Math.ceil(rows / 2)), scan_mem_multiplier: 4 },
  { max_scan_tuples: Math.max(20_000, rows), scan_mem_multiplier: 32 },
];

/** What the search for the settings of a strategy came back with. */
export interface StrategySearch {
  /** The cheapest that reaches the target. */
  readonly cheapest: { readonly point: PointRecord; readonly place: Place } | null;
  /** Where there are no figures, because the server chose another plan or refused the query: the first such place. */
  readonly lost: { readonly point: PointRecord; readonly place: Place } | null;
  /**
   * Why the search ended without: no higher settings are left, those tried are too expensive already, or they were too many.
   * Null when something was found, or lost.
   */
  readonly ended: 'highest' | 'expensive' | 'often' | null;
  /** Every point that was asked, in order. */
  readonly tried: readonly PointRecord[];
}

const nameOf = ({ rung, reach }: Place): string => `${rung} ${reach}`;

const MOST_POINTS = 8;
/** A recall so far below the target is not made up for by a single step. */
const FAR = 0.15;
/** Below this mean share of the rows that exist, it is the end of the scan that costs recall. */
const COMPLETE = 0.995;

/**
 * The lowest settings of a strategy that reach the target. Answers that lack rows ask for a scan that goes on for longer,
 * answers with the wrong rows for one that looks more closely; each is one step of a ladder, upwards until the target is
 * reached and downwards while it still is. Settings at which the planner takes another plan are passed over: as the knob
 * grows it may come back to the index. Any other loss ends the search.
 *
 * @param options.first where to begin: the place that did for a similar filter
 * @param options.isHopeless a point that is so expensive, and misses the target, is the last
 * @param options.recall the target
 */
export function* cheapestSettings(
  ladders: Ladders,
  options: {
    readonly first: Place;
    readonly isHopeless: (measured: Measured) => boolean;
    readonly recall: number;
    readonly ask: (settings: SearchSettings) => Search<PointRecord>;
    readonly reaches: (point: PointRecord) => boolean;
  },
): Search<StrategySearch> {
  const { rungs, reaches } = ladders;
  const tried: PointRecord[] = [];
  const seen = new Map<string, PointRecord>();
  let cheapest: StrategySearch['cheapest'] = null;
  let place = options.first;
  let lost: StrategySearch['lost'] = null;
  let ended: StrategySearch['ended'] = 'often';

  while (tried.length < MOST_POINTS) {
    const at = nameOf(place);
    if (seen.has(at)) break;
    const point = yield* options.ask({ ...rungs[place.rung], ...reaches[place.reach] });
    tried.push(point);
    seen.set(at, point);
    const { measured } = point;
    if (!measured) {
      lost ??= { point, place };
      const next = place.rung + (cheapest ? -1 : 1);
      if (planInstead(point.reason) === null || !rungs[next]) break;
      place = { ...place, rung: next };
      continue;
    }
    if (options.reaches(point)) {
      // Neighbouring settings differ by less than times do from one moment to the next.
      if (!cheapest?.point.measured || pagesOf(measured) <= pagesOf(cheapest.point.measured))
        cheapest = { point, place };
      let below = place.rung - 1;
      while (seen.get(nameOf({ ...place, rung: below }))?.measured === null) below--;
      if (below < 0) break;
      place = { ...place, rung: below };
      continue;
    }
    // Coming down, the step below the cheapest has been found too low.
    if (cheapest) break;
    if (options.isHopeless(measured)) {
      ended = 'expensive';
      break;
    }
    const isShort = measured.completeness.mean < COMPLETE;
    const step = measured.recall.mean.value < options.recall - FAR ? 2 : 1;
    if (isShort && place.reach < reaches.length - 1) place = { ...place, reach: place.reach + 1 };
    else if (place.rung < rungs.length - 1) place = { ...place, rung: Math.min(place.rung + step, rungs.length - 1) };
    else {
      ended = 'highest';
      break;
    }
  }
  return { cheapest, lost: cheapest ? null : lost, ended: cheapest || lost ? null : ended, tried };
}
