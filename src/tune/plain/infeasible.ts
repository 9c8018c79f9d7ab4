import { describeSettings, describeSpec, describeRepresentation, usualRepresentations } from '../../indexes/index.js';
import type { Advice } from '../../results/index.js';
import { formatBytes, formatMs, formatPercent } from '../../units.js';
import type { IndexSpec, Target } from '../../vocabulary.js';
import { type Candidate, indexBytes, latencyQuantile, medianMs, misses } from '../shared/constraints.js';
import { type Evidence, toCandidates } from './evidence.js';
import { type Explored, pointsOf } from './explore.js';
import { predictedBuildMemory } from './prior.js';
import { isAllowed, type Space } from './space.js';

/*
 * What is said where nothing meets the target: which bound blocks, what each would have to be, and what else can be done.
 */

type Relaxed = Advice['relaxed'][number];

/** A bound of the target that a measured point meets or misses. */
interface Bound {
  readonly name: Relaxed['bound'];
  readonly member: keyof Target;
  /** Every point meets it. */
  readonly relaxed: Partial<Target>;
  /** What it bounds; less is better. */
  readonly of: (candidate: Candidate) => number;
  readonly say: (value: number) => string;
}

const BOUNDS: readonly Bound[] = [
  {
    name: 'recall',
    member: 'recall',
    relaxed: { recall: 0 },
    of: ({ measured }) => -(measured.recall.mean.low ?? 0),
    say: (low) => sayRecall(-low),
  },
  {
    name: 'p95',
    member: 'p95Ms',
    relaxed: { p95Ms: Infinity },
    of: ({ measured }) => latencyQuantile(measured, 0.95)?.estimate?.high ?? Infinity,
    say: (ms) => `a 95th percentile of ${formatMs(ms)}`,
  },
  {
    name: 'index_size',
    member: 'indexBytes',
    relaxed: { indexBytes: Infinity },
    of: ({ build }) => indexBytes(build),
    say: (bytes) => `an index of ${formatBytes(bytes)}`,
  },
  {
    name: 'build_time',
    member: 'buildSeconds',
    relaxed: { buildSeconds: Infinity },
    of: ({ build }) => build.seconds,
    say: (seconds) => `a build of ${formatMs(1000 * seconds)}`,
  },
];

/** Rounded down: asked for, it is met. */
const sayRecall = (low: number): string => `a recall of ${(Math.floor(1e4 * low) / 1e4).toFixed(4)}`;

const isMet = (candidate: Candidate, target: Target): boolean => misses(candidate, target).length === 0;

/** What was measured on all rows in this run, and does not meet the target. */
function missing({ target }: Space, { confirmed, settled, explored, exact, builds }: Evidence): readonly Candidate[] {
  const points = [
    ...confirmed,
    ...settled.flatMap(({ tried }) => tried),
    ...explored.flatMap((one) => pointsOf(one)).filter(({ fromRun }) => fromRun === undefined),
    ...exact.points,
  ];
  return toCandidates(points, builds).filter((candidate) => !isMet(candidate, target));
}

/**
 * For each bound that was asked for the point that meets all the others and comes nearest to it. Where the bound kept
 * indexes from being built, and nothing that was is near, the one that is predicted to need least.
 */
export function relaxedOf(space: Space, evidence: Evidence): Advice['relaxed'] {
  const { target } = space;
  const [unproved] = evidence.repeated.toSorted((a, b) => (b.spread?.recall.low ?? 0) - (a.spread?.recall.low ?? 0));
  // One build meets the target; it is another that is not shown to.
  if (unproved)
    return [entry('recall', unproved.candidate, `${sayRecall(unproved.spread?.recall.low ?? 0)} of any build`)];
  const candidates = missing(space, evidence);
  const measured = BOUNDS.filter(({ member }) => target[member] !== undefined).flatMap(({ name, relaxed, of, say }) => {
    const [nearest] = candidates
      .filter((candidate) => isMet(candidate, { ...target, ...relaxed }) && Number.isFinite(of(candidate)))
      .toSorted((a, b) => of(a) - of(b));
    return nearest ? [entry(name, nearest, say(of(nearest)))] : [];
  });
  const hasSize = measured.some(({ bound }) => bound === 'index_size');
  return [
    ...measured,
    ...(target.indexBytes === undefined || hasSize ? [] : unbuilt(evidence, 'index_size', 'for the index')),
    ...(target.buildMemoryBytes === undefined ? [] : buildMemoryOf(space, evidence)),
  ];
}

