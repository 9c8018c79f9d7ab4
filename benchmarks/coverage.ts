/*
 * Coverage and width of the intervals of recall and of latency, by simulation with fixed seeds. Prints Markdown.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/coverage.js [replicates]
 */
import { PRIOR_SHARE, refutesByDeadline } from '../src/analysis/stats/betting.js';
import { bettingInterval, bettingSequence, estimateQuantiles, summariseLatency } from '../src/analysis/index.js';
import { createRandom } from '../src/random.js';
import { clumpedRecalls } from '../test/analysis/clumped-recall.js';
import { CLUSTERED_DESIGNS, clusteredLatency } from '../test/analysis/clustered-latency.js';

const REPLICATES = Number(process.argv[2] ?? 10_000);
const WIDTH_REPLICATES = 200;
const CLUMPINGS = { scattered: 0.05, clumped: 0.6, 'all or nothing': 0.95 };

const average = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

/** Low end of the interval of normal theory, the usual one. */
function normalLow(x: Float64Array): number {
  const mean = average(x);
  const variance = average(x.map((value) => (value - mean) ** 2));
  return mean - 1.96 * Math.sqrt(variance / (x.length - 1));
}

const refutes = (x: Float64Array, mean: number): boolean =>
  refutesByDeadline(x, mean, { horizon: x.length, prior: PRIOR_SHARE * x.length });

function coverage(mean: number, clumping: number, queries: number): { betting: number; normal: number } {
  const sample = clumpedRecalls({ mean, clumping });
  const random = createRandom(`coverage ${mean} ${clumping} ${queries}`);
  const covered = { betting: 0, normal: 0 };
  for (let i = 0; i < REPLICATES; i++) {
    const x = sample(random, queries);
    const mirrored = x.map((value) => 1 - value);
    if (!refutes(x, mean) && !refutes(mirrored, 1 - mean)) covered.betting++;
    if (normalLow(x) <= mean && 1 - normalLow(mirrored) >= mean) covered.normal++;
  }
  return { betting: covered.betting / REPLICATES, normal: covered.normal / REPLICATES };
}

function reach(mean: number, clumping: number, queries: number): readonly number[] {
  const sample = clumpedRecalls({ mean, clumping });
  const random = createRandom(`reach ${mean} ${clumping} ${queries}`);
  const samples = Array.from({ length: WIDTH_REPLICATES }, () => sample(random, queries));
  const lows = [(x: Float64Array) => bettingInterval(x).low, (x: Float64Array) => bettingSequence(x).low, normalLow];
  return lows.map((low) => average(samples.map((x) => average(x) - low(x))));
}

const print = (cells: readonly (string | number)[]): void => console.log(`| ${cells.join(' | ')} |`);
const percent = (share: number): string => (share * 100).toFixed(1);
const points = (width: number): string => (width * 100).toFixed(2);

const SIZES = [100, 300, 1000, 3000];
console.log(`## Coverage of nominal 95 % intervals, %, ${REPLICATES} samples a cell: betting (normal theory)\n`);
print(['failures', 'recall', ...SIZES.map((n) => `n = ${n}`)]);
print(['---', ...SIZES.map(() => '--:'), '--:']);
for (const [name, clumping] of Object.entries(CLUMPINGS)) {
  for (const mean of [0.5, 0.7, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9995]) {
    const cells = SIZES.map((queries) => coverage(mean, clumping, queries));
    print([name, mean, ...cells.map(({ betting, normal }) => `${percent(betting)} (${percent(normal)})`)]);
  }
}

console.log(
  `\n## Mean minus lower end, points of recall, ${WIDTH_REPLICATES} samples a cell: interval / sequence / normal theory\n`,
);
const WIDTH_SIZES = [200, 500, 1000, 2000];
print(['failures', 'recall', ...WIDTH_SIZES.map((n) => `n = ${n}`)]);
print(['---', ...WIDTH_SIZES.map(() => '--:'), '--:']);
for (const [name, clumping] of Object.entries(CLUMPINGS)) {
  for (const mean of [0.9, 0.95, 0.98, 0.99, 0.998]) {
    print([name, mean, ...WIDTH_SIZES.map((queries) => reach(mean, clumping, queries).map(points).join(' / '))]);
  }
}

const LATENCY_REPLICATES = Math.min(REPLICATES, 2000);
const holds = ({ low, high }: { low: number | null; high: number | null }, truth: number): boolean =>
  (low ?? -Infinity) <= truth && truth <= (high ?? Infinity);

/** Shares of the intervals that hold: of each quantile, of the mean, and of p95 by the ranks of all samples. */
function latencyCoverage(
  sigmas: { readonly querySigma: number; readonly noiseSigma: number },
  design: { readonly count: number; readonly passes: number },
): readonly number[] {
  const { queries, trueQuantile, trueMean } = clusteredLatency(sigmas);
  const covered = [0, 0, 0, 0];
  for (let i = 0; i < LATENCY_REPLICATES; i++) {
    const samples = queries(createRandom(`latency ${JSON.stringify({ ...sigmas, ...design })} ${i}`), design);
    const [p50, p95] = estimateQuantiles(samples, [0.5, 0.95], { queries: design.count });
    const [all] = estimateQuantiles(samples, [0.95]);
    const { meanInterval } = summariseLatency(samples, { blockSize: samples.length, queries: design.count });
    const hold = [
      holds(p50!.estimate!, trueQuantile(0.5)),
      holds(p95!.estimate!, trueQuantile(0.95)),
      holds(meanInterval!, trueMean),
      holds(all!.estimate!, trueQuantile(0.95)),
    ];
    for (const [figure, is] of hold.entries()) if (is) covered[figure]!++;
  }
  return covered.map((count) => count / LATENCY_REPLICATES);
}

console.log(
  `\n## Coverage of intervals of latency where queries are timed again, %, ${LATENCY_REPLICATES} samples a cell\n`,
);
print(['σ of queries', 'σ of noise', 'queries × passes', 'p50', 'p95', 'mean', 'p95 by the ranks of all samples']);
print(['--:', '--:', '--:', '--:', '--:', '--:', '--:']);
for (const [querySigma, noiseSigma] of [
  [0.3, 0.1],
  [0.3, 0.3],
  [0.1, 0.3],
] as const) {
  for (const design of CLUSTERED_DESIGNS) {
    const cells = latencyCoverage({ querySigma, noiseSigma }, design);
    print([querySigma, noiseSigma, `${design.count} × ${design.passes}`, ...cells.map(percent)]);
  }
}
