/*
 * How good is the search? Replays recorded grids to `tune` and to what one would do without it, and compares what each
 * recommends with the cheapest index and setting in the grid.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/tuner.js [--queries 4800] [--method hnsw] [--share 8] [grid …]
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nearestRank } from '../src/analysis/index.js';
import { readGrid } from './grid-file.js';
import { fullBuilds, type Outcome, replayGrid } from './outcome.js';
import { mean } from './replay.js';

const GRIDS = join('benchmarks', 'grids');
const TARGETS = [0.9, 0.95, 0.98, 0.99, 0.995, 0.999];
/** Replays of a grid and a target, each with its own queries. */
const REPLAYS = 20;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function row(name: string, outcomes: readonly Outcome[]): string {
  const quantile = (of: (outcome: Outcome) => number | null, p: number): string => {
    const sorted = outcomes.map((one) => of(one) ?? Infinity).sort((a, b) => a - b);
    const value = nearestRank(sorted, p);
    return Number.isFinite(value) ? percent(value) : 'none';
  };
  const figure = (p: number): string => quantile(({ regret }) => regret, p);
  const price = (p: number): string => quantile((one) => one.price, p);
  const share = (is: (outcome: Outcome) => boolean): string => percent(outcomes.filter(is).length / outcomes.length);
  const average = (of: (outcome: Outcome) => number): string => mean(outcomes.map((one) => of(one))).toFixed(2);
  return `| ${[
    name,
    figure(0.5),
    figure(0.9),
    price(0.5),
    price(0.9),
    share(({ violated }) => violated),
    share(({ violatedBySample }) => violatedBySample),
    average(({ builds }) => builds),
    average(({ buildSeconds }) => buildSeconds),
    average(({ points }) => points),
    outcomes.length,
  ].join(' | ')} |`;
}

const HEAD = [
  '| | median regret | P90 | median price | P90 | violations | by 400 queries | builds | build time | points | replays |',
  '| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |',
];

function main(): void {
  const { values, positionals: names } = parseArgs({
    options: { queries: { type: 'string', default: '1600' }, method: { type: 'string' }, share: { type: 'string' } },
    allowPositionals: true,
  });
  const queries = Number(values.queries);
  const share = values.share === undefined ? undefined : 1 / Number(values.share);
  const files = readdirSync(GRIDS).filter((file) => names.length === 0 || names.some((name) => file.startsWith(name)));
  const all = new Map<string, Outcome[]>();
  for (const file of files) {
    const { header, builds } = readGrid(join(GRIDS, file));
    const grid = { header, builds: builds.filter(({ spec }) => spec.method === (values.method ?? spec.method)) };
    const { dataset, rows, dimensions } = grid.header;
    console.log(`\n${dataset}: ${rows} × ${dimensions}, ${fullBuilds(grid).length} builds\n`);
    console.log(HEAD.join('\n'));
    for (const target of TARGETS) {
      const ofTune: Outcome[] = [];
      for (let replay = 0; replay < REPLAYS; replay++) {
        for (const [name, outcome] of replayGrid(grid, target, { seed: `${dataset} ${replay}`, queries, share })) {
          all.set(name, [...(all.get(name) ?? []), outcome]);
          if (name === 'tune') ofTune.push(outcome);
        }
      }
      if (ofTune.length > 0) console.log(row(`recall ${target}`, ofTune));
    }
  }
  console.log(`\nAll\n\n${HEAD.join('\n')}`);
  for (const [name, outcomes] of all) console.log(row(name, outcomes));
}

main();
