import { latencyQuantile, shownRecall } from '../../analysis/index.js';
import type { Advice, Binding, BoundName, Need } from '../../results/index.js';
import type { Target } from '../../vocabulary.js';
import { type Candidate, indexBytes, meets, unmetBounds } from '../common/constraints.js';
import { type Evidence, toCandidates } from './evidence.js';
import { pointsOf } from './explore.js';
import { predictedBuildMemory } from './prior.js';
import type { Pruned } from './prune.js';
import type { Space } from './space.js';

/*
 * What is found where nothing meets the target: which bound blocks, and what each would have to be.
 */

type Relaxed = Advice['relaxed'][number];

/** A bound of the target that a measured point meets or misses. */
interface Bound {
  readonly name: Exclude<BoundName, 'build_memory'>;
  readonly member: keyof Target;
  /** Every point meets it. */
  readonly relaxed: Partial<Target>;
  /** What it bounds; less is better. */
  readonly of: (candidate: Candidate, target: Target) => number;
  readonly need: (value: number) => Need;
}

const BOUNDS: readonly Bound[] = [
  {
    name: 'recall',
    member: 'recall',
    relaxed: { recall: 0 },
    of: ({ measured }, { confidence }) => -shownRecall(measured, confidence),
    need: (low) => ({ code: 'recall', data: { low: -low, ofAnyBuild: false } }),
  },
  {
    name: 'p95',
    member: 'p95Ms',
    relaxed: { p95Ms: Infinity },
    of: ({ measured }) => latencyQuantile(measured, 0.95)?.estimate?.high ?? Infinity,
    need: (ms) => ({ code: 'p95', data: { ms } }),
  },
  {
    name: 'index_size',
    member: 'indexBytes',
    relaxed: { indexBytes: Infinity },
    of: ({ build }) => indexBytes(build),
    need: (bytes) => ({ code: 'index_size', data: { bytes, isPredicted: false } }),
  },
  {
    name: 'build_time',
    member: 'buildSeconds',
    relaxed: { buildSeconds: Infinity },
    of: ({ build }) => build.seconds,
    need: (seconds) => ({ code: 'build_time', data: { seconds } }),
  },
];

/**
 * What was measured on all rows in this run, and does not meet the target; without what is only compared with, as long as
 * there is anything else.
 */
export function missing(
  { target }: Space,
  { confirmed, settled, explored, exact, builds }: Evidence,
): readonly Candidate[] {
  const points = [
    ...confirmed,
    ...settled.flatMap(({ tried }) => tried),
    ...explored.flatMap((one) => pointsOf(one)).filter(({ fromRun }) => fromRun === undefined),
    ...exact.points,
  ];
  const all = toCandidates(points, builds).filter((candidate) => !meets(candidate, target));
  const controls = new Set(explored.flatMap(({ family, build }) => (family.isControlOnly ? build.key : [])));
  const allowed = all.filter(({ build }) => !controls.has(build.key));
  return allowed.some(({ build }) => build.index !== null) ? allowed : all;
}

/**
 * For each bound that was asked for the point that meets all the others and comes nearest to it. Where the bound kept
 * indexes from being built, and nothing that was is near, the one that is predicted to need least.
 */
export function relaxedOf(space: Space, evidence: Evidence): Advice['relaxed'] {
  const { target } = space;
  const [unproved] = evidence.repeated
    .filter(({ spread }) => spread !== null)
    .toSorted((a, b) => (b.spread?.shown ?? 0) - (a.spread?.shown ?? 0));
  // One build meets the target; it is another that is not shown to.
  if (unproved) {
    const low = unproved.spread?.shown ?? 0;
    return [entry({ code: 'recall', data: { low, ofAnyBuild: true } }, unproved.candidate)];
  }
  const candidates = missing(space, evidence);
  const measured = BOUNDS.filter(({ member }) => target[member] !== undefined).flatMap(({ relaxed, of, need }) => {
    const [nearest] = candidates
      .filter((candidate) => meets(candidate, { ...target, ...relaxed }) && Number.isFinite(of(candidate, target)))
      .toSorted((a, b) => of(a, target) - of(b, target));
    return nearest ? [entry(need(of(nearest, target)), nearest)] : [];
  });
  const hasSize = measured.some(({ need }) => need.code === 'index_size');
  return [
    ...measured,
    ...(target.indexBytes === undefined || hasSize ? [] : unbuilt(evidence, 'index_size')),
    ...(target.buildMemoryBytes === undefined ? [] : buildMemoryOf(space, evidence)),
  ];
}

const entry = (need: Need, { build, point }: Candidate): Relaxed => ({
  need,
  spec: build.request.spec,
  settings: point.request.settings,
  point: point.key,
});

/** Bytes that an index was predicted to need of what is bounded, where that kept it from being built. */
export function neededBytes({ why }: Pruned, bound: 'index_size' | 'build_memory'): number | null {
  if (why.code === 'would-be-too-large' && bound === 'index_size') return why.data.bytes;
  return why.code === 'centres-need-memory' && bound === 'build_memory' ? why.data.bytes : null;
}

/** The least need of what a bound kept from being built. */
function unbuilt({ pruned }: Evidence, bound: 'index_size' | 'build_memory'): readonly Relaxed[] {
  const [least] = pruned
    .flatMap((one) => {
      const bytes = neededBytes(one, bound);
      return bytes === null ? [] : [{ spec: one.family.spec, bytes }];
    })
    .toSorted((a, b) => a.bytes - b.bytes);
  if (!least) return [];
  const { spec, bytes } = least;
  const need: Need =
    bound === 'index_size'
      ? { code: bound, data: { bytes, isPredicted: true } }
      : { code: bound, data: { bytes, keepsOffDisk: false } };
  return [{ need, spec, settings: {}, point: null }];
}

const SPILLED = 'hnsw-build-spilled';

/** Memory is kept to by every build; the bound blocks where it makes a build too slow, or impossible. */
function buildMemoryOf(space: Space, evidence: Evidence): readonly Relaxed[] {
  const { target } = space;
  const needs = ({ build }: Candidate): number => predictedBuildMemory(build.request.spec, space);
  const [slowed] = missing(space, evidence)
    .filter(
      (candidate) =>
        meets(candidate, { ...target, buildSeconds: Infinity }) &&
        candidate.build.findings.some(({ code }) => code === SPILLED),
    )
    .toSorted((a, b) => needs(a) - needs(b));
  if (!slowed) return unbuilt(evidence, 'build_memory');
  return [entry({ code: 'build_memory', data: { bytes: needs(slowed), keepsOffDisk: true } }, slowed)];
}

/** Which bounds are in the way; null where nothing could be measured. */
export function blockingOf(space: Space, evidence: Evidence, relaxed: Advice['relaxed']): Binding | null {
  const alone = relaxed.filter(({ point }) => point !== null);
  const [one, ...others] = alone;
  if (one && others.length === 0) {
    const { need, spec, settings } = one;
    return { code: 'one-blocks', data: { need, spec, settings } };
  }
  if (one) return { code: 'together-block', data: { bounds: alone.map(({ need }) => need.code) } };
  const [nearest] = missing(space, evidence)
    .filter(({ build }) => build.index !== null)
    .map((candidate) => missedBounds(candidate, space.target))
    .toSorted((a, b) => a.length - b.length);
  return nearest ? { code: 'several-block', data: { bounds: [...nearest] } } : null;
}

const missedBounds = (candidate: Candidate, target: Target): readonly BoundName[] =>
  BOUNDS.map(({ name }) => name).filter((name) => unmetBounds(candidate, target).some(({ code }) => code === name));
