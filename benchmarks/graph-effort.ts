/*
 * How much of what build parameters do for a graph is the same for all data? Fits, over recorded grids, the logarithm of the
 * buffers of a graph over those of pgvector's default graph at the same recall, by m, ef_construction and how far beyond k
 * the default has to look there; and predicts grids that it was not fitted to. Prints Markdown.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/graph-effort.js [grid to keep aside …]
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fit, type Graph, graphsOf, predict } from './fit-graphs.js';
import { readGrid } from './grid-file.js';

const GRIDS = join('benchmarks', 'grids');

const graphsOfFile = (file: string): readonly Graph[] => graphsOf(readGrid(join(GRIDS, file)));

const rms = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

function main(): void {
  const aside = process.argv.slice(2);
  const files = readdirSync(GRIDS);
  const isAside = (file: string): boolean => aside.some((name) => file.startsWith(name));
  const fitted = files.filter((file) => !isAside(file));
  console.log('| grid | graphs and recalls | without the grid: RMS error | no model: RMS |');
  console.log('| --- | --: | --: | --: |');
  for (const file of files) {
    const others = fitted.filter((other) => other !== file).flatMap(graphsOfFile);
    const coefficients = fit(others);
    const graphs = graphsOfFile(file);
    const errors = graphs.map((graph) => graph.effort - predict(coefficients, graph));
    const name = `${file.replace('.jsonl.gz', '')}${isAside(file) ? ' (aside)' : ''}`;
    console.log(
      `| ${name} | ${graphs.length} | ${rms(errors).toFixed(3)} | ${rms(graphs.map(({ effort }) => effort)).toFixed(3)} |`,
    );
  }
  const coefficients = fit(fitted.flatMap(graphsOfFile));
  console.log(`\nCoefficients: ${coefficients.map((one) => one.toFixed(4)).join(', ')}`);
}

main();
