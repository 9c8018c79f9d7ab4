import { bettingConfidence, guessKnob, jointConfidence, queriesNeeded, recallsOfPoint } from '../../analysis/index.js';
import { askTogether, type ConfidencePrice, type PointRecord, type Search } from '../../results/index.js';
import { type Candidate, medianMs, meets, pagesOf } from '../common/constraints.js';
import { compareCost } from './compare-costs.js';
import { toChoice } from './to-choice.js';
import type { Evidence } from './evidence.js';
import { nearestValue, wholeBetween } from './nearest.js';
import { pointRequest, questionOf } from './observe.js';
import { servedValues } from './served-values.js';
import type { Settled } from './settle.js';
import { settingsOf } from './settings-of.js';
import type { Space } from './space.js';
import type { Split } from './split.js';

/*
 * A recommendation has to be shown to reach the recall, and costs more than the cheapest setting that has it on average.
 */

/** Two values with no more than this ratio between them are close enough. */
const CLOSE = 1.02;
/** More than this many looks are not spent on one index. */
const MOST_LOOKS = 8;
/** An index whose cost at the recall is estimated to be this many times the least is not looked at. */
const FAR = 1.15;

const meanOf = ({ measured }: PointRecord): number => measured?.recall.mean.value ?? 0;
const workOf = ({ measured }: PointRecord): number => (measured ? pagesOf(measured) : Infinity);

/** An index with the cheapest setting whose mean recall reaches the target. */
export interface OnAverage {
  readonly settled: Settled;
  readonly point: PointRecord;
}

/**
 * Finds, for each index that may be the cheapest, the lowest setting whose mean recall over the validation queries reaches
 * the target. What was asked for it is added to what was tried.
 */
export function* reachingOnAverage(
  space: Space,
  { settled, split }: { readonly settled: readonly Settled[]; readonly split: Split },
): Search<readonly OnAverage[]> {
  const found: OnAverage[] = [];
  const byWork = settled.toSorted((a, b) => estimatedWork(a, space) - estimatedWork(b, space));
  for (const one of byWork) {
    // Buffers of one method are not those of another.
    const rivals = found.filter((other) => methodOf(other.settled) === methodOf(one));
    const least = Math.min(...rivals.map(({ point }) => workOf(point)));
    if (estimatedWork(one, space) > FAR * least) continue;
    const lowest = yield* lowestOnAverage(space, one, split);
    if (lowest) found.push(lowest);
  }
  return found;
}

const methodOf = ({ explored }: Settled): string => explored.family.spec.method;

/** Buffers at the lowest setting so far that reaches the target on average; Infinity if none does. */
const estimatedWork = ({ tried }: Settled, { target }: Space): number =>
  Math.min(Infinity, ...tried.filter((point) => meanOf(point) >= target.recall).map(workOf));

function* lowestOnAverage(space: Space, settled: Settled, split: Split): Search<OnAverage | null> {
  const { explored, tried } = settled;
  const { family, build, candidates } = explored;
  if (!candidates) return null;
  const { name } = candidates.knob;
  const valueOf = ({ request }: PointRecord): number => Number(request.settings[name]);
  const seen = new Map(tried.filter(({ status }) => status === 'ok').map((point) => [valueOf(point), point]));
  const reaches = (point: PointRecord): boolean => meanOf(point) >= space.target.recall;
  const [least = 0] = candidates.values;
  let served: readonly number[] | null = null;
  const ended = (value: number): OnAverage => ({
    settled: { ...settled, tried: [...new Set([...tried, ...seen.values()])] },
    point: seen.get(value)!,
  });
  for (let looks = 0; ; looks++) {
    const points = [...seen.values()];
    const above = Math.min(...points.filter(reaches).map(valueOf));
    const below = Math.max(
      least - 1,
      ...points.filter((point) => !reaches(point) && valueOf(point) < above).map(valueOf),
    );
    if (!Number.isFinite(above)) return null;
    const open: readonly number[] = (served ?? family.knobValues ?? wholeBetween(below, above)).filter(
      (value) => value > below && value < above,
    );
    const isClose = below >= least && above <= CLOSE * below;
    if (open.length === 0 || isClose || looks === MOST_LOOKS) return ended(above);
    const known = points.map((point) => ({
      knob: valueOf(point),
      recall: meanOf(point),
      queries: point.measured?.recall.queries ?? 1,
    }));
    const guess = guessKnob(known, space.target.recall);
    const value = nearestValue(open, guess)!;
    const question = questionOf(space, build, split.validation);
    const [point] = yield* askTogether('point', [
      pointRequest(question, settingsOf(family, candidates, value), 'search'),
    ]);
    if (point?.status === 'ok') seen.set(value, point);
    else if (point) {
      const asked = { ...candidates, values: open };
      const lost = { value, point };
      served = yield* servedValues(question, { family, candidates: asked, values: open, lost });
    }
  }
}

