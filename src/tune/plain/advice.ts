import { guessKnob } from '../../analysis/index.js';
import { describeSettings, describeSpec, describeRepresentation, indexKind, isReranked } from '../../indexes/index.js';
import type { Advice } from '../../results/index.js';
import { formatBytes, formatComparison, formatCount, formatExcess, formatMs, formatPercent } from '../../units.js';
import type { Stored } from '../../vocabulary.js';
import { type Candidate, indexBytes, latencyQuantile, misses } from '../shared/constraints.js';
import type { Evidence } from './evidence.js';
import { type Explored, pointsOf } from './explore.js';
import { costOf, type Goal, GOAL_TITLES } from './goal.js';
import { blockingOf, relaxedOf, waysOutOf } from './infeasible.js';
import type { Observation } from './observe.js';
import { predictedBytes } from './prior.js';
import { isDearer } from './recommend.js';
import type { Space } from './space.js';

/** What is to be known beside the recommendation. */
export function advise(space: Space, evidence: Evidence, best: Candidate | undefined): Advice {
  const own = best && evidence.explored.find(({ build }) => build.key === best.build.key);
  const relaxed = best ? [] : relaxedOf(space, evidence);
  return {
    effort: effortOf(evidence),
    binding: best ? bindingOf(space, evidence, { best, own }) : blockingOf(space, evidence, relaxed),
    growth: best ? growthOf(space, { best, own }) : null,
    defaults: defaultsOf(space, evidence, best),
    representations: representationsOf(space, evidence, best),
    relaxed,
    waysOut: best ? [] : waysOutOf(space, evidence, relaxed),
  };
}

function effortOf({ exact, explored, screening, confirmed, settled }: Evidence): Advice['effort'] {
  const subsets = screening.screened.map((one) => one.explored);
  const points = new Set(
    [...explored, ...subsets]
      .flatMap((one) => pointsOf(one))
      .concat(
        exact.points,
        confirmed,
        settled.flatMap(({ tried }) => tried),
      )
      .map(({ key }) => key),
  );
  return {
    wholeBuilds: explored.length,
    subsetBuilds: subsets.length,
    subsetRows: screening.rows,
    buildSeconds: [...explored, ...subsets].reduce((sum, { build }) => sum + build.seconds, 0),
    points: points.size,
  };
}

interface Chosen {
  readonly best: Candidate;
  /** Undefined for the exact scan. */
  readonly own: Explored | undefined;
}

/** Which bound decides, and what half a point of recall more, or half of what is missing to 1, would cost. */
function bindingOf({ target }: Space, { pruned }: Evidence, { best, own }: Chosen): string {
  if (!own) return 'No bound decides: the exact scan finds every neighbour, and takes no index.';
  const { mean } = best.measured.recall;
  const more = Math.min(0.005, (1 - mean.value) / 2);
  const now = Number(best.point.request.settings[knobName(own)]);
  // From where the curve stands there: it is that of other queries than the recommendation was shown with.
  const slower = curveOf(own).at(recallAt(own.observations, now) + more);
  const larger = pruned.filter(({ needs }) => needs?.bound === 'index_size').length;
  const bytes = larger > 0 ? ` The bound on its size ruled out ${larger} others.` : '';
  const p95 = latencyQuantile(best.measured, 0.95)?.estimate;
  const latency =
    target.p95Ms !== undefined && (p95?.high ?? 0) > 0.8 * target.p95Ms
      ? ` The bound on the 95th percentile, ${formatMs(target.p95Ms)}, is nearly used up.`
      : '';
  const work = slower ? slower.buffers / workAt(own.observations, now) : 1;
  if (!slower || work <= 1) return `The recall decides.${bytes}${latency}`;
  // The round trip takes as long as before.
  const share = p95 ? 1 - Math.min(1, best.measured.clientFloorMs / p95.value) : 0;
  const longer = p95 ? `, a 95th percentile ${formatExcess(1 + (work - 1) * share)} higher` : '';
  return `The recall decides: ${(100 * more).toFixed(1)} points more of it would take about ${formatExcess(work)} more buffers a query (${knobName(own)} ≈ ${Math.round(slower.value)})${longer}, and no larger index.${bytes}${latency}`;
}

const knobName = ({ candidates }: Explored): string => candidates?.knob.name ?? 'the setting';

/** Work of a build where it comes to a recall: a straight line in the knob through what was seen of it. */
function curveOf({ observations }: Explored) {
  const known = observations.map(({ value, recall, queries }) => ({ knob: value, recall, queries }));
  return {
    at(recall: number): { readonly value: number; readonly buffers: number } | null {
      if (observations.length < 2 || recall >= 1) return null;
      const value = guessKnob(known, recall);
      return { value, buffers: workAt(observations, value) };
    },
  };
}