const entry = (bound: Relaxed['bound'], { build, point }: Candidate, needs: string): Relaxed => ({
  bound,
  spec: build.request.spec,
  settings: point.request.settings,
  point: point.key,
  needs,
});

/** The least need of what a bound kept from being built. */
function unbuilt({ pruned }: Evidence, bound: 'index_size' | 'build_memory', what: string): readonly Relaxed[] {
  const [least] = pruned
    .flatMap(({ family, needs }) => (needs?.bound === bound ? [{ spec: family.spec, bytes: needs.bytes }] : []))
    .toSorted((a, b) => a.bytes - b.bytes);
  if (!least) return [];
  const needs = `${formatBytes(least.bytes)} ${what}, as predicted; it was not built, and what it comes to is not known`;
  return [{ bound, spec: least.spec, settings: {}, point: null, needs }];
}

const SPILLED = 'hnsw-build-spilled';

/** Memory is kept to by every build; the bound blocks where it makes a build too slow, or impossible. */
function buildMemoryOf(space: Space, evidence: Evidence): readonly Relaxed[] {
  const { target } = space;
  const needs = ({ build }: Candidate): number => predictedBuildMemory(build.request.spec, space);
  const [slowed] = missing(space, evidence)
    .filter(
      (candidate) =>
        isMet(candidate, { ...target, buildSeconds: Infinity }) &&
        candidate.build.findings.some(({ code }) => code === SPILLED),
    )
    .toSorted((a, b) => needs(a) - needs(b));
  if (!slowed) return unbuilt(evidence, 'build_memory', 'of maintenance_work_mem');
  const most = formatBytes(needs(slowed));
  return [
    entry(
      'build_memory',
      slowed,
      `${most} of maintenance_work_mem, as predicted, to keep the build off the disk; how long it then takes is not known`,
    ),
  ];
}

/** Bounds, for a sentence. */
export const BOUND_TITLES: Readonly<Record<Relaxed['bound'], string>> = {
  recall: 'recall',
  p95: '95th percentile',
  index_size: 'size of the index',
  build_memory: 'memory of the build',
  build_time: 'time of the build',
};

/** Which bound stands in the way, in a sentence; null where nothing could be measured. */
export function blockingOf(space: Space, evidence: Evidence, relaxed: Advice['relaxed']): string | null {
  const alone = relaxed.filter(({ point }) => point !== null);
  const [one, ...others] = alone;
  const titles = (bounds: readonly Relaxed['bound'][]): string =>
    bounds.map((bound) => `the ${BOUND_TITLES[bound]}`).join(' and ');
  if (one && others.length === 0) {
    const settings = Object.keys(one.settings).length > 0 ? `, ${describeSettings(one.settings)}` : '';
    return `It is the ${BOUND_TITLES[one.bound]} that blocks: nearest comes ${describeSpec(one.spec)}${settings}, with ${one.needs}.`;
  }
  if (one) {
    return `No bound blocks alone, but together they do: it would be enough to give way in one of ${titles(alone.map(({ bound }) => bound))}.`;
  }
  const candidates = missing(space, evidence).filter(({ build }) => build.index !== null);
  const missed = (candidate: Candidate): readonly Bound[] =>
    BOUNDS.filter(
      ({ relaxed }) =>
        misses(candidate, { ...space.target, ...relaxed }).length < misses(candidate, space.target).length,
    );
  const [nearest] = candidates.map(missed).toSorted((a, b) => a.length - b.length);
  return nearest
    ? `Several bounds block at once: nothing meets all but one of them; ${titles(nearest.map(({ name }) => name))} are missed at least.`
    : null;
}

