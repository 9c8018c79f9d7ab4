import { latencyQuantile } from '../../analysis/index.js';
import {
  ask,
  askTogether,
  type BuildRecord,
  type Configuration,
  keyOf,
  type Measured,
  type PointRequest,
  type Search,
  type ServedByConfiguration,
  type Unmet,
} from '../../results/index.js';
import type { Target } from '../../vocabulary.js';
import { indexBytes } from '../common/constraints.js';
import { type BuildFacts, chooseBuilds, isPossible, unmetBySet } from './choose-builds.js';
import type { Demand, Way } from './demand.js';

/** Ways of one workload that are tried before it is given up. */
const MOST_ATTEMPTS = 6;
/** What nobody uses is not built, and then the others are measured anew: so many times. */
const MOST_ROUNDS = 3;

/**
 * Finds the indexes to build on the table together, and measures every workload with all of them visible: what is
 * served by its own indexes alone may be taken over by another that the planner thinks cheaper, with other answers. A way
 * that is taken over is tried in its protected form; then the next one has its turn.
 *
 * @param required keys of builds that are kept in any case, unless no workload uses them
 * @param builds every record of the run's builds, by key
 * @param options.tableBytes of the table without its indexes: what a copy of it takes
 */
export function* configure(
  demands: readonly Demand[],
  required: readonly string[],
  builds: ReadonlyMap<string, BuildRecord>,
  { target, tableBytes }: { readonly target: Target; readonly tableBytes: number },
): Search<Configuration> {
  const facts = new Map([...builds].map(([key, build]) => [key, factsOf(build, tableBytes)]));
  let standing = chooseBuilds(demands, facts, required, target);
  let served: readonly ServedByConfiguration[] = [];
  for (let round = 1; ; round++) {
    const found = [];
    for (const [i, demand] of demands.entries()) {
      found.push(yield* serve(demand, { standing, facts, target }, served[i]));
    }
    served = found.map(({ record }) => record);
    const used = new Set(found.flatMap(({ way }) => way?.builds ?? []));
    if (used.size === standing.length || round === MOST_ROUNDS) break;
    standing = standing.filter((key) => used.has(key));
  }
  const [first, ...others] = standing;
  const writes = first === undefined ? null : { build: first, ...(others.length > 0 ? { beside: others } : {}) };
  // Last of all: rows that are inserted change the table, even if they are rolled back.
  if (writes) yield* ask('writes', writes);
  return {
    builds: [...standing],
    bytes: standing.reduce((sum, key) => sum + (facts.get(key)?.bytes ?? 0), 0),
    served: [...served],
    writes: writes && keyOf('writes', writes),
  };
}

const factsOf = (build: BuildRecord, tableBytes: number): BuildFacts => {
  const { spec, placement, columnIndex, text } = build.request;
  const isVector = spec.method !== 'none' && columnIndex === undefined && text === undefined;
  const isCopy = placement !== undefined && placement.kind !== 'partial';
  return {
    bytes: indexBytes(build) + (isCopy ? tableBytes : 0),
    seconds: build.seconds,
    isCopy,
    isWholeVector: isVector && placement === undefined,
  };
};

interface Standing {
  /** Keys of the builds whose indexes exist. */
  readonly standing: readonly string[];
  readonly facts: ReadonlyMap<string, BuildFacts>;
  readonly target: Target;
}

/**
 * Measures ways of a workload with all indexes visible, until one is served as it is meant to be.
 *
 * @param before what became of it beside more indexes; undefined in the first round
 */
function* serve(
  { of, ways, alone }: Demand,
  { standing, facts, target }: Standing,
  before: ServedByConfiguration | undefined,
): Search<{ readonly record: ServedByConfiguration; readonly way: Way | null }> {
  const attempts = ways
    .filter((way) => isPossible(way, new Set(standing)))
    .flatMap((way) => (way.canBeProtected ? [false, true] : [false]).map((isProtected) => ({ way, isProtected })));
  // Its indexes went because they did not serve it: why is known.
  if (attempts.length === 0 && before) return { record: before, way: null };
  const lost: string[] = [];
  // With no way left, it is the bounds of the whole that leave none.
  let unmet = attempts.length > 0 ? [] : unmetBySet([...standing, ...ways[0].builds], facts, target);
  for (const { way, isProtected } of attempts.slice(0, MOST_ATTEMPTS)) {
    const request = requestAmong(way.request, standing, isProtected);
    const [point] = yield* askTogether('point', [request]);
    unmet = point?.measured ? unmetTime(point.measured, target) : [];
    if (point?.measured && isAsGood(point.measured, way.alone) && unmet.length === 0) {
      return { record: { of, option: way.option, point: point.key, alone, lost }, way };
    }
    if (point) lost.push(point.key);
  }
  const why = unmet.length > 0 ? { unmet: [...unmet] } : {};
  return { record: { of, option: null, point: null, alone, lost, ...why }, way: null };
}

/** The bound on time, as it is met with all indexes visible: its unfavourable end counts. */
function unmetTime(measured: Measured, { p95Ms: boundMs }: Target): readonly Unmet[] {
  const p95 = latencyQuantile(measured, 0.95);
  if (boundMs === undefined || (p95?.estimate?.high ?? Infinity) <= boundMs) return [];
  return [{ code: 'p95', data: { ms: p95?.estimate?.value ?? null, needs: p95?.needs ?? null, boundMs } }];
}

function requestAmong(request: PointRequest, standing: readonly string[], isProtected: boolean): PointRequest {
  const own = [request.build, ...(request.beside ?? [])];
  const among = standing.filter((key) => !own.includes(key));
  const { workload } = request;
  return {
    ...request,
    purpose: 'confirm',
    ...(among.length > 0 ? { among } : {}),
    workload: isProtected ? { ...workload, protected: true } : workload,
  };
}

/** Other visible indexes change no answer, as long as they serve none: what falls out of the interval is another one. */
const isAsGood = (measured: Measured, alone: Measured): boolean =>
  measured.recall.mean.value >= (alone.recall.mean.low ?? 0);
