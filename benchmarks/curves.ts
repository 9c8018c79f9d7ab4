/*
 * Do generated vectors behave like real embeddings? Recall curves of HNSW and IVFFlat on a file of embeddings, on
 * generated data with as many rows and dimensions, and on uniform noise for contrast. Writes docs/recall-curves.svg and
 * prints the figures, as Markdown.
 *
 *   npx tsc -p benchmarks && PGVTUNE_DATASETS=folder node dist-benchmarks/benchmarks/curves.js [file=docs-en.hdf5] [server=auto]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EChartsOption } from 'echarts';
import { generateSchema, resolveConfig } from '../src/config/index.js';
import {
  type Dataset,
  type DatasetSource,
  ensureDataset,
  generateSource,
  importDataset,
} from '../src/datasets/index.js';
import { exactTruth } from '../src/exact/index.js';
import { runExperiment } from '../src/experiment/index.js';
import { silentReporter } from '../src/progress.js';
import { createRandom } from '../src/random.js';
import { drawSvg } from '../src/reports/index.js';
import { readRun } from '../src/results/index.js';
import { grid } from '../src/tune/index.js';

const [file = 'docs-en.hdf5', server = 'auto'] = process.argv.slice(2);
const PICTURE = join('docs', 'recall-curves.svg');

const K = 10;
const KINDS = [
  {
    title: 'HNSW, m = 16, ef_construction = 64',
    spec: { method: 'hnsw', representation: 'vector' as const, parameters: { m: 16, ef_construction: 64 } },
    knob: 'ef_search',
    values: [10, 20, 40, 80, 160, 320],
  },
  {
    title: 'IVFFlat, lists = 100',
    spec: { method: 'ivfflat', representation: 'vector' as const, parameters: { lists: 100 } },
    knob: 'probes',
    values: [1, 2, 4, 8, 16, 32],
  },
] as const;

interface Curves {
  readonly name: string;
  /** By kind of index, then by value of its knob; null for a point that is void. */
  readonly recalls: readonly (readonly (number | null)[])[];
  readonly shape: Shape;
}

async function measureCurves(name: string, dataset: Dataset, results: string): Promise<Curves> {
  const config = resolveConfig(null, { server, k: K, metric: 'cosine' });
  const { run } = await runExperiment(
    {
      command: 'bench',
      config,
      dataset,
      target: null,
      results,
      run: name.replaceAll(/\W+/g, '-'),
      resume: false,
      version: 'bench',
      signal: new AbortController().signal,
      reporter: silentReporter,
      now: () => new Date(),
    },
    ({ queries }) =>
      grid({
        rows: KINDS.map(({ spec, knob, values }) => ({ spec, settings: values.map((value) => ({ [knob]: value })) })),
        workload: { kind: 'plain', k: K },
        queries,
        repeats: 1,
        cache: 'warm',
        loads: null,
      }),
  );
  const points = readRun(results, run).records.flatMap((record) => (record.type === 'point' ? [record] : []));
  const recalls = KINDS.map(({ knob, values }) =>
    values.map((value) => {
      const point = points.find(({ request }) => request.settings[knob] === value);
      return point?.measured?.recall.mean.value ?? null;
    }),
  );
  return { name, recalls, shape: await shapeOf(dataset) };
}

/** What recall depends on, from the distances between queries and their neighbours. */
interface Shape {
  /** TwoNN (Facco, d'Errico, Rodriguez and Laio, Scientific Reports 7, 2017), from the two nearest rows. */
  readonly intrinsicDimension: number;
  /** Local dimension by maximum likelihood (Levina and Bickel, 2004) over 20 and 100 neighbours, median query. */
  readonly localDimensions: readonly [number, number];
  /** Euclidean distance on the unit sphere to the 1st, 10th and 100th neighbour and to a random row, median query. */
  readonly distances: readonly [number, number, number, number];
}

async function shapeOf(dataset: Dataset): Promise<Shape> {
  const truth = await exactTruth(dataset, { metric: 'cosine', k: 100 });
  // Chord of the unit sphere: d² = 2 (1 − cosine).
  const near = Array.from({ length: truth.queries }, (_, q) =>
    Array.from(truth.distances.subarray(q * 100, (q + 1) * 100), (d) => Math.sqrt(2 * Math.max(0, d))),
  );
  // A query without distance to its nearest row has no ratio.
  const apart = near.filter((distances) => distances[0]! > 1e-4);
  const far = near.map((_, q) => {
    const query = dataset.queries.values.subarray(q * dataset.queries.dimensions, (q + 1) * dataset.queries.dimensions);
    return chord(query, dataset.vector(Math.floor((q * dataset.manifest.rows) / truth.queries)));
  });
  return {
    intrinsicDimension: twoNearest(apart.map((distances) => distances[1]! / distances[0]!)),
    localDimensions: [
      median(apart.map((d) => localDimension(d, 20))),
      median(apart.map((d) => localDimension(d, 100))),
    ],
    distances: [
      median(near.map((d) => d[0]!)),
      median(near.map((d) => d[9]!)),
      median(near.map((d) => d[99]!)),
      median(far),
    ],
  };
}

