import { bettingInterval, bettingLowerBound, encodeUint16 } from '../src/analysis/index.js';
import { shortHash } from '../src/canonical-json.js';
import type { Random } from '../src/random.js';
import {
  type Ask,
  type BuildRecord,
  type BuildRequest,
  keyOf,
  type Measured,
  type PointRecord,
  type PointRequest,
  type Reply,
  type Search,
} from '../src/results/index.js';
import type { IndexSpec, SearchSettings } from '../src/vocabulary.js';
import { findBuild, type GridBuild, type GridPoint, type RecordedGrid } from './grid-file.js';

/*
 * A recorded grid in the place of a server. The recorded queries are the population: every replay draws its own sample
 * from it, with replacement. So the queries of a search are independent draws, as those of an application are, and the
 * recall that a recommendation promises is known without error: its mean over the population.
 */

export interface Replay {
  readonly reply: (ask: Ask) => Reply;
  /** Queries that the search may ask. */
  readonly queries: number;
  /** Rows that indexes may be compared on before one is built on all; null: any. */
  readonly rowsBudget: number | null;
  /** Recall of a recorded point over the population. */
  readonly recall: (point: GridPoint) => number;
  /** Recall of a recorded point over a few more queries, drawn as those of the search were. */
  readonly recallOfSample: (point: GridPoint) => number;
  /** The recall that the queries show with a confidence. */
  readonly shown: (point: GridPoint, confidence: number) => number;
  readonly find: (spec: IndexSpec, rows: number) => GridBuild | undefined;
  readonly spent: () => Spent;
}

/** What a search has used up. */
export interface Spent {
  /** Builds, each counting as the share of the rows that it holds. */
  readonly builds: number;
  /** Seconds of those builds, as recorded, over the mean of a build on all rows. */
  readonly buildSeconds: number;
  /** Settings that were looked at. */
  readonly points: number;
}

/** Queries that no search has seen, for a mean that anybody could take. */
const MORE_QUERIES = 400;

/** @param queries that the search may ask */
export function replayOf(
  grid: RecordedGrid,
  random: Random,
  { queries, rowsBudget }: Pick<Replay, 'queries' | 'rowsBudget'>,
): Replay {
  const { header } = grid;
  const draw = (count: number): readonly number[] => Array.from({ length: count }, () => random.int(header.queries));
  const asked = draw(queries);
  const more = draw(MORE_QUERIES);
  const population = Array.from({ length: header.queries }, (_, query) => query);
  const builds = new Map<string, { readonly record: BuildRecord; readonly recorded: GridBuild | null }>();
  const points = new Set<string>();
  const full = grid.builds.filter(({ rows }) => rows === header.rows);
  const meanSeconds = full.reduce((sum, { seconds }) => sum + seconds, 0) / full.length;
  const find = (spec: IndexSpec, rows: number): GridBuild | undefined => findBuild(grid.builds, spec, rows);
  const hitsOf = (point: GridPoint, of: readonly number[]): number[] =>
    of.map((query) => Number.parseInt(point.hits[query] ?? '0', 16));
  const recallsOf = (point: GridPoint, of: readonly number[]): number[] =>
    hitsOf(point, of).map((hits) => hits / header.k);

  function build(request: BuildRequest): BuildRecord {
    const { spec, rows = header.rows } = request;
    const recorded = find(spec, rows) ?? null;
    if (!recorded && spec.method !== 'none') throw new Error(`The grid holds no ${JSON.stringify(request)}.`);
    const key = keyOf('build', request);
    const index = recorded && {
      name: key,
      definition: '',
      opclass: '',
      reloptions: {},
      valid: true,
      bytes: recorded.bytes,
    };
    const record: BuildRecord = {
      type: 'build',
      key,
      request,
      attempt: 1,
      startedAt: header.recorded,
      status: 'ok',
      reason: null,
      index,
      seconds: recorded?.seconds ?? 0,
      settings: {},
      notices: [],
      findings: [],
    };
    builds.set(key, { record, recorded });
    return record;
  }

  function point(request: PointRequest): PointRecord {
    const { from = 0 } = request;
    const of = asked.slice(from, from + request.queries);
    const recorded = builds.get(request.build)?.recorded;
    const base = {
      type: 'point' as const,
      key: keyOf('point', request),
      request,
      startedAt: header.recorded,
      findings: [],
    };
    if (recorded === undefined) throw new Error(`A point of ${request.build}, which was never built.`);
    if (recorded === null) {
      const perfect = of.map(() => header.k);
      return {
        ...base,
        status: 'ok',
        reason: null,
        measured: measuredOf(perfect, { k: header.k, buffers: header.rows }),
      };
    }
    points.add(`${request.build} ${shortHash(request.settings)}`);
    const found = pointAt(recorded, valueOf(request));
    if (!found) return { ...base, status: 'void', reason: { code: 'not-recorded', data: {} }, measured: null };
    return {
      ...base,
      status: 'ok',
      reason: null,
      measured: measuredOf(hitsOf(found, of), { k: header.k, buffers: found.buffers }),
    };
  }

  return {
    queries,
    rowsBudget,
    find,
    recall: (one) => mean(recallsOf(one, population)),
    recallOfSample: (one) => mean(recallsOf(one, more)),
    shown: (one, confidence) => bettingLowerBound(recallsOf(one, asked), confidence),
    spent: () => {
      const made = [...builds.values()].flatMap(({ recorded }) => recorded ?? []);
      return {
        builds: made.reduce((sum, { rows }) => sum + rows / header.rows, 0),
        buildSeconds: made.reduce((sum, { seconds }) => sum + seconds, 0) / meanSeconds,
        points: points.size,
      };
    },
    reply: (ask) => {
      // Any other kind of measurement is refused, however many there are.
      if (ask.kind === 'build') return ask.requests.map(build);
      if (ask.kind === 'point') return ask.requests.map(point);
      if (ask.kind === 'release') return [];
      if (ask.kind === 'planner-map') {
        const table = { rows: header.rows, heapPages: 0, indexPages: 0 };
        const startedAt = header.recorded;
        return ask.requests.map((request) => ({ type: 'planner-map', key: '', request, startedAt, table, axes: [] }));
      }
      throw new Error(`A recorded grid holds plain queries without load, no ${ask.kind}.`);
    },
  };
}

