import { createRandom } from '../src/random.js';
import { type Family, type Space, tune } from '../src/tune/index.js';
import type { GridBuild, GridPoint, RecordedGrid } from './grid-file.js';
import { mean, pointAt, type Replay, replayOf, run, sameSettings, type Spent } from './replay.js';

/*
 * What `tune`, and what one would do without it, recommend from a recorded grid, beside the cheapest index and setting
 * that the same queries show to reach the target.
 */

export interface Outcome extends Spent {
  /**
   * Work of the recommendation over that of the cheapest index with a setting of the same recall over the population, less
   * one; null: nothing was recommended.
   */
  readonly regret: number | null;
  /** The same over the cheapest index and setting whose recall over the population reaches the target: what showing it costs. */
  readonly price: number | null;
  /** True when what is recommended does not have the recall that was asked for, over the population of queries. */
  readonly violated: boolean;
  /** The same by the mean of a few fresh queries, which errs by itself. */
  readonly violatedBySample: boolean;
}

interface Case {
  readonly grid: RecordedGrid;
  readonly target: number;
  readonly replay: Replay;
}

/** An index and a setting of the grid. */
interface Choice {
  readonly build: GridBuild;
  readonly point: GridPoint;
}

/** One-sided, with which a recall has to be shown. */
const CONFIDENCE = 0.95;
/** Largest ef_search. */
const MOST = 1000;
const DEFAULTS = { m: 16, ef_construction: 64 };
/** Looks that a bisection takes. */
const LOOKS = 6;

export const fullBuilds = ({ builds, header }: RecordedGrid): readonly GridBuild[] =>
  builds.filter(({ rows }) => rows === header.rows);

/** The lowest setting of a build that the queries of a replay show to reach the target. */
function settle({ replay, target, grid }: Case, build: GridBuild): Choice | null {
  const most = Number(build.spec.parameters['lists'] ?? MOST);
  const reaches = (value: number): GridPoint | null => {
    const point = pointAt(build, value);
    return point && replay.shown(point, CONFIDENCE) >= target ? point : null;
  };
  let below = build.spec.method === 'hnsw' ? grid.header.k - 1 : 0;
  let above = most;
  let point = reaches(most);
  if (!point) return null;
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    const there = reaches(middle);
    if (there) point = there;
    if (there) above = middle;
    else below = middle;
  }
  return { build, point };
}

/** Every index of the grid with that setting. */
export const settleAll = (grid: RecordedGrid, target: number, replay: Replay): readonly Choice[] =>
  fullBuilds(grid).flatMap((build) => settle({ grid, target, replay }, build) ?? []);

/** Least work of all indexes of the grid at a recall over the population, between the settings recorded. */
const leastWork = (grid: RecordedGrid, replay: Replay, recall: number): number =>
  Math.min(...fullBuilds(grid).map((build) => workAt(build, replay, recall)));

function workAt({ points }: GridBuild, replay: Replay, recall: number): number {
  const above = points.findIndex((point) => replay.recall(point) >= recall);
  const [left, right] = [points[above - 1], points[above]];
  if (!right || !left) return right?.buffers ?? Infinity;
  const share = (recall - replay.recall(left)) / (replay.recall(right) - replay.recall(left));
  return left.buffers + share * (right.buffers - left.buffers);
}

const cheapestOf = (choices: readonly Choice[]): Choice | null =>
  choices.reduce<Choice | null>((a, b) => (a === null || b.point.buffers < a.point.buffers ? b : a), null);

const isDefault = ({ method, representation, parameters }: GridBuild['spec']): boolean =>
  method === 'hnsw' && representation === 'vector' && sameSettings(parameters, DEFAULTS);

function spaceOf({ grid, target, replay }: Case): Space {
  const { header } = grid;
  const families = fullBuilds(grid)
    .map(({ spec }): Family => ({ spec, knobValues: null }))
    .sort((a, b) => Number(isDefault(b.spec)) - Number(isDefault(a.spec)));
  return {
    families,
    workload: { kind: 'plain', k: header.k },
    target: { recall: target, confidence: CONFIDENCE, minimise: 'buffers' },
    rows: header.rows,
    dimensions: header.dimensions,
    metric: 'cosine',
    queries: replay.queries,
    timed: Math.min(1000, replay.queries),
    repeats: 1,
    cache: 'warm',
    coldBytes: 0,
    loads: null,
    rowsBudget: replay.rowsBudget,
    rulesOfThumb: [],
    server: null,
  };
}

/** Which indexes to build on all rows, where nothing is learned from one about another. */
const BASELINES: Readonly<Record<string, (builds: readonly GridBuild[], seed: string) => readonly GridBuild[]>> = {
  'defaults + ef': (builds) => builds.filter(({ spec }) => isDefault(spec)),
  'random, 3 builds': (builds, seed) =>
    createRandom(seed)
      .shuffle([...builds])
      .slice(0, 3),
  'random, 10 builds': (builds, seed) =>
    createRandom(seed)
      .shuffle([...builds])
      .slice(0, 10),
  'whole grid': (builds) => builds,
};

/**
 * One replay of a grid: what `tune` and the baselines come to with the same sample of queries. Empty where that sample
 * shows nothing in the grid to reach the target, and `tune` recommends nothing.
 *
 * @param options.share of the rows that indexes may be compared on before one is built on all; undefined: any
 */
export function replayGrid(
  grid: RecordedGrid,
  target: number,
  { seed, queries, share }: { readonly seed: string; readonly queries: number; readonly share?: number | undefined },
): ReadonlyMap<string, Outcome> {
  const replay = replayOf(grid, createRandom(seed), {
    queries,
    rowsBudget: share === undefined ? null : Math.round(share * grid.header.rows),
  });
  const one: Case = { grid, target, replay };
  const full = fullBuilds(grid);
  const settled = new Map(full.map((build) => [build, settle(one, build)]));
  const optimum = cheapestOf([...settled.values()].flatMap((choice) => choice ?? []));
  const judge = (chosen: Choice | null): Omit<Outcome, keyof Spent> => ({
    regret: chosen && chosen.point.buffers / leastWork(grid, replay, replay.recall(chosen.point)) - 1,
    price: chosen && chosen.point.buffers / leastWork(grid, replay, target) - 1,
    violated: chosen !== null && replay.recall(chosen.point) < target,
    violatedBySample: chosen !== null && replay.recallOfSample(chosen.point) < target,
  });

  const { recommendation } = run(tune(spaceOf(one), { measureWrites: false }), replay);
  const build = recommendation && replay.find(recommendation.spec, grid.header.rows);
  const point = build && pointAt(build, Number(Object.values(recommendation.settings)[0]));
  const chosen = build && point ? { build, point } : null;
  if (!optimum && !chosen) return new Map();
  const outcomes = new Map<string, Outcome>([['tune', { ...judge(chosen), ...replay.spent() }]]);
  const meanSeconds = mean(full.map(({ seconds }) => seconds));
  for (const [name, choose] of Object.entries(BASELINES)) {
    const builds = choose(full, seed);
    outcomes.set(name, {
      ...judge(cheapestOf(builds.flatMap((one) => settled.get(one) ?? []))),
      builds: builds.length,
      buildSeconds: builds.reduce((sum, { seconds }) => sum + seconds, 0) / meanSeconds,
      points: builds.reduce((sum, { points }) => sum + (name === 'whole grid' ? points.length : LOOKS), 0),
    });
  }
  return outcomes;
}
