/*
 * How good is the search? Replays recorded grids to `tune` and to what one would do without it, and compares what each
 * recommends with the cheapest index and setting in the grid.
 *
 *   npx tsc -p bench && node dist-bench/bench/tuner.js [grid …]
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nearestRank } from '../src/analysis/index.js';
import { createRandom } from '../src/random.js';
import { type Family, type Space, tune } from '../src/tune/index.js';
import { type GridBuild, type GridPoint, readGrid, type RecordedGrid } from './grid-file.js';
import { mean, pointAt, type Replay, replayOf, run, sameSettings } from './replay.js';

const GRIDS = join('bench', 'grids');
const TARGETS = [0.9, 0.95, 0.98, 0.99, 0.995];
/** Each replay deals the queries anew. */
const DEALS = 20;
/** Largest ef_search. */
const MOST = 1000;
const DEFAULTS = { m: 16, ef_construction: 64 };

interface Outcome {
  /** Work of the recommendation over that of the cheapest that the same queries show; null: nothing was recommended. */
  readonly regret: number | null;
  /** True when the queries that were kept back do not have the recall that was asked for. */
  readonly violated: boolean;
  readonly builds: number;
  readonly buildSeconds: number;
  readonly points: number;
}

interface Case {
  readonly grid: RecordedGrid;
  readonly target: number;
  readonly replay: Replay;
  /** First of the queries that recommendations are shown with. */
  readonly fresh: number;
}

/** An index and a setting of the grid. */
interface Pick {
  readonly build: GridBuild;
  readonly point: GridPoint;
}

const fullBuilds = ({ builds, header }: RecordedGrid): readonly GridBuild[] =>
  builds.filter(({ rows }) => rows === header.rows);