/** Of those that reach the target on average, the ones worth measuring side by side: least work, and least time. */
export function cheapestOnAverage(found: readonly OnAverage[]): readonly PointRecord[] {
  const points = found.map(({ point }) => point);
  const least = (of: (point: PointRecord) => number): readonly PointRecord[] =>
    points.toSorted((a, b) => of(a) - of(b)).slice(0, 1);
  const timeOf = ({ measured }: PointRecord): number => (measured ? medianMs(measured) : Infinity);
  return [...new Set([...least(workOf), ...least(timeOf)])];
}

/** A price that the operator would pay without a second thought. */
const WITHIN = 0.05;

/** What the confidence costs that the target asks for; null where there is no index to pay for. */
export function confidencePriceOf(
  { target }: Space,
  { candidates, settled, onAverage, asked, tested }: Evidence,
  best: Candidate | undefined,
): ConfidencePrice | null {
  if (!best?.build.index) return null;
  const isRival = ({ build }: Candidate): boolean =>
    target.minimise === 'index_bytes' || target.minimise === 'build_seconds'
      ? build.key === best.build.key
      : build.request.spec.method === best.build.request.spec.method;
  const [cheapest] = candidates
    .filter((one) => isRival(one) && one.measured.recall.mean.value >= target.recall)
    .filter((one) => meets(one, { ...target, recall: 0 }))
    .toSorted((a, b) => pagesOf(a.measured) - pagesOf(b.measured));
  if (!cheapest || pagesOf(cheapest.measured) >= pagesOf(best.measured)) {
    return { code: 'nothing', data: { recall: target.recall } };
  }
  const recalls = recallsOfPoint(cheapest.measured);
  const own = [...onAverage.map((one) => one.settled), ...settled].find(
    ({ explored }) => explored.build.key === cheapest.build.key,
  );
  const margin = recallFor(own?.tried ?? [], (1 + WITHIN) * pagesOf(cheapest.measured)) - target.recall;
  return {
    code: 'costs',
    data: {
      recall: target.recall,
      confidence: asked.confidence,
      cheapest: toChoice(cheapest),
      mean: cheapest.measured.recall.mean.value,
      shown: jointConfidence(bettingConfidence(recalls, target.recall), tested),
      buffers: compareCost(best, cheapest, 'buffers'),
      p95: compareCost(best, cheapest, 'p95'),
      queries: margin > 0 ? queriesNeeded(recalls, margin, target.confidence) : null,
      within: WITHIN,
    },
  };
}

/** The mean recall that so many buffers buy on one index, between the points measured; 0 beyond them. */
function recallFor(tried: readonly PointRecord[], buffers: number): number {
  const sorted = tried.filter(({ status }) => status === 'ok').toSorted((a, b) => workOf(a) - workOf(b));
  const right = sorted.find((point) => workOf(point) >= buffers);
  const left = sorted.findLast((point) => workOf(point) <= buffers);
  if (!left || !right) return 0;
  if (left === right) return meanOf(left);
  const share = (buffers - workOf(left)) / (workOf(right) - workOf(left));
  return meanOf(left) + share * (meanOf(right) - meanOf(left));
}