/** Ways that are open where nothing meets the target, each because of what was measured. */
export function waysOutOf(space: Space, evidence: Evidence, relaxed: Advice['relaxed']): string[] {
  const blocks = (bound: Relaxed['bound']): boolean =>
    relaxed.some((one) => one.bound === bound && one.spec.method !== 'none');
  return [
    ...moreQueries(space, evidence),
    ...beyondGraphs(space, evidence),
    ...exactScan(space, evidence),
    ...(blocks('p95')
      ? [
          'Less work for the same recall: fewer dimensions (where the model was trained for it), or a faster machine with the index in memory.',
        ]
      : []),
    ...(blocks('index_size') ? smallerIndex(space) : []),
    ...(blocks('build_time')
      ? [
          'A quicker build: more max_parallel_maintenance_workers, a lower ef_construction, or maintenance_work_mem that holds the whole graph.',
        ]
      : []),
  ];
}

/** A recall that is there, but not shown. */
function moreQueries(space: Space, evidence: Evidence): readonly string[] {
  const { target } = space;
  // Of those that the search asked, a look ends as soon as it is plain enough.
  const [best] = missing(space, { ...evidence, explored: [] })
    .filter((one) => isMet(one, { ...target, recall: 0 }) && one.measured.recall.mean.value >= target.recall)
    .toSorted((a, b) => b.measured.recall.mean.value - a.measured.recall.mean.value);
  if (!best || evidence.repeated.length > 0) return [];
  const { mean, queries } = best.measured.recall;
  return [
    `More queries (measure.queries): ${describeSpec(best.build.request.spec)} with ${describeSettings(best.point.request.settings)} comes to a recall of ${mean.value.toFixed(4)}, but ${queries} queries show only ${(mean.low ?? 0).toFixed(4)} of it.`,
  ];
}

/** An index whose recall is short of the target wherever it was looked at. */
interface Short {
  readonly explored: Explored;
  /** The most that was seen. */
  readonly recall: number;
  /** The highest value of the knob, if it was looked at. */
  readonly end: number | null;
  /** Misses that were left, over those at half the value of the knob; null: not known. */
  readonly left: number | null;
}

function shortOf(explored: Explored): Short | null {
  const seen = explored.observations.toSorted((a, b) => a.value - b.value);
  const last = seen.at(-1);
  if (!last) return null;
  const before = seen.at(-2);
  const end = explored.candidates?.values.at(-1) === last.value ? last.value : null;
  const left =
    end !== null && before && before.recall < 1
      ? ((1 - last.recall) / (1 - before.recall)) ** (1 / Math.log2(last.value / before.value))
      : null;
  return { explored, recall: Math.max(...seen.map(({ recall }) => recall)), end, left };
}

/** Where twice the candidates leave more than this of the misses, more of them do not help: no way leads to those rows. */
const STALLED = 0.9;