/** The recall that was seen at a value of the knob, or between its neighbours. */
function recallAt(observations: readonly Observation[], value: number): number {
  const sorted = observations.toSorted((a, b) => a.value - b.value);
  const right = sorted.find((one) => one.value >= value) ?? sorted.at(-1)!;
  const left = sorted.findLast((one) => one.value <= value) ?? sorted[0]!;
  if (left.value === right.value) return right.recall;
  return left.recall + ((value - left.value) / (right.value - left.value)) * (right.recall - left.recall);
}

function workAt(observations: readonly Observation[], value: number): number {
  const sorted = observations.toSorted((a, b) => a.value - b.value);
  const [first, last] = [sorted[0]!, sorted.at(-1)!];
  if (first.value === last.value) return first.buffers;
  return first.buffers + ((value - first.value) / (last.value - first.value)) * (last.buffers - first.buffers);
}

/** ef_search for the same recall grows with this power of the rows, from 0.19 to 0.39 where it was measured; a prior. */
const EF_GROWTH = 0.3;

function growthOf({ rows, dimensions }: Space, { best, own }: Chosen): string {
  const { spec } = best.build.request;
  if (!own) return 'With twice the rows the exact scan takes twice the time.';
  const size = predictedBytes(spec, { rows: 2 * rows, dimensions }) / predictedBytes(spec, { rows, dimensions });
  const bytes = formatBytes(size * indexBytes(best.build));
  const value = Number(best.point.request.settings[knobName(own)]);
  const at = `With ${formatCount(2 * rows)} rows the index would take about ${bytes}`;
  if (spec.parameters['lists'] !== undefined) {
    const lists = Math.round(spec.parameters['lists'] * Math.SQRT2);
    return `${at}; ${formatCount(lists)} lists and √2 times the probes would keep the recall for about 1.4 times the work. Not measured: build again and look.`;
  }
  const factor = 2 ** EF_GROWTH;
  const now = workAt(own.observations, value);
  const then = own.observations.length > 1 ? workAt(own.observations, value * factor) : now * factor;
  return `${at}, and the same recall would need ${knobName(own)} of about ${Math.round(value * factor)} (${formatExcess(then / now)} more buffers a query), if it grows as it does elsewhere. Not measured: search again at that size.`;
}

/** What costs so many times as much is not worth the memory that it saves. */
const FAR_DEARER = 1.5;

/** How pgvector's default index does with the setting that reaches the recall: often there is little to be gained. */
function defaultsOf(space: Space, { explored, candidates }: Evidence, best: Candidate | undefined): string | null {
  const goal: Goal = space.target.minimise;
  const [control] = explored;
  const usual = control && indexKind(control.family.spec.method).startingPoints(space.rows)[0];
  if (!control || !usual || !best) return null;
  if (Object.entries(usual.parameters).some(([name, value]) => control.family.spec.parameters[name] !== value))
    return null;
  const name = `pgvector's default index (${describeSpec(control.family.spec)})`;
  if (best.build.key === control.build.key) {
    return `${name} is the best that was found: only its setting has to be chosen, ${describeSettings(best.point.request.settings)}.`;
  }
  const reaching = candidates.filter(
    (candidate) => candidate.build.key === control.build.key && misses(candidate, space.target).length === 0,
  );
  const usable = reaching.toSorted(
    (a, b) => costOf(goal, a.build, a.measured).value - costOf(goal, b.build, b.measured).value,
  )[0];
  if (!usable) return `${name} is not shown to meet the target with any setting.`;
  const settings = describeSettings(usable.point.request.settings);
  const ratio = costOf(goal, usable.build, usable.measured).value / costOf(goal, best.build, best.measured).value;
  return isDearer(usable, best, goal)
    ? `${name} meets the target with ${settings}; its ${GOAL_TITLES[goal]} is ${formatExcess(ratio)} higher.`
    : `${name} with ${settings} is within noise of the best: whoever has it need not build another.`;
}