/** The least setting of a build that the fresh queries show to reach the target. */
function settle({ replay, target, fresh, grid }: Case, build: GridBuild): Pick | null {
  const most = build.spec.parameters['lists'] ?? MOST;
  const reaches = (value: number): GridPoint | null => {
    const point = pointAt(build, value);
    return point && replay.shown(point, fresh) >= target ? point : null;
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

const cheapest = <T>(of: readonly T[], cost: (one: T) => number): T | undefined =>
  of.reduce<T | undefined>((a, b) => (a === undefined || cost(b) < cost(a) ? b : a), undefined);

const cheapestOf = (one: Case, builds: readonly GridBuild[]): Pick | null =>
  cheapest(
    builds.flatMap((build) => settle(one, build) ?? []),
    ({ point }) => point.buffers,
  ) ?? null;

const isDefault = ({ spec }: GridBuild): boolean =>
  spec.method === 'hnsw' && spec.storage === 'vector' && sameSettings(spec.parameters, DEFAULTS);

function spaceOf({ grid, target, replay }: Case): Space {
  const { header } = grid;
  const families = fullBuilds(grid)
    .map(({ spec }): Family => ({ spec, knobValues: null }))
    .sort(
      (a, b) => Number(isDefault({ spec: b.spec } as GridBuild)) - Number(isDefault({ spec: a.spec } as GridBuild)),
    );
  return {
    families,
    workload: { kind: 'plain', k: header.k },
    target: { recall: target, minimise: 'buffers' },
    rows: header.rows,
    dimensions: header.dimensions,
    queries: replay.queries,
  };
}

type Strategy = (one: Case) => {
  readonly picked: Pick | null;
  readonly builds: readonly GridBuild[];
  readonly points: number;
};

const STRATEGIES: Readonly<Record<string, (seed: string) => Strategy>> = {
  'defaults + ef': () => (one) => {
    const builds = fullBuilds(one.grid).filter(isDefault);
    return { picked: cheapestOf(one, builds), builds, points: 6 * builds.length };
  },
  'random, 3 builds': (seed) => (one) => {
    const builds = createRandom(seed)
      .shuffle([...fullBuilds(one.grid)])
      .slice(0, 3);
    return { picked: cheapestOf(one, builds), builds, points: 6 * builds.length };
  },
  'random, 10 builds': (seed) => (one) => {
    const builds = createRandom(seed)
      .shuffle([...fullBuilds(one.grid)])
      .slice(0, 10);
    return { picked: cheapestOf(one, builds), builds, points: 6 * builds.length };
  },
  'whole grid': () => (one) => {
    const builds = fullBuilds(one.grid);
    return {
      picked: cheapestOf(one, builds),
      builds,
      points: builds.reduce((sum, { points }) => sum + points.length, 0),
    };
  },
};

function judge(one: Case, picked: Pick | null, optimum: Pick | null): Verdict {
  return {
    regret: picked && optimum ? picked.point.buffers / optimum.point.buffers - 1 : null,
    violated: picked !== null && one.replay.keptBack(picked.point) < one.target,
  };
}
type Verdict = { readonly regret: number | null; readonly violated: boolean };

function outcomesOf(grid: RecordedGrid, target: number): Map<string, Outcome[]> {
  const outcomes = new Map<string, Outcome[]>();
  const meanSeconds = mean(fullBuilds(grid).map(({ seconds }) => seconds));
  for (let deal = 0; deal < DEALS; deal++) {
    const seed = `${grid.header.dataset} ${deal}`;
    const replay = replayOf(grid, createRandom(seed));
    const fresh = Math.round(replay.queries / 3);
    const one: Case = { grid, target, replay, fresh };
    const optimum = cheapestOf(one, fullBuilds(grid));
    const add = (name: string, outcome: Outcome): void => {
      outcomes.set(name, [...(outcomes.get(name) ?? []), outcome]);
    };
    const { recommendation } = run(tune(spaceOf(one)), replay);
    const build = recommendation && replay.find(recommendation.spec, grid.header.rows);
    const point = build && pointAt(build, Number(Object.values(recommendation.settings)[0]));
    if (optimum !== null || point) {
      add('tune', { ...judge(one, build && point ? { build, point } : null, optimum), ...replay.spent() });
    }
    if (optimum === null) continue;
    for (const [name, strategy] of Object.entries(STRATEGIES)) {
      const { picked, builds, points } = strategy(seed)(one);
      const buildSeconds = builds.reduce((sum, { seconds }) => sum + seconds, 0) / meanSeconds;
      add(name, { ...judge(one, picked, optimum), builds: builds.length, buildSeconds, points });
    }
  }
  return outcomes;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function row(name: string, outcomes: readonly Outcome[]): string {
  const regrets = outcomes.map(({ regret }) => regret ?? Infinity).sort((a, b) => a - b);
  const figure = (p: number): string => {
    const value = nearestRank(regrets, p);
    return Number.isFinite(value) ? percent(value) : 'none';
  };
  const average = (of: (outcome: Outcome) => number): string => mean(outcomes.map((one) => of(one))).toFixed(2);
  return `| ${[
    name,
    figure(0.5),
    figure(0.9),
    percent(outcomes.filter(({ violated }) => violated).length / outcomes.length),
    average(({ builds }) => builds),
    average(({ buildSeconds }) => buildSeconds),
    average(({ points }) => points),
    outcomes.length,
  ].join(' | ')} |`;
}

const HEAD = [
  '| | median regret | P90 | violations | builds | build time | points | replays |',
  '| --- | --: | --: | --: | --: | --: | --: | --: |',
];

function main(): void {
  const names = process.argv.slice(2);
  const files = readdirSync(GRIDS).filter((file) => names.length === 0 || names.some((name) => file.startsWith(name)));
  const all = new Map<string, Outcome[]>();
  for (const file of files) {
    const grid = readGrid(join(GRIDS, file));
    console.log(
      `\n${grid.header.dataset}: ${grid.header.rows} × ${grid.header.dimensions}, ${fullBuilds(grid).length} builds\n`,
    );
    console.log(HEAD.join('\n'));
    for (const target of TARGETS) {
      const outcomes = outcomesOf(grid, target);
      for (const [name, list] of outcomes) {
        all.set(name, [...(all.get(name) ?? []), ...list]);
        if (name === 'tune') console.log(row(`recall ${target}`, list));
      }
    }
  }
  console.log(`\nAll\n\n${HEAD.join('\n')}`);
  for (const [name, list] of all) console.log(row(name, list));
}

main();
