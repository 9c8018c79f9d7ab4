import { describeRepresentation, isReranked } from '../../indexes/index.js';
import type { RepresentationVerdict, RepresentationWhy } from '../../results/index.js';
import type { Stored } from '../../vocabulary.js';
import { type Candidate, meets } from '../common/constraints.js';
import { compareCost } from './compare-costs.js';
import { type Evidence, isShown, refutedBy } from './evidence.js';
import type { Explored } from './explore.js';
import type { Goal } from './goal.js';
import type { Screened } from './subset.js';
import { type Family, hasParameters, type Space } from './space.js';

/** What costs so many times as much is not worth the memory that it saves. */
const FAR_DEARER = 1.5;

type Verdict = Pick<RepresentationVerdict, 'verdict' | 'why'>;

/** What every representation that could have been chosen, beside the usual one, would have given. */
export function representationsOf(
  space: Space,
  evidence: Evidence,
  best: Candidate | undefined,
): readonly RepresentationVerdict[] {
  const [usual] = space.families;
  const representations = new Map(space.families.map(({ spec }) => [describeRepresentation(spec), storedOf(spec)]));
  if (usual) representations.delete(describeRepresentation(usual.spec));
  return [...representations.values()].map((stored) => ({
    ...stored,
    ...verdictOf(stored, { space, evidence, best }),
  }));
}

interface Seen {
  readonly space: Space;
  readonly evidence: Evidence;
  readonly best: Candidate | undefined;
}

function verdictOf(stored: Stored, { space: { families, target }, evidence, best }: Seen): Verdict {
  const { screening, explored, pruned, candidates, exact } = evidence;
  const isIts = (spec: Stored): boolean => describeRepresentation(spec) === describeRepresentation(stored);
  const because = (code: 'is-recommended' | 'no-index-needed' | 'others-promised-more'): RepresentationWhy => ({
    code,
    data: {},
  });
  if (best && isIts(best.build.request.spec)) return { verdict: 'recommended', why: because('is-recommended') };
  const meeting = candidates.find(
    (one) => isIts(one.build.request.spec) && isShown(one, evidence) && meets(one, target),
  );
  const refuted = meeting && refutedBy(meeting, evidence);
  if (refuted) {
    const { settings } = meeting.point.request;
    return { verdict: 'not recommended', why: { code: 'misses-target', data: { settings, unmet: [refuted] } } };
  }
  if (best && meeting) return besideBest(meeting, best, target.minimise);
  const tried = screening.screened.filter(({ family }) => isIts(family.spec));
  if (tried.length === 0 && !explored.some(({ family }) => isIts(family.spec))) {
    if (exact.sufficient) return { verdict: 'not tried', why: because('no-index-needed') };
    const ruledOut = pruned.find(({ family }) => isIts(family.spec))?.why;
    return { verdict: 'not tried', why: ruledOut ?? because('others-promised-more') };
  }
  const [cheapest] = tried.filter(({ ratio }) => Number.isFinite(ratio)).toSorted((a, b) => a.ratio - b.ratio);
  if (cheapest) return onSubset(cheapest, { usual: families[0], screened: screening.screened });
  const seen = tried.map((one) => one.explored);
  return { verdict: 'not recommended', why: collapse(stored, seen, screening.recall) };
}

/** A representation that was compared on some of the rows. */
function onSubset(
  { family, explored, ratio }: Screened,
  { usual, screened }: { readonly usual: Family | undefined; readonly screened: readonly Screened[] },
): Verdict {
  const { request, index } = explored.build;
  const same = screened.find(
    (one) =>
      usual &&
      describeRepresentation(one.family.spec) === describeRepresentation(usual.spec) &&
      hasParameters(one.family.spec, family.spec.parameters),
  );
  const whole = same?.explored.build.index?.bytes;
  const saved = whole === undefined ? 0 : 1 - (index?.bytes ?? 0) / whole;
  const isFar = ratio > FAR_DEARER;
  return {
    verdict: isFar ? 'not recommended' : 'no gain',
    why: {
      code: 'expected',
      data: { rows: request.rows ?? 0, ratio, saved: saved > 0 ? saved : null, savesMemory: saved > 0 && !isFar },
    },
  };
}

/** A representation that meets the target on all rows, measured side by side with the recommendation. */
function besideBest(one: Candidate, best: Candidate, goal: Goal): Verdict {
  const comparison = compareCost(one, best, goal);
  const isFar = comparison.verdict === 'more' && (comparison.ratio ?? Infinity) > FAR_DEARER;
  const savesMemory = comparison.one.indexBytes < comparison.other.indexBytes && !isFar;
  const { settings } = one.point.request;
  return {
    verdict: isFar ? 'not recommended' : 'no gain',
    why: { code: 'meets-target', data: { settings, comparison, savesMemory } },
  };
}

const storedOf = ({ representation, dimensions }: Stored): Stored => ({
  representation,
  ...(dimensions === undefined ? {} : { dimensions }),
});

function collapse(stored: Stored, seen: readonly Explored[], wanted: number): RepresentationWhy {
  for (const { build } of seen) {
    if (build.reason) return { code: 'build-failed', data: { reason: build.reason } };
  }
  const recall = seen.flatMap(({ observations }) => observations).reduce((a, b) => Math.max(a, b.recall), 0);
  const { representation } = stored;
  const rows = seen[0]?.build.request.rows ?? 0;
  return { code: 'loses-too-much', data: { representation, rows, recall, wanted, isReranked: isReranked(stored) } };
}
