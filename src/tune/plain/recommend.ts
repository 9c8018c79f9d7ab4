import { describeSettings, describeSpec } from '../../indexes/index.js';
import type { PointRecord, Rejection } from '../../results/index.js';
import { formatBytes, formatComparison, formatCount, formatExcess, formatMs } from '../../units.js';
import type { Target } from '../../vocabulary.js';
import { type Candidate, indexBytes, latencyQuantile, medianMs, misses } from '../shared/constraints.js';
import { type Explored, pointsOf } from './explore.js';
import { costOf, type Goal, GOAL_TITLES } from './goal.js';
import type { Settled } from './settle.js';

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
 * Why the best is the best, in a sentence or two; what it is stands beside it.
 *
 * @param ranked candidates that meet the target
 */
export function because(
  best: Candidate | undefined,
  second: Candidate | undefined,
  { target, goal, ranked }: { readonly target: Target; readonly goal: Goal; readonly ranked: readonly Candidate[] },
): string {
  if (!best) {
    const { recall, minimise: _, ...bounds } = target;
    const within = Object.keys(bounds).length > 0 ? ' within the bounds' : '';
    return `No index that was tried is shown to reach a recall of ${recall}${within}.`;
  }
  if (!second) return 'No other index that was tried meets the target.';
  const what = `The runner-up's ${GOAL_TITLES[goal]}`;
  const cost = ({ build, measured }: Candidate) => costOf(goal, build, measured).value;
  if (!isDearer(second, best, goal)) {
    const same = `${what} is the same within the error, and it takes ${compareCost(second, best)}.`;
    const least = ranked.reduce((a, b) => (cost(b) < cost(a) ? b : a), best);
    return least === best || least === second
      ? same
      : `${same} The least was seen of ${describe(least)}; the difference is within the error, too, and it takes ${compareCost(least, best)}.`;
  }
  return `${what} is ${formatExcess(cost(second) / cost(best))} higher (median ${formatMs(medianMs(second.measured))}).`;
}

const describe = ({ build, point }: Candidate): string =>
  `${describeSpec(build.request.spec)}, ${describeSettings(point.request.settings)}`;

function compareCost(a: Candidate, b: Candidate): string {
  if (a.build.request.spec.method === b.build.request.spec.method) {
    const [more, fewer] = [a.measured.buffers.mean.value, b.measured.buffers.mean.value];
    return `${more.toFixed(0)} buffers a query against ${fewer.toFixed(0)}`;
  }
  return `${formatBytes(indexBytes(a.build))} of index against ${formatBytes(indexBytes(b.build))}`;
}

/** One sentence, and the reason of the build or the point that has no figures, where that is why. */
type WhyNot = Pick<Rejection, 'why' | 'reason'>;

/** Why an index that was built on all rows is not recommended. */
export function whyNot(seen: {
  readonly one: Explored;
  readonly settled: Settled | undefined;
  /** The point measured side by side with the best, if it got that far. */
  readonly confirmed: Candidate | undefined;
  readonly best: Candidate | undefined;
  readonly target: Target;
}): WhyNot {
  const { one, settled, confirmed, best, target } = seen;
  if (one.build.status === 'failed') return { why: 'The build failed.', reason: one.build.reason };
  if (confirmed) {
    const settings = describeSettings(confirmed.point.request.settings);
    const missed = misses(confirmed, target);
    if (missed.length > 0) return { why: `With ${settings}, ${missed.join('; ')}.` };
    if (best) return { why: versus(settings, confirmed, best) };
  }
  if (one.givenUp) {
    const { recall, buffers, settings } = one.givenUp;
    return {
      why: `With ${describeSettings(settings)} it touches ${buffers.toFixed(0)} buffers a query and reaches only ${recall.toFixed(4)}; what reaches ${target.recall} takes longer.`,
    };
  }
  return neverReached(settled?.tried.length ? settled.tried : pointsOf(one), target);
}

/** Why an index that was built on some of the rows was not built on all of them. */
export function whyNotScreened(
  there: Explored,
  { ratio, rows, recall }: { readonly ratio: number; readonly rows: number; readonly recall: number },
): WhyNot {
  if (there.build.status === 'failed') return { why: 'The build failed.', reason: there.build.reason };
  const on = `on ${formatCount(rows)} random rows`;
  if (!Number.isFinite(ratio)) {
    const most = Math.max(0, ...there.observations.map((one) => one.recall));
    if (there.givenUp) {
      return { why: `Tried ${on} only: it is too dear before it comes to recall ${recall.toFixed(4)}.` };
    }
    const [lost] = there.lost;
    return { why: `Tried ${on} only: its recall ends at ${most.toFixed(4)}${beyond(lost)}.`, reason: lost?.reason };
  }
  const cost = formatComparison(ratio, "pgvector's default index");
  return {
    why: `Tried ${on} only: at the same recall it is expected to cost ${cost}; others promised more for a whole build.`,
  };
}

/** Leads over to the reason of a point that has no figures. */
const beyond = (lost: PointRecord | undefined): string => (lost ? `; a point beyond ${fateOf(lost)}` : '');

/** What became of a point that has no figures, as a predicate. */
export const fateOf = ({ status }: PointRecord): string => (status === 'void' ? 'is void' : 'failed');

function versus(settings: string, candidate: Candidate, best: Candidate): string {
  const low = latencyQuantile(candidate.measured, 0.5)?.estimate?.low ?? 0;
  if (low > (latencyQuantile(best.measured, 0.5)?.estimate?.high ?? Infinity)) {
    const [own, least] = [medianMs(candidate.measured), medianMs(best.measured)];
    return `Needs ${settings}: median ${formatMs(own)}, ${formatExcess(own / least)} more.`;
  }
  return `Needs ${settings}: as fast within the error, but takes ${compareCost(candidate, best)}.`;
}

function neverReached(tried: readonly PointRecord[], target: Target): WhyNot {
  const ok = tried.filter((point) => point.status === 'ok' && point.measured);
  const lost = tried.find((point) => point.status !== 'ok');
  const best = ok.reduce<PointRecord | undefined>(
    (a, b) => ((b.measured?.recall.mean.value ?? 0) > (a?.measured?.recall.mean.value ?? -1) ? b : a),
    undefined,
  );
  const reason = lost?.reason;
  if (!best?.measured) return { why: 'No point of it could be used.', reason };
  const { value, low } = best.measured.recall.mean;
  const why = `Recall ends at ${value.toFixed(4)} (at least ${(low ?? 0).toFixed(4)}; wanted ${target.recall}) with ${describeSettings(best.request.settings)}${beyond(lost)}.`;
  return { why, reason };
}
