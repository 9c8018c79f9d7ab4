import { describeSettings } from '../indexes/index.js';
import type { BuildRecord, PointRecord } from '../results/index.js';
import { formatBytes, formatMs } from '../units.js';
import type { Target } from '../vocabulary.js';
import { type Candidate, indexBytes, latencyQuantile, medianMs, misses } from './constraints.js';

/**
 * Candidates that meet the target, best first. The quickest leads; but those whose median cannot be told from its own
 * (the intervals overlap) are its equals, and among equals the one with less work wins: fewer buffers within a method,
 * fewer bytes of index between methods, whose buffers are not comparable.
 */
export function pickBest(feasible: readonly Candidate[]): readonly Candidate[] {
  const rest = [...feasible].sort((a, b) => medianMs(a.measured) - medianMs(b.measured));
  const ranked: Candidate[] = [];
  while (rest.length > 0) {
    const [quickest] = rest;
    if (!quickest) break;
    const equals = rest.filter((candidate) => candidate === quickest || !isSlower(candidate, quickest));
    const best = equals.reduce((a, b) => (isCheaper(b, a) ? b : a));
    ranked.push(best);
    rest.splice(rest.indexOf(best), 1);
  }
  return ranked;
}

function isSlower(a: Candidate, b: Candidate): boolean {
  const low = latencyQuantile(a.measured, 0.5)?.estimate?.low ?? 0;
  const high = latencyQuantile(b.measured, 0.5)?.estimate?.high ?? Infinity;
  return low > high;
}

function isCheaper(a: Candidate, b: Candidate): boolean {
  if (a.build.request.spec.method === b.build.request.spec.method) {
    return a.measured.buffers.mean.value < b.measured.buffers.mean.value;
  }
  return indexBytes(a.build) < indexBytes(b.build);
}

/** Why the best is the best, in one sentence. */
export function because(best: Candidate | undefined, second: Candidate | undefined, target: Target): string {
  if (!best) return `Nothing that was tried is shown to reach recall ${target.recall} within the bounds.`;
  const { mean } = best.measured.recall;
  const reached = `It reaches recall ${mean.value.toFixed(4)} (95 % interval ${(mean.low ?? 0).toFixed(4)} to ${(mean.high ?? 1).toFixed(4)}) at a median of ${formatMs(medianMs(best.measured))}`;
  if (!second) return `${reached}; nothing else that was tried meets the target.`;
  if (!isSlower(second, best)) {
    return `${reached}; the runner-up is as fast within the error, and takes ${compareCost(second, best)}.`;
  }
  const more = percentMore(medianMs(second.measured), medianMs(best.measured));
  return `${reached}; the runner-up takes ${formatMs(medianMs(second.measured))} (${more}).`;
}

function compareCost(a: Candidate, b: Candidate): string {
  if (a.build.request.spec.method === b.build.request.spec.method) {
    const [more, fewer] = [a.measured.buffers.mean.value, b.measured.buffers.mean.value];
    return `${more.toFixed(0)} buffers a query against ${fewer.toFixed(0)}`;
  }
  return `${formatBytes(indexBytes(a.build))} of index against ${formatBytes(indexBytes(b.build))}`;
}

const percentMore = (a: number, b: number): string => `${a >= b ? '+' : ''}${((a / b - 1) * 100).toFixed(0)} %`;

/** Why an index that was looked at is not recommended, in one sentence. */
export function whyNot(seen: {
  readonly build: BuildRecord;
  readonly cheapest: PointRecord | null;
  readonly givenUp: PointRecord | null;
  readonly tried: readonly PointRecord[];
  /** The point measured side by side with the best, if it got that far. */
  readonly confirmed: Candidate | undefined;
  readonly best: Candidate | undefined;
  readonly target: Target;
}): string {
  const { build, cheapest, givenUp, tried, confirmed, best, target } = seen;
  if (build.status === 'failed') return `The build failed: ${build.reason ?? 'no reason given'}`;
  if (givenUp?.measured) {
    const { recall } = givenUp.measured;
    return `With ${describeSettings(givenUp.request.settings)} it takes a median of ${formatMs(medianMs(givenUp.measured))} and reaches only ${recall.mean.value.toFixed(4)}; what reaches ${target.recall} takes longer.`;
  }
  if (!cheapest?.measured) return neverReached(tried, target);
  const settings = describeSettings(cheapest.request.settings);
  if (confirmed) {
    const missed = misses(confirmed, target);
    if (missed.length > 0) return `With ${settings}, ${missed.join('; ')}.`;
    if (best) return versus(settings, confirmed, best);
  }
  const bestMs = best ? ` (recommended: ${formatMs(medianMs(best.measured))})` : '';
  return `Needs ${settings}; slower while searching: median ${formatMs(medianMs(cheapest.measured))}${bestMs}.`;
}

function versus(settings: string, candidate: Candidate, best: Candidate): string {
  const more = percentMore(medianMs(candidate.measured), medianMs(best.measured));
  if (isSlower(candidate, best))
    return `Needs ${settings}: median ${formatMs(medianMs(candidate.measured))} (${more}).`;
  return `Needs ${settings}: as fast within the error, but takes ${compareCost(candidate, best)}.`;
}

function neverReached(tried: readonly PointRecord[], target: Target): string {
  const ok = tried.filter((point) => point.status === 'ok' && point.measured);
  const lost = tried.find((point) => point.status !== 'ok');
  const best = ok.reduce<PointRecord | undefined>(
    (a, b) => ((b.measured?.recall.mean.value ?? 0) > (a?.measured?.recall.mean.value ?? -1) ? b : a),
    undefined,
  );
  const reason = lost ? ` Beyond: ${lost.reason ?? lost.status}` : '';
  if (!best?.measured) return `No point of it could be used.${reason}`;
  const { value, low } = best.measured.recall.mean;
  return `Recall ends at ${value.toFixed(4)} (at least ${(low ?? 0).toFixed(4)}; wanted ${target.recall}) with ${describeSettings(best.request.settings)}.${reason}`;
}