/** Slope through the origin of −log(1 − F(µ)) over log µ, the largest tenth of the ratios left out, as the paper does. */
function twoNearest(ratios: readonly number[]): number {
  const logs = ratios.map(Math.log).sort((a, b) => a - b);
  const kept = logs.slice(0, Math.floor(0.9 * logs.length));
  const ends = kept.map((_, i) => -Math.log(1 - (i + 1) / logs.length));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return sum(kept.map((log, i) => log * ends[i]!)) / sum(kept.map((log) => log * log));
}

function localDimension(distances: readonly number[], neighbours: number): number {
  const inner = distances.slice(0, neighbours - 1);
  const outer = distances[neighbours - 1]!;
  return -inner.length / inner.reduce((total, distance) => total + Math.log(distance / outer), 0);
}

function chord(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let squares = 0;
  let otherSquares = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    squares += a[i]! ** 2;
    otherSquares += b[i]! ** 2;
  }
  return Math.sqrt(2 - (2 * dot) / Math.sqrt(squares * otherSquares));
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

function uniformNoise(rows: number, dimensions: number, queries: number): DatasetSource {
  async function* batch(count: number, label: string) {
    const random = createRandom(label);
    const vectors = Float32Array.from({ length: count * dimensions }, () => random.next() - 0.5);
    yield { rows: count, vectors, ids: null, attributes: null, texts: null };
  }
  return {
    name: 'uniform',
    dimensions,
    metric: 'cosine',
    synthetic: true,
    textColumn: null,
    provenance: 'uniform',
    expectedRows: rows,
    base: () => batch(rows, 'base'),
    queries: () => batch(queries, 'queries'),
    declaredNeighbours: async () => null,
    close: () => undefined,
  };
}

function chartOf(curves: readonly Curves[]): EChartsOption {
  const sides = [
    { left: 65, width: 350 },
    { left: 515, width: 350 },
  ];
  return {
    backgroundColor: '#fff',
    color: ['#1f4e9c', '#e07b00', '#f2b04a', '#999999'],
    title: KINDS.map(({ title }, side) => ({ text: title, left: sides[side]!.left, textStyle: { fontSize: 15 } })),
    legend: { bottom: 5, type: 'plain', itemGap: 36 },
    grid: sides.map((side) => ({ ...side, top: 50, bottom: 95 })),
    xAxis: KINDS.map(({ knob, values }, side) => ({
      type: 'category',
      gridIndex: side,
      data: values.map(String),
      name: knob,
      nameLocation: 'middle',
      nameGap: 28,
    })),
    yAxis: KINDS.map((_, side) => ({
      type: 'value',
      gridIndex: side,
      name: `recall@${K}`,
      nameLocation: 'middle',
      nameGap: 38,
      min: 0,
      max: 1,
    })),
    series: curves.flatMap(({ name, recalls }, i) =>
      recalls.map((data, side) => ({
        type: 'line' as const,
        name,
        xAxisIndex: side,
        yAxisIndex: side,
        symbol: ['circle', 'emptyTriangle', 'emptyRect'][i] ?? 'circle',
        symbolSize: 8,
        data: [...data],
      })),
    ),
  };
}

function tableOf(curves: readonly Curves[]): string {
  const share = (recall: number | null): string => (recall === null ? 'void' : recall.toFixed(3));
  const rows = [
    ['', ...curves.map(({ name }) => name)],
    ['---', ...curves.map(() => '--:')],
    ...KINDS.flatMap(({ title, knob, values }, kind) =>
      values.map((value, i) => [
        `${title}, ${knob} = ${value}`,
        ...curves.map(({ recalls }) => share(recalls[kind]![i]!)),
      ]),
    ),
    ['intrinsic dimension, TwoNN', ...curves.map(({ shape }) => shape.intrinsicDimension.toFixed(1))],
    ['local dimension, 20 / 100 neighbours', ...curves.map(({ shape }) => list(shape.localDimensions, 1))],
    ['distance to 1st / 10th / 100th / any row', ...curves.map(({ shape }) => list(shape.distances, 2))],
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const list = (values: readonly number[], digits: number): string =>
  values.map((value) => value.toFixed(digits)).join(' / ');

async function main(): Promise<void> {
  const folder = process.env['PGVTUNE_DATASETS'];
  if (folder === undefined) throw new Error('Set PGVTUNE_DATASETS to the folder of the file with real embeddings.');
  const work = await mkdtemp(join(tmpdir(), 'pgvtune-curves-'));
  try {
    const store = join(work, 'datasets');
    const real = await ensureDataset(store, join(folder, file));
    const { rows, dimensions, queries } = real.manifest;
    const generated = (seed: number) =>
      importDataset(store, generateSource(generateSchema.parse({ rows, dimensions, queries, seed })));
    const datasets = {
      [`real: ${file}`]: real,
      'generated, seed 1': await generated(1),
      'generated, seed 2': await generated(2),
      'uniform noise': await importDataset(store, uniformNoise(rows, dimensions, queries)),
    };
    const curves: Curves[] = [];
    for (const [name, dataset] of Object.entries(datasets)) {
      curves.push(await measureCurves(name, dataset, join(work, 'results')));
      dataset.close();
    }
    await mkdir('docs', { recursive: true });
    await writeFile(PICTURE, await drawSvg(chartOf(curves)));
    console.log(`${rows} × ${dimensions}, cosine, recall@${K} over ${queries} queries\n\n${tableOf(curves)}`);
  } finally {
    await rm(work, { recursive: true });
  }
}

await main();
