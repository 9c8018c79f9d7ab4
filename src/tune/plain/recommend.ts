import type { Ground, WorkPair } from '../../results/index.js';
import type { Target } from '../../vocabulary.js';
import { type Candidate, indexBytes, medianMs, pagesOf } from '../shared/constraints.js';
import { costOf, type Goal } from './goal.js';

/**
 * Candidates that meet the target, best first. The cheapest by the goal leads; but those whose cost cannot be told from
 * its own (the intervals overlap) are its equals, and among equals the one with less work wins: fewer buffers within a
 * method, fewer bytes of index between methods, whose buffers are not comparable.
 */
export function pickBest(feasible: readonly Candidate[], goal: Goal): readonly Candidate[] {
  const cost = ({ build, measured }: Candidate) => costOf(goal, build, measured);
  const rest = [...feasible].sort((a, b) => cost(a).value - cost(b).value);
  const ranked: Candidate[] = [];
  while (rest.length > 0) {
    const [cheapest] = rest;
    if (!cheapest) break;
    const equals = rest.filter((candidate) => candidate === cheapest || !isDearer(candidate, cheapest, goal));
    const best = equals.reduce((a, b) => (isCheaper(b, a) ? b : a));
    ranked.push(best);
    rest.splice(rest.indexOf(best), 1);
  }
  return ranked;
}

/** True when one is shown to cost more than the other. */
export const isDearer = (a: Candidate, b: Candidate, goal: Goal): boolean =>
  costOf(goal, a.build, a.measured).low > costOf(goal, b.build, b.measured).high;

function isCheaper(a: Candidate, b: Candidate): boolean {
  if (a.build.request.spec.method === b.build.request.spec.method) {
    return a.measured.buffers.mean.value < b.measured.buffers.mean.value;
  }
  return indexBytes(a.build) < indexBytes(b.build);
}

/**
 * Why the best is the best; what it is stands beside it.
 *
 * @param ranked candidates that meet the target
 */
export function groundsOf(
  best: Candidate | undefined,
  second: Candidate | undefined,
  { target, goal, ranked }: { readonly target: Target; readonly goal: Goal; readonly ranked: readonly Candidate[] },
): readonly Ground[] {
  if (!best) {
    const { recall, minimise: _, ...bounds } = target;
    return [{ code: 'nothing-reaches', data: { recall, areBoundsAsked: Object.keys(bounds).length > 0 } }];
  }
  if (!second) return [{ code: 'nothing-else-meets', data: {} }];
  const cost = ({ build, measured }: Candidate) => costOf(goal, build, measured).value;
  if (isDearer(second, best, goal)) {
    const data = { goal, ratio: cost(second) / cost(best), medianMs: medianMs(second.measured) };
    return [{ code: 'runner-up-costs-more', data }];
  }
  const same: Ground = { code: 'runner-up-costs-the-same', data: { goal, work: workOf(second, best) } };
  const lowest = ranked.reduce((a, b) => (cost(b) < cost(a) ? b : a), best);
  if (lowest === best || lowest === second) return [same];
  const { spec } = lowest.build.request;
  const { settings } = lowest.point.request;
  return [same, { code: 'lowest-seen', data: { spec, settings, work: workOf(lowest, best) } }];
}

/** The work of two candidates, in what can be compared between them. */
export const workOf = (one: Candidate, other: Candidate): WorkPair =>
  one.build.request.spec.method === other.build.request.spec.method
    ? { of: 'buffers', one: pagesOf(one.measured), other: pagesOf(other.measured) }
    : { of: 'index_bytes', one: indexBytes(one.build), other: indexBytes(other.build) };
