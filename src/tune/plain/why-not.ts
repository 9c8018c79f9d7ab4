import { shownRecall } from '../../analysis/index.js';
import type { PointRecord, Unmet, WhyNot } from '../../results/index.js';
import type { Target } from '../../vocabulary.js';
import { type Candidate, unmetBounds } from '../common/constraints.js';
import { compareCost } from './compare-costs.js';
import { type Explored, pointsOf } from './explore.js';
import type { Settled } from './settle.js';

/** Why an index that was built on all rows is not recommended. */
export function whyNot(seen: {
  readonly one: Explored;
  readonly settled: Settled | undefined;
  /** The point measured side by side with the best, if it got that far. */
  readonly confirmed: Candidate | undefined;
  /** What other builds of it show. */
  readonly refuted: Unmet | null;
  readonly best: Candidate | undefined;
  readonly target: Target;
}): WhyNot {
  const { one, settled, confirmed, refuted, best, target } = seen;
  const failed = buildFailure(one);
  if (failed) return failed;
  if (confirmed) {
    const { settings } = confirmed.point.request;
    const unmet = [...unmetBounds(confirmed, target), ...(refuted ? [refuted] : [])];
    if (unmet.length > 0) return { code: 'misses-target', data: { settings, unmet } };
    if (best)
      return { code: 'compared', data: { settings, comparison: compareCost(confirmed, best, target.minimise) } };
  }
  if (one.givenUp) {
    const { recall, buffers, settings } = one.givenUp;
    return { code: 'gave-up', data: { settings, buffers, recall, wanted: target.recall } };
  }
  return neverReached(settled?.tried.length ? settled.tried : pointsOf(one), target);
}

/** Why an index that was built on some of the rows was not built on all of them. */
export function whyNotScreened(
  there: Explored,
  { ratio, rows, recall }: { readonly ratio: number; readonly rows: number; readonly recall: number },
): WhyNot {
  const failed = buildFailure(there);
  if (failed) return failed;
  if (Number.isFinite(ratio)) return { code: 'subset-promises-less', data: { rows, ratio } };
  if (there.givenUp) return { code: 'subset-gave-up', data: { rows, recall } };
  const lost = beyond(there.lost);
  if (there.observations.length === 0) return { code: 'no-usable-point', data: { reason: lost?.reason ?? null } };
  const most = Math.max(...there.observations.map((one) => one.recall));
  return { code: 'subset-recall-ends', data: { rows, recall: most, beyond: lost } };
}

const buildFailure = ({ build: { reason } }: Explored): WhyNot | null =>
  reason ? { code: 'build-failed', data: { reason } } : null;

function neverReached(tried: readonly PointRecord[], target: Target): WhyNot {
  const lost = beyond(tried);
  const best = tried
    .filter(({ status }) => status === 'ok')
    .reduce<PointRecord | undefined>(
      (a, b) => ((b.measured?.recall.mean.value ?? 0) > (a?.measured?.recall.mean.value ?? -1) ? b : a),
      undefined,
    );
  if (!best?.measured) return { code: 'no-usable-point', data: { reason: lost?.reason ?? null } };
  const { value } = best.measured.recall.mean;
  const low = shownRecall(best.measured, target.confidence);
  const { settings } = best.request;
  return {
    code: 'recall-ends',
    data: { settings, recall: value, low, wanted: target.recall, beyond: lost },
  };
}

/** The first point that has no figures, and why. */
function beyond(points: readonly PointRecord[]) {
  for (const { status, reason } of points) if (status !== 'ok' && reason) return { status, reason };
  return null;
}
