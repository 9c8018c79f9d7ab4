import { bettingInterval, bettingLowerBound, guessKnob, recallsOfPoint, shownRecall } from '../../analysis/index.js';
import { askTogether, type Measured, type PointRecord, type Search } from '../../results/index.js';
import type { SearchSettings } from '../../vocabulary.js';
import { reachesRecall, type RecallTarget } from '../common/constraints.js';
import { estimateAt } from './curve.js';
import { type Explored } from './explore.js';
import { nearestValue, wholeBetween } from './nearest.js';
import { type Observation, pointRequest, type QueryRange, questionOf, recallsOf } from './observe.js';
import { servedValues } from './served-values.js';
import { settingsOf } from './settings-of.js';
import type { Split } from './split.js';
import type { Space } from './space.js';

/** A build with the least setting whose recall is shown. */
export interface Settled {
  readonly explored: Explored;
  /** Null: none is shown to reach the target. */
  readonly point: PointRecord | null;
  /** Every point with the validation queries. */
  readonly tried: readonly PointRecord[];
}

/** False for what was given up: it takes longer than another that is already found. */
export const isTested = ({ candidates, observations, givenUp }: Explored): boolean =>
  candidates !== undefined && observations.length > 0 && givenUp === null;

/** So many queries are asked first, where there are far more: most settings are far from the target. */
const FIRST_LOOK = 1000;

const looksAt = (queries: QueryRange): readonly [QueryRange, QueryRange?] =>
  queries.count > 2 * FIRST_LOOK ? [{ ...queries, count: FIRST_LOOK }, queries] : [queries];

/** Whether more queries may decide otherwise: the bound holds at both looks, because the last is named at the first. */
function isOpen(measured: Measured, { recall, confidence }: RecallTarget, horizon: number): boolean {
  const recalls = recallsOfPoint(measured);
  const { high } = bettingInterval(recalls, { horizon });
  return high >= recall && bettingLowerBound(recalls, confidence, { horizon }) < recall;
}

/** Values as close as this are not told apart. */
const FINE = 1.02;

/**
 * Shows the recall of a build with the validation queries: the lowest setting for which, and for all above it, the
 * target is shown. It begins with the setting that the search expects to do, and brackets the one it looks for: every query
 * finds as much or more at a higher setting, so what is shown there is shown above. One that does not reach the target is taken for one that does with the probability that the test of the highest such
 * setting errs, however many are looked at. That is so in one order of settings alone: of an index whose rows are sorted
 * anew no smaller number of rows is tested beside.
 */
export function* settle(
  space: Space,
  {
    explored,
    searchRecall,
    split,
  }: { readonly explored: Explored; readonly searchRecall: number; readonly split: Split },
): Search<Settled> {
  const { family, build, candidates, observations } = explored;
  const tried: PointRecord[] = [];
  if (!candidates || !isTested(explored)) return { explored, point: null, tried };
  const question = questionOf(space, build, split.validation);
  function* ask(value: number): Search<PointRecord> {
    const settings: SearchSettings = settingsOf(family, candidates!, value);
    const [first, all] = looksAt(question.queries);
    let [point] = yield* askTogether('point', [pointRequest({ ...question, queries: first }, settings, 'search')]);
    if (all && point?.measured && isOpen(point.measured, space.target, all.count)) {
      [point] = yield* askTogether('point', [pointRequest({ ...question, queries: all }, settings, 'search')]);
    }
    tried.push(point!);
    return point!;
  }
  const reaches = (point: PointRecord): boolean => reachesRecall(point, space.target);
  // Nothing came to the searchRecall: the searchRecall asks for a margin, which the most there is may do without.
  const most = Math.max(...observations.map(({ value }) => value));
  const expected =
    estimateAt(observations, marginOf(observations, { space, split }) ?? searchRecall)?.value ??
    explored.reached?.value ??
    most;
  // Invariant: everything up to `below` misses the target, `above` is shown to reach it.
  let below = 0;
  let above = Infinity;
  let shown: PointRecord | null = null;
  let { served } = explored;
  /** Values that the index does not serve; between candidates nobody else knows of them. */
  const lost = new Set<number>();
  const left = (): readonly number[] => {
    const coarse = served.filter((value) => value > below && value < above);
    if (coarse.length > 0 || !shown || family.knobValues !== null) return coarse;
    // Between two candidates, where the knob may take any value; the lower is one that misses, or that the index does not serve.
    const low = Math.max(below, candidates.values.findLast((value) => value < above) ?? 0);
    return low > 0 && above > FINE * low ? wholeBetween(low, above).filter((value) => !lost.has(value)) : [];
  };
  for (let next = nearestValue(left(), expected); next !== undefined; next = nextOf(left())) {
    const point = yield* ask(next);
    if (point.status !== 'ok') {
      lost.add(next);
      served = yield* servedValues(question, { family, candidates, values: served, lost: { value: next, point } });
    } else if (reaches(point)) [shown, above] = [point, next];
    else below = next;
  }

  /** Where the curve through the lower bounds so far expects the target; every third time the middle, which always narrows. */
  function nextOf(open: readonly number[]): number | undefined {
    const bounds = tried.flatMap(({ status, measured, request: { settings } }) =>
      status === 'ok' && measured
        ? {
            knob: Number(settings[candidates!.knob.name]),
            recall: shownRecall(measured, space.target.confidence),
            queries: measured.recall.queries,
          }
        : [],
    );
    if (bounds.length === 0) return nearestValue(open, expected);
    const isBracketed = below > 0 && above < Infinity;
    if (isBracketed && bounds.length % 3 === 0) return open[open.length >> 1];
    return nearestValue(open, guessKnob(bounds, space.target.recall));
  }
  return { explored, point: shown, tried };
}

/** The mean recall that the validation queries probably show to reach the target, if they vary as those of the search did. */
function marginOf(
  observations: readonly Observation[],
  { space, split }: { readonly space: Space; readonly split: Split },
): number | null {
  const near = observations
    .filter(({ recall }) => recall >= space.target.recall)
    .reduce<Observation | undefined>((a, b) => (a === undefined || b.recall < a.recall ? b : a), undefined);
  if (!near) return null;
  const seen = recallsOf(near.points);
  const expected = Float64Array.from({ length: split.validation.count }, (_, query) => seen[query % seen.length]!);
  return space.target.recall + near.recall - bettingLowerBound(expected, space.target.confidence);
}
