import { latencyQuantile, guessKnob } from '../../analysis/index.js';
import { indexKind, numberOf, rowsOfIndex } from '../../indexes/index.js';
import type { Advice, Binding, DefaultIndex, Growth } from '../../results/index.js';
import { type Candidate, indexBytes, meets } from '../common/constraints.js';
import { compareCost } from './compare-costs.js';
import { type Evidence, isShown, refutedBy } from './evidence.js';
import { type Explored, pointsOf } from './explore.js';
import { costOf, type Goal } from './goal.js';
import { blockingOf, relaxedOf } from './infeasible.js';
import type { Observation } from './observe.js';
import { predictedBytes } from './prior.js';
import { representationsOf } from './representations.js';
import { isDefaultBuild, type Space } from './space.js';
import { strandedOf } from './stranded.js';
import { waysOutOf } from './ways-out.js';

/** What is to be known beside the recommendation. */
export function advise(space: Space, evidence: Evidence, best: Candidate | undefined): Advice {
  const own = best && evidence.explored.find(({ build }) => build.key === best.build.key);
  const relaxed = best ? [] : relaxedOf(space, evidence);
  return {
    effort: effortOf(evidence),
    binding: best ? bindingOf(space, evidence, { best, own }) : blockingOf(space, evidence, relaxed),
    growth: best ? growthOf(space, { best, own }) : null,
    defaults: defaultsOf(space, evidence, best),
    stranded: strandedOf(evidence, best),
    representations: [...representationsOf(space, evidence, best)],
    relaxed,
    waysOut: best ? [] : [...waysOutOf(space, evidence, relaxed)],
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

/** A p95 above this share of its bound nearly uses it up. */
const NEAR = 0.8;

/** Which bound decides, and what half a point of recall more, or half of what is missing to 1, would cost. */
function bindingOf({ target }: Space, { pruned }: Evidence, { best, own }: Chosen): Binding {
  if (!own) return { code: 'none-decides', data: {} };
  const { p95Ms } = target;
  const tooLarge = pruned.filter(({ why }) => why.code === 'would-be-too-large').length;
  const high = latencyQuantile(best.measured, 0.95)?.estimate?.high ?? 0;
  const nearP95Ms = p95Ms !== undefined && high > NEAR * p95Ms ? p95Ms : null;
  return { code: 'recall-decides', data: { more: moreRecall(best, own), tooLarge, nearP95Ms } };
}

type MoreRecall = Extract<Binding, { code: 'recall-decides' }>['data']['more'];

function moreRecall({ point, measured }: Candidate, own: Explored): MoreRecall {
  const recall = Math.min(0.005, (1 - measured.recall.mean.value) / 2);
  const now = Number(point.request.settings[knobName(own)]);
  // From where the curve stands there: it is that of other queries than the recommendation was shown with.
  const slower = curveOf(own).at(recallAt(own.observations, now) + recall);
  const buffersRatio = slower ? slower.buffers / workAt(own.observations, now) : 1;
  if (!slower || buffersRatio <= 1) return null;
  const p95 = latencyQuantile(measured, 0.95)?.estimate;
  // The round trip takes as long as before.
  const share = p95 ? 1 - Math.min(1, measured.clientFloorMs / p95.value) : 0;
  const p95Ratio = p95 ? 1 + (buffersRatio - 1) * share : null;
  return { recall, buffersRatio, knob: knobName(own), value: slower.value, p95Ratio };
}

const knobName = ({ candidates }: Explored): string => candidates?.knob.name ?? '';

/** Work of a build at the setting that reaches a recall, by a straight line in the knob through the points measured. */
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

function growthOf(space: Space, { best, own }: Chosen): Growth | null {
  const { rows } = space;
  const { spec } = best.build.request;
  if (!own) return { code: 'exact-scan-doubles', data: {} };
  const twice = 2 * rows;
  // What nobody models does not grow by a figure.
  if (indexKind(spec.method).model === null) return null;
  const size = predictedBytes(spec, { ...space, rows: twice }) / predictedBytes(spec, space);
  const bytes = size * indexBytes(best.build);
  if (spec.parameters['lists'] !== undefined) {
    const lists = Math.round(numberOf(spec.parameters, 'lists', NaN) * Math.SQRT2);
    return { code: 'lists-grow', data: { rows: twice, bytes, lists } };
  }
  const knob = knobName(own);
  const now = Number(best.point.request.settings[knob]);
  const value = now * 2 ** EF_GROWTH;
  const buffersRatio =
    own.observations.length > 1 ? workAt(own.observations, value) / workAt(own.observations, now) : value / now;
  return { code: 'knob-grows', data: { rows: twice, bytes, knob, value, buffersRatio } };
}

/** How pgvector's default index does with the setting that reaches the recall: often there is little to be gained. */
function defaultsOf(space: Space, evidence: Evidence, best: Candidate | undefined): DefaultIndex | null {
  const { explored, candidates } = evidence;
  const goal: Goal = space.target.minimise;
  const control = explored.find(({ family }) => isDefaultBuild(family.spec, rowsOfIndex(space)));
  if (!control || !best) return null;
  const { spec } = control.family;
  if (best.build.key === control.build.key) {
    return { code: 'is-recommended', data: { spec, settings: best.point.request.settings } };
  }
  const cost = (candidate: Candidate): number => costOf(goal, candidate.build, candidate.measured).value;
  const [usable] = candidates
    .filter(
      (one) =>
        one.build.key === control.build.key &&
        isShown(one, evidence) &&
        !refutedBy(one, evidence) &&
        meets(one, space.target),
    )
    .toSorted((a, b) => cost(a) - cost(b));
  if (!usable) return { code: 'misses-target', data: { spec } };
  const { settings } = usable.point.request;
  return { code: 'compared', data: { spec, settings, comparison: compareCost(usable, best, goal) } };
}
