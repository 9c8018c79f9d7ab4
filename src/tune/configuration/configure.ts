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
} from '../../results/index.js';
import { indexBytes } from '../shared/constraints.js';
import { type BuildFacts, chooseBuilds, isPossible } from './choose-builds.js';
import type { Demand, Way } from './demand.js';

/** Ways of one workload that are tried before it is given up. */
const MOST_ATTEMPTS = 6;
/** What nobody uses is not built, and then the others are measured anew: so many times. */
const MOST_ROUNDS = 3;

/**
 * Finds the indexes that shall stand on the table together, and measures every workload in sight of all of them: what is
 * served by its own indexes alone may be taken over by another that the planner thinks cheaper, with other answers. A way
 * that is taken over is tried in its protected form; then the next one has its turn.
 *
 * @param required keys of builds that stand in any case, unless no workload uses them
 * @param builds every record of the run's builds, by key
 */
export function* configure(
  demands: readonly Demand[],
  required: readonly string[],
  builds: ReadonlyMap<string, BuildRecord>,
): Search<Configuration> {
  const facts = new Map([...builds].map(([key, build]) => [key, factsOf(build)]));
  let standing = chooseBuilds(demands, facts, required);
  let served: readonly ServedByConfiguration[] = [];
  for (let round = 1; ; round++) {
    const found = [];
    for (const demand of demands) found.push(yield* serve(demand, standing));
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

const factsOf = (build: BuildRecord): BuildFacts => {
  const { spec, placement, columnIndex, text } = build.request;
  const isVector = spec.method !== 'none' && columnIndex === undefined && text === undefined;
  return { bytes: indexBytes(build), isWholeVector: isVector && placement === undefined };
};

/** Measures ways of a workload in sight of all indexes, until one is served as it is meant to be. */
function* serve(
  { of, ways, alone }: Demand,
  standing: readonly string[],
): Search<{ readonly record: ServedByConfiguration; readonly way: Way | null }> {
  const attempts = ways
    .filter((way) => isPossible(way, new Set(standing)))
    .flatMap((way) => (way.canBeProtected ? [false, true] : [false]).map((isProtected) => ({ way, isProtected })));
  const lost: string[] = [];
  for (const { way, isProtected } of attempts.slice(0, MOST_ATTEMPTS)) {
    const request = requestAmong(way.request, standing, isProtected);
    const [point] = yield* askTogether('point', [request]);
    if (point?.measured && isAsGood(point.measured, way.alone)) {
      return { record: { of, option: way.option, point: point.key, alone, lost }, way };
    }
    if (point) lost.push(point.key);
  }
  return { record: { of, option: null, point: null, alone, lost }, way: null };
}

function requestAmong(request: PointRequest, standing: readonly string[], isProtected: boolean): PointRequest {
  const own = [request.build, ...(request.beside ?? [])];
  const among = standing.filter((key) => !own.includes(key));
  const { workload } = request;
  return {
    ...request,
    purpose: 'confirm',
    ...(among.length > 0 ? { among } : {}),
    workload: isProtected && workload.kind !== 'hybrid' ? { ...workload, protected: true } : workload,
  };
}

/** Other indexes in sight change no answer, as long as they serve none: what falls out of the interval is another one. */
const isAsGood = (measured: Measured, alone: Measured): boolean =>
  measured.recall.mean.value >= (alone.recall.mean.low ?? 0);