/** The most that a recorded point can say. Times are not recorded: buffers stand for them, a microsecond each. */
function measuredOf(
  hits: readonly number[],
  { k, buffers }: { readonly k: number; readonly buffers: number },
): Measured {
  const recalls = hits.map((one) => one / k);
  const { low, high } = bettingInterval(recalls);
  const certain = (value: number) => ({ value, low: value, high: value });
  const recall = mean(recalls);
  return {
    settingsReadBack: {},
    plan: { node: 'Index Scan', index: null, rowsRemovedByFilter: 0, startupCost: 0, totalCost: 0, checks: 0 },
    recall: {
      mean: { value: recall, low: Math.min(low, recall), high: Math.max(high, recall) },
      strictMean: recall,
      min: Math.min(...recalls),
      p1: 0,
      p5: 0,
      shareBelowHalf: 0,
      queries: hits.length,
      excluded: 0,
    },
    completeness: { mean: 1, shortQueries: 0 },
    latencyMs: {
      n: hits.length,
      mean: buffers / 1000,
      quantiles: [0.5, 0.95].map((p) => ({ p, estimate: certain(buffers / 1000), needs: 0 })),
    },
    clientFloorMs: 0,
    buffers: { mean: certain(buffers), meanRead: 0, queries: hits.length },
    cache: { state: 'warm', declared: 'warm', readShare: 0, prewarmed: true, isRing: false },
    samples: {
      blockQueries: hits.length,
      latencyMs: '',
      hits: encodeUint16(hits),
      expected: encodeUint16(hits.map(() => k)),
      strictHits: '',
      returned: '',
    },
  };
}

/**
 * What a build does at a value of its knob. Between two recorded values, at most a quarter apart, every query answers as at the one or
 * as at the other, more of them as at the nearer, always the same ones first; work is interpolated. Above the last value
 * recall stays and work grows as before: a recording ends near recall 1.
 */
export function pointAt({ points }: GridBuild, value: number): GridPoint | null {
  const curve = points.filter(
    ({ settings: { rerank_depth: depth, ef_search: ef } }) => depth === undefined || depth === ef,
  );
  const above = curve.findIndex((point) => valueOf(point) >= value);
  const right = above === -1 ? curve.at(-1) : curve[above];
  const left = above === -1 ? curve.at(-2) : curve[above - 1];
  if (!right || (above === 0 && valueOf(right) > value)) return null;
  if (valueOf(right) === value || !left) return right;
  const share = (value - valueOf(left)) / (valueOf(right) - valueOf(left));
  const settings = Object.fromEntries(Object.keys(right.settings).map((name) => [name, value]));
  const buffers = left.buffers + share * (right.buffers - left.buffers);
  const hits = left.hits
    .split('')
    .map((hit, query) => (turnOf(query) < share ? right.hits[query] : hit))
    .join('');
  return { settings, buffers, hits };
}

const valueOf = ({ settings }: Pick<GridPoint, 'settings'>): number =>
  Number(settings['ef_search'] ?? settings['probes']);

/** A number in [0, 1) that is spread evenly over the queries. */
const turnOf = (query: number): number => (query * 0.618_033_988_749_895) % 1;

/** Order of the names does not matter. */
export const sameSettings = (a: SearchSettings, b: SearchSettings): boolean => shortHash(a) === shortHash(b);

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Runs a search against a replay to its end. */
export function run<Answer>(search: Search<Answer>, { reply }: Replay): Answer {
  let step = search.next();
  while (!step.done) step = search.next(reply(step.value));
  return step.value;
}
