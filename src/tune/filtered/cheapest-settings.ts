import { indexKind, recallKnob } from '../../indexes/index.js';
import type { Measured, PointRecord, Search } from '../../results/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import type { FilteredQuestion, FilteredStrategy } from '../../workloads/index.js';
import { pagesOf } from '../constraints.js';

/** Settings that a strategy may be asked with: a place on the ladder of its recall knob, and how far a scan may go on. */
export interface Place {
  readonly rung: number;
  readonly reach: number;
}

/** What a strategy can be tuned by, as two ladders from cheap to dear. */
export interface Ladders {
  readonly rungs: readonly SearchSettings[];
  /** Bounds of an iterative scan: the first are those of the server. */
  readonly reaches: readonly SearchSettings[];
  /** The settings that a user has who sets nothing. */
  readonly start: Place;
}

/** A graph with fewer candidates than this is hardly searched; lists cannot be fewer than one. */
const LEAST_EF_SEARCH = 10;

/** @param rows of the table */
export function laddersOf(
  strategy: FilteredStrategy,
  { question, spec, rows }: { readonly question: FilteredQuestion; readonly spec: IndexSpec; readonly rows: number },
): Ladders {
  const knobs = strategy.knobs(question, spec);
  const recall = recallKnob(indexKind(spec.method));
  const knob = knobs.find(({ name }) => name === recall?.name);
  if (knob?.kind !== 'number') return { rungs: [{}], reaches: [{}], start: { rung: 0, reach: 0 } };
  const isIterative = knobs.some(({ name }) => name === 'max_scan_tuples');
  // An index that is not scanned on gives at most ef_search rows.
  const least = Math.max(
    knob.min,
    knob.name === 'ef_search' ? Math.max(LEAST_EF_SEARCH, isIterative ? 0 : question.k) : 1,
  );
  const most = Math.min(knob.max, spec.parameters['lists'] ?? Infinity);
  const values: number[] = [];
  for (let value = least; value < most; value *= 2) values.push(value);
  values.push(most);
  const start = values.findIndex((value) => value >= knob.default);
  const rungs = values.map((value) => ({ [knob.name]: value }));
  // Memory binds before the number of rows does: they are raised together.
  const beyond = [
    { max_scan_tuples: Math.max(20_000, Math.ceil(rows / 2)), scan_mem_multiplier: 4 },
    { max_scan_tuples: Math.max(20_000, rows), scan_mem_multiplier: 32 },
  ];
  return {
    rungs,
    reaches: isIterative ? [{}, ...beyond] : [{}],
    start: { rung: Math.max(0, start), reach: 0 },
  };
}

export interface Found {
  /** The cheapest that reaches the target. */
  readonly cheapest: { readonly point: PointRecord; readonly place: Place } | null;
  /** Where it was given up: no figures, because the server chose another plan or refused the query. */
  readonly lost: { readonly point: PointRecord; readonly place: Place } | null;
  /**
   * Why the search ended without: no higher settings are left, those tried are too dear already, or they were too many.
   * Null when something was found, or lost.
   */
  readonly ended: 'highest' | 'dear' | 'often' | null;
  /** Every point looked at, in the order asked. */
  readonly tried: readonly PointRecord[];
}

const MOST_POINTS = 8;
/** A recall so far below the target is not made up for by a single step. */
const FAR = 0.15;
/** Below this mean share of the rows that exist, it is the end of the scan that costs recall. */
const COMPLETE = 0.995;

/**
 * The least settings of a strategy that reach the target. Answers that lack rows ask for a scan that goes on for longer,
 * answers with the wrong rows for one that looks more closely; each is one step of a ladder, upwards until the target is
 * reached and downwards while it still is.
 *
 * @param options.first where to begin: the place that did for a similar filter
 * @param options.isHopeless a point that is so dear, and misses the target, is the last
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
): Search<Found> {
  const { rungs, reaches } = ladders;
  const tried: PointRecord[] = [];
  const seen = new Map<string, PointRecord>();
  let cheapest: Found['cheapest'] = null;
  let place = options.first;
  let lost: Found['lost'] = null;
  let ended: Found['ended'] = 'often';

  while (tried.length < MOST_POINTS) {
    const at = `${place.rung} ${place.reach}`;
    if (seen.has(at)) break;
    const point = yield* options.ask({ ...rungs[place.rung], ...reaches[place.reach] });
    tried.push(point);
    seen.set(at, point);
    const { measured } = point;
    if (!measured) {
      lost = { point, place };
      break;
    }
    if (options.reaches(point)) {
      // Neighbouring settings differ by less than times do from one moment to the next.
      if (!cheapest?.point.measured || pagesOf(measured) <= pagesOf(cheapest.point.measured))
        cheapest = { point, place };
      if (place.rung === 0) break;
      place = { ...place, rung: place.rung - 1 };
      continue;
    }
    // Coming down, the step below the cheapest has been found too low.
    if (cheapest) break;
    if (options.isHopeless(measured)) {
      ended = 'dear';
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
