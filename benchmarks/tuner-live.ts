/*
 * How long does a search take on a server, against measuring everything? Runs `tune` and then `bench` over the same space
 * (every index that `tune` may choose, with eight values of its setting each), one after the other on a server of its own
 * each, and prints the wall time of both and what each finds.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/tuner-live.js [rows=8000] [dimensions=64] [server=local] [recall=0.95]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSchema, resolveConfig } from '../src/config/index.js';
import { type Dataset, generateSource, importDataset } from '../src/datasets/index.js';
import { runExperiment } from '../src/experiment/index.js';
import { monotonicClock } from '../src/measure/index.js';
import { silentReporter } from '../src/progress.js';
import { type AnswerRecord, type PointRecord, readRun, type Search } from '../src/results/index.js';
import { defaultFamilies, type Family, grid, tune } from '../src/tune/index.js';
import type { Target } from '../src/vocabulary.js';
import type { Situation } from '../src/workloads/index.js';

const [rows = '8000', dimensions = '64', server = 'local', recall = '0.95'] = process.argv.slice(2);
const K = 10;
const TARGET: Target = { recall: Number(recall), confidence: 0.95, minimise: 'p95' };
/** Doublings of ef_search; of probes up to half the lists. */
const EF_SEARCH = [10, 14, 20, 28, 40, 80, 160, 320];
const PROBES = 8;

const familiesOf = (situation: Situation): readonly Family[] =>
  defaultFamilies(situation, [{ representation: 'vector' }]);

function settingsOf({ spec }: Family) {
  const { lists } = spec.parameters;
  if (lists === undefined) return EF_SEARCH.map((ef) => ({ ef_search: ef }));
  const values = Array.from({ length: PROBES }, (_, i) =>
    Math.max(1, Math.round((Number(lists) / 2) * 1.6 ** (i + 1 - PROBES))),
  );
  return [...new Set(values)].map((probes) => ({ probes }));
}

const SEARCHES: Readonly<Record<'tune' | 'bench', (situation: Situation) => Search<AnswerRecord['answer']>>> = {
  tune: (situation) =>
    tune({
      families: familiesOf(situation),
      workload: { kind: 'plain', k: K },
      target: TARGET,
      rows: situation.rows,
      dimensions: situation.dimensions,
      metric: situation.metric,
      queries: situation.recallQueries,
      timed: situation.queries,
      repeats: 1,
      cache: 'warm',
      coldBytes: 0,
      loads: null,
      rowsBudget: null,
      rulesOfThumb: [],
      server: null,
    }),
  bench: (situation) =>
    grid({
      rows: familiesOf(situation).map((family) => ({ spec: family.spec, settings: settingsOf(family) })),
      workload: { kind: 'plain', k: K },
      queries: situation.queries,
      repeats: 1,
      cache: 'warm',
      loads: null,
    }),
};

interface Timed {
  readonly seconds: number;
  readonly builds: number;
  readonly points: number;
  /** Buffers of what is recommended; for the grid, of the cheapest point that reaches the recall. */
  readonly best: string;
}

async function time(command: 'tune' | 'bench', dataset: Dataset, results: string): Promise<Timed> {
  const config = resolveConfig(null, { server, k: K, target: { recall: Number(recall) } });
  const start = monotonicClock.now();
  const { run, answer } = await runExperiment(
    {
      command,
      config,
      dataset,
      target: command === 'tune' ? TARGET : null,
      results,
      run: command,
      resume: false,
      version: 'bench',
      signal: new AbortController().signal,
      reporter: silentReporter,
      now: () => new Date(),
    },
    SEARCHES[command],
  );
  const seconds = (monotonicClock.now() - start) / 1000;
  const { records } = readRun(results, run);
  const builds = new Map(records.flatMap((record) => (record.type === 'build' ? [[record.key, record]] : [])));
  const points = records.flatMap((record) => (record.type === 'point' ? [record] : []));
  const reaching = points.filter(
    ({ request, measured }) =>
      builds.get(request.build)?.request.rows === undefined && (measured?.recall.mean.low ?? 0) >= Number(recall),
  );
  const work = ({ measured }: PointRecord): number => measured?.buffers.mean.value ?? Infinity;
  const graphs = reaching.filter(({ request }) => request.build.startsWith('hnsw')).sort((a, b) => work(a) - work(b));
  const chosen = answer.kind === 'tune' ? points.find(({ key }) => key === answer.recommendation?.point) : graphs[0];
  const best = chosen
    ? `${JSON.stringify(builds.get(chosen.request.build)?.request.spec.parameters)} ${JSON.stringify(chosen.request.settings)}: ${work(chosen).toFixed(0)} buffers`
    : 'nothing';
  return { seconds, builds: builds.size, points: points.length, best };
}

async function main(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'pgvtune-tuner-'));
  try {
    const generated = generateSchema.parse({ rows: Number(rows), dimensions: Number(dimensions), queries: 1000 });
    const dataset = await importDataset(join(work, 'datasets'), generateSource(generated));
    const tuned = await time('tune', dataset, join(work, 'results'));
    const whole = await time('bench', dataset, join(work, 'results'));
    dataset.close();
    console.log('| | seconds | builds | points | best |\n| --- | --: | --: | --: | --- |');
    for (const [name, one] of Object.entries({ tune: tuned, bench: whole })) {
      console.log(`| ${name} | ${one.seconds.toFixed(0)} | ${one.builds} | ${one.points} | ${one.best} |`);
    }
    console.log(`\ntune took ${((100 * tuned.seconds) / whole.seconds).toFixed(0)} % of the time of the grid.`);
  } finally {
    await rm(work, { recursive: true });
  }
}

await main();
