import { describeRepresentation, usualRepresentations } from '../../indexes/index.js';
import { shownRecall } from '../../analysis/index.js';
import type { Advice, BoundName, WayOut } from '../../results/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import { medianMs, meets } from '../common/constraints.js';
import { duplicatesOf, type Evidence, exactPoint } from './evidence.js';
import type { Explored } from './explore.js';
import { missing, neededBytes } from './infeasible.js';
import { isAllowed, type Space } from './space.js';

/** Ways that are open where nothing meets the target, each because of what was measured. */
export function waysOutOf(space: Space, evidence: Evidence, relaxed: Advice['relaxed']): readonly WayOut[] {
  const blocks = (bound: BoundName): boolean =>
    relaxed.some(({ need, spec }) => need.code === bound && spec.method !== 'none');
  return [
    ...moreQueries(space, evidence),
    ...beyondGraphs(space, evidence),
    ...exactScan(space, evidence),
    ...(blocks('p95') ? [{ code: 'less-work', data: {} } as const] : []),
    ...(blocks('index_size') ? [smallerIndex(space)] : []),
    ...(blocks('build_time') ? [{ code: 'quicker-build', data: {} } as const] : []),
  ];
}

/** A recall that is there, but not shown. */
function moreQueries(space: Space, evidence: Evidence): readonly WayOut[] {
  const { target } = space;
  // Of those that the search asked, a look ends as soon as it is plain enough.
  const [best] = missing(space, { ...evidence, explored: [] })
    .filter((one) => meets(one, { ...target, recall: 0 }) && one.measured.recall.mean.value >= target.recall)
    .toSorted((a, b) => b.measured.recall.mean.value - a.measured.recall.mean.value);
  if (!best || evidence.repeated.length > 0) return [];
  const { mean, queries } = best.measured.recall;
  const low = shownRecall(best.measured, target.confidence);
  const { spec } = best.build.request;
  const { settings } = best.point.request;
  return [{ code: 'more-queries', data: { spec, settings, recall: mean.value, low, queries } }];
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
function beyondGraphs(space: Space, evidence: Evidence): readonly WayOut[] {
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
  const [most] = missing(space, evidence)
    .filter(({ build }) => build.key === best.explored.build.key)
    .map(({ measured }) => measured.recall.mean.value)
    .toSorted((a, b) => b - a);
  const ways: WayOut[] = [];
  if (isCapped && duplicates !== null) ways.push({ code: 'deduplicate', data: { share: duplicates } });
  if (isNamed && best.end !== null) {
    ways.push({ code: 'higher-setting', data: { knob: candidates?.knob.name ?? '', highest: best.end } });
  }
  // What an earlier run saw is not quoted.
  ways.push({ code: 'denser-graph', data: { spec: family.spec, recall: most ?? null, isStalled } });
  if (isCapped && !isStalled) ways.push({ code: 'iterative-scan', data: { k: space.workload.k } });
  if (of('ivfflat').length === 0) ways.push(...ivfflatInstead(space, pruned));
  if (isCapped && duplicates === null) ways.push({ code: 'partitions', data: {} });
  return ways;
}

function ivfflatInstead(space: Space, pruned: Evidence['pruned']): readonly WayOut[] {
  const { families, dimensions, rows, metric, target } = space;
  if (!families.some(({ spec }) => spec.method === 'ivfflat')) {
    const spec: IndexSpec = { method: 'ivfflat', representation: 'vector', parameters: {} };
    const isPossible = isAllowed(spec, { dimensions, rows, metric });
    return isPossible ? [{ code: 'ivfflat', data: {} }] : [];
  }
  const needs = pruned
    .filter(({ family }) => family.spec.method === 'ivfflat')
    .flatMap((one) => neededBytes(one, 'build_memory') ?? []);
  // Where the bound is the user's own, it is among those to be relaxed.
  if (needs.length === 0 || target.buildMemoryBytes !== undefined) return [];
  return [{ code: 'ivfflat-with-memory', data: { bytes: Math.min(...needs) } }];
}

/** Without a bound on latency nothing speaks against it but its time; within a bound it would be recommended. */
function exactScan({ target }: Space, evidence: Evidence): readonly WayOut[] {
  const point = exactPoint(evidence);
  if (target.p95Ms !== undefined || !point?.measured) return [];
  return [{ code: 'exact-scan', data: { medianMs: medianMs(point.measured) } }];
}

/** Representations that were not among those to choose from; else less to store. */
function smallerIndex({ families, dimensions, metric }: Space): WayOut {
  const known = new Set(families.map(({ spec }) => describeRepresentation(spec)));
  const names = usualRepresentations(dimensions, metric)
    .map(describeRepresentation)
    .filter((representation) => !known.has(representation));
  return names.length > 0 ? { code: 'smaller-representation', data: { names } } : { code: 'less-to-index', data: {} };
}