function representationsOf(
  { families, target }: Space,
  { screening, explored, pruned, candidates, exact }: Evidence,
  best: Candidate | undefined,
): Advice['representations'] {
  const [usual] = families;
  const representations = new Map(families.map(({ spec }) => [describeRepresentation(spec), storedOf(spec)]));
  if (usual) representations.delete(describeRepresentation(usual.spec));
  return [...representations.values()].map((stored): Advice['representations'][number] => {
    const isIts = (spec: Stored): boolean => describeRepresentation(spec) === describeRepresentation(stored);
    if (best && isIts(best.build.request.spec)) return { ...stored, verdict: 'use', why: 'It is what is recommended.' };
    const meeting = candidates.find(
      (candidate) => isIts(candidate.build.request.spec) && misses(candidate, target).length === 0,
    );
    if (best && meeting) return { ...stored, ...besideBest(meeting, best, target.minimise) };
    const tried = screening.screened.filter(({ family }) => isIts(family.spec));
    const reached = tried.filter(({ ratio }) => Number.isFinite(ratio));
    const whole = explored.find(({ family }) => isIts(family.spec));
    const [one] = reached.toSorted((a, b) => a.ratio - b.ratio);
    if (tried.length === 0 && !whole) {
      const ruledOut = pruned.find(({ family }) => isIts(family.spec))?.why;
      const why = exact.sufficient ? 'No index is needed.' : (ruledOut ?? 'The search was spent on others.');
      return { ...stored, verdict: 'not tried', why };
    }
    if (!one)
      return {
        ...stored,
        verdict: 'do not',
        ...collapse(
          stored,
          tried.map(({ explored: seen }) => seen),
          screening.recall,
        ),
      };
    const { request, index } = one.explored.build;
    const same = screening.screened.find(
      ({ family }) =>
        usual &&
        describeRepresentation(family.spec) === describeRepresentation(usual.spec) &&
        sameParameters(family.spec.parameters, one.family.spec.parameters),
    );
    const saved = 1 - (index?.bytes ?? 0) / (same?.explored.build.index?.bytes ?? Infinity);
    const bytes =
      same && saved > 0
        ? `its index is ${formatPercent(saved, 0)} smaller than that of the whole vectors`
        : 'its index is no smaller';
    return {
      ...stored,
      verdict: one.ratio > FAR_DEARER ? 'do not' : 'no gain',
      why: `On ${formatCount(request.rows ?? 0)} rows it is expected to cost ${formatComparison(one.ratio, "pgvector's default index")} at the same recall; ${bytes}.${one.ratio > FAR_DEARER ? '' : ' Worth it where memory is short.'}`,
    };
  });
}

/** A representation that meets the target on all rows, measured side by side with the recommendation. */
function besideBest(
  one: Candidate,
  best: Candidate,
  goal: Goal,
): Pick<Advice['representations'][number], 'verdict' | 'why'> {
  const ratio = costOf(goal, one.build, one.measured).value / costOf(goal, best.build, best.measured).value;
  const far = isDearer(one, best, goal) && ratio > FAR_DEARER;
  const smaller = indexBytes(one.build) < indexBytes(best.build);
  const cost = isDearer(one, best, goal)
    ? `its ${GOAL_TITLES[goal]} is ${formatComparison(ratio, 'that of the recommendation')}`
    : `its ${GOAL_TITLES[goal]} is within noise of that of the recommendation`;
  const sizes = `its index takes ${formatBytes(indexBytes(one.build))} against ${formatBytes(indexBytes(best.build))}`;
  return {
    verdict: far ? 'do not' : 'no gain',
    why: `With ${describeSettings(one.point.request.settings)} it meets the target: ${cost}, ${sizes}.${smaller && !far ? ' Worth it where memory is short.' : ''}`,
  };
}

const storedOf = ({ representation, dimensions }: Stored): Stored => ({
  representation,
  ...(dimensions === undefined ? {} : { dimensions }),
});

const sameParameters = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean =>
  Object.entries(a).every(([name, value]) => b[name] === value);

const LOSSES: Readonly<Record<Stored['representation'], string>> = {
  vector: 'Too much of these vectors is lost',
  halfvec: 'Half precision loses too much of these vectors',
  bit: 'One bit a dimension loses too much of these vectors',
  subvector:
    'The first dimensions alone say too little of these vectors (models that are trained for it put most there)',
};

function collapse(
  stored: Stored,
  seen: readonly Explored[],
  recall: number,
): Pick<Advice['representations'][number], 'why' | 'reason'> {
  const failed = seen.find(({ build }) => build.status === 'failed');
  if (failed) return { why: 'Its index could not be built.', reason: failed.build.reason };
  const most = seen.flatMap(({ observations }) => observations).reduce((a, b) => Math.max(a, b.recall), 0);
  const rows = formatCount(seen[0]?.build.request.rows ?? 0);
  return {
    why: `${LOSSES[stored.representation]}: on ${rows} random rows its recall ends at ${most.toFixed(3)}, where the target comes to ${recall.toFixed(3)}${isReranked(stored) ? ', however many rows are sorted again' : ''}.`,
  };
}
