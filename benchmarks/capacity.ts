/*
 * Errors of the laws of growth on the recorded grids: the whole table predicted from a quarter of its rows and less. Prints
 * Markdown.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/capacity.js [grid …]
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GROWTH_FIGURES } from '../src/capacity/index.js';
import { readGrid } from './grid-file.js';
import { type GrowthTest, growthTests } from './growth.js';

const GRIDS = join(process.cwd(), 'benchmarks/grids');
const RECALLS = [0.9, 0.95, 0.98];

const named = process.argv.slice(2);
const names = readdirSync(GRIDS)
  .map((file) => file.replace('.jsonl.gz', ''))
  .filter((name) => named.length === 0 || named.includes(name));

const quantile = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(p * values.length))] ?? Number.NaN;
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

function line(tests: readonly GrowthTest[], cells: readonly string[]): string {
  const errors = tests.map(({ error }) => Math.abs(error));
  const covered = tests.filter((test) => test.covered).length / tests.length;
  const figures = [
    String(tests.length),
    percent(quantile(errors, 0.5)),
    percent(quantile(errors, 0.9)),
    percent(covered),
  ];
  return `| ${[...cells, ...figures].join(' | ')} |`;
}

const all = names.flatMap((name) => {
  const grid = readGrid(join(GRIDS, `${name}.jsonl.gz`));
  return RECALLS.flatMap((recall) => growthTests(grid, recall));
});
const lines = [
  '| figure | grid | tests | median error | P90 error | in the 90 % interval |',
  '| --- | --- | --: | --: | --: | --: |',
];
for (const figure of GROWTH_FIGURES) {
  const tests = all.filter((test) => test.figure === figure);
  if (tests.length === 0) continue;
  for (const name of names) {
    const some = tests.filter(({ dataset }) => dataset === name);
    if (some.length > 0) lines.push(line(some, [figure, name]));
  }
  lines.push(line(tests, [figure, '**all**']));
}
process.stdout.write(`${lines.join('\n')}\n`);