/** What goes beyond a graph whose recall ends below the target. */
function beyondGraphs(space: Space, evidence: Evidence): readonly string[] {
  const { target } = space;
  const { explored, pruned } = evidence;
  const of = (method: string): readonly Explored[] => explored.filter(({ family }) => family.spec.method === method);
  const [best] = of('hnsw')
    .flatMap((one) => shortOf(one) ?? [])
    .toSorted((a, b) => b.recall - a.recall);
  if (!best || best.recall >= target.recall) return [];
  const { family, candidates } = best.explored;
  const duplicates = duplicatesOf(evidence);
  const isNamed = best.end !== null && family.knobValues !== null && best.end < (candidates?.knob.max ?? 0);
  const isCapped = best.end !== null && !isNamed;
  const isStalled = best.left !== null && best.left > STALLED;
  const ways: string[] = [];
  if (isCapped && duplicates !== null) {
    ways.push(
      `Deduplicate: ${formatPercent(duplicates)} of the rows have the same vector as another row. An element of a graph holds ten rows of one vector; where there are more, the copies link to each other and may hide what lies behind them. Index a table with one row of each vector, and join the copies to it.`,
    );
  }
  if (isNamed) ways.push(`A higher ${candidates?.knob.name}: the configuration names none above ${best.end}.`);
  const [most] = missing(space, evidence)
    .filter(({ build }) => build.key === best.explored.build.key)
    .map(({ measured }) => measured.recall.mean.value)
    .toSorted((a, b) => b - a);
  // What an earlier run saw is not quoted.
  const seen =
    most === undefined ? '' : `: ${describeSpec(family.spec)} comes to a recall of ${most.toFixed(4)} at most`;
  const gain = isStalled ? ', and hardly gains from more candidates' : '';
  ways.push(`A denser graph (higher m, ef_construction)${seen}${seen && gain}.`);
  if (isCapped && !isStalled) {
    ways.push(
      `An iterative scan (hnsw.iterative_scan = relaxed_order, pgvector 0.8 or later): a subquery may then take more rows from the index than ef_search allows, to be sorted again and cut to ${space.workload.k}.`,
    );
  }
  if (of('ivfflat').length === 0) ways.push(...ivfflatInstead(space, pruned));
  if (isCapped && duplicates === null) {
    ways.push('Partitions, by what queries filter on, each with its index: in a smaller graph less is missed.');
  }
  return ways;
}

function ivfflatInstead(space: Space, pruned: Evidence['pruned']): readonly string[] {
  const { families, dimensions, rows, metric, target } = space;
  const what = 'its recall has no end below 1 as the probes grow';
  if (!families.some(({ spec }) => spec.method === 'ivfflat')) {
    const spec: IndexSpec = { method: 'ivfflat', representation: 'vector', parameters: {} };
    const isPossible = isAllowed(spec, { dimensions, rows, metric });
    return isPossible ? [`IVFFlat, which was not among the indexes to choose from: ${what}.`] : [];
  }
  const needs = pruned.flatMap(({ family, needs }) =>
    family.spec.method === 'ivfflat' && needs?.bound === 'build_memory' ? needs.bytes : [],
  );
  // Where the bound is the user's own, it is among those to be relaxed.
  if (needs.length === 0 || target.buildMemoryBytes !== undefined) return [];
  return [`IVFFlat, with ${formatBytes(Math.min(...needs))} of maintenance_work_mem (target.build_memory): ${what}.`];
}

/** Share of the rows that repeat another's vector, where that is worth a finding. */
function duplicatesOf({ confirmed, explored, exact }: Evidence): number | null {
  const points = [...confirmed, ...explored.flatMap((one) => pointsOf(one)), ...exact.points];
  const found = points.flatMap(({ findings }) => findings).find((finding) => finding.code === 'duplicates');
  return found?.code === 'duplicates' ? found.data.share : null;
}

/** Without a bound on latency nothing speaks against it but its time; within a bound it would be recommended. */
function exactScan({ target }: Space, { exact }: Evidence): readonly string[] {
  const [point] = exact.points;
  if (target.p95Ms !== undefined || !point?.measured) return [];
  return [
    `The exact scan: it finds every neighbour without an index, at a median of ${formatMs(medianMs(point.measured))}.`,
  ];
}

/** Representations that were not among those to choose from. */
function smallerIndex({ families, dimensions }: Space): readonly string[] {
  const known = new Set(families.map(({ spec }) => describeRepresentation(spec)));
  const others = usualRepresentations(dimensions)
    .map(describeRepresentation)
    .filter((representation) => !known.has(representation));
  return others.length > 0
    ? [`A smaller index: ${others.join(', ')} (representation), which were not among those to choose from.`]
    : ['A smaller index: fewer rows, such as a partial index or partitions, or a model with fewer dimensions.'];
}
