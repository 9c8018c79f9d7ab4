/*
 * How often does `pgvtune drift` say that data has changed, where it has not and where it has? Nights are drawn at random from
 * one dataset: last night's rows, and tonight's, some of which are replaced. Seeds are fixed. Prints Markdown.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/drift.js FILE [equal=300] [changed=100] [rows=5000]
 *
 * FILE is a dataset as `pgvtune dataset import` takes it; without one, 40,000 vectors of 64 dimensions are generated.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Dataset, ensureDataset, generateSource, importDataset } from '../src/datasets/index.js';
import { type DriftFigure, judgeDrift, MOST_REFERENCE } from '../src/nightly/index.js';
import { generateSchema } from '../src/config/index.js';
import { createRandom, type Random } from '../src/random.js';
import type { Matrix } from '../src/vocabulary.js';

const [file = '', equalText = '300', changedText = '100', rowsText = '5000'] = process.argv.slice(2);
const [equal, changed, rows] = [equalText, changedText, rowsText].map(Number) as [number, number, number];

interface Night {
  readonly name: string;
  readonly nights: number;
  /** Rows of tonight, from as many others of the dataset. */
  readonly change: (drawn: readonly Float32Array[], random: Random) => readonly Float32Array[];
}

const folder = await mkdtemp(join(tmpdir(), 'pgvtune-drift-'));
try {
  const dataset = await open();
  const all = Array.from({ length: dataset.manifest.rows }, (_, row) => dataset.vector(row));
  dataset.close();
  process.stdout.write(
    `${dataset.manifest.name}: ${all.length} × ${dataset.manifest.dimensions}, ${rows} compared rows a side\n\n`,
  );
  process.stdout.write('| tonight | nights | said to be changed | by which figures |\n| --- | --: | --: | --- |\n');
  for (const night of nightsOf(all)) process.stdout.write(`${line(night, all, dataset)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function open(): Promise<Dataset> {
  if (file !== '') return ensureDataset(folder, resolve(file));
  return importDataset(folder, generateSource(generateSchema.parse({ rows: 40_000, dimensions: 64 })));
}

function nightsOf(all: readonly Float32Array[]): readonly Night[] {
  const replaced =
    (share: number): Night['change'] =>
    (drawn, random) => {
      const topic = nearestTo(all, all[random.int(all.length)]!, Math.ceil(all.length / 20));
      return drawn.map((vector) => (random.next() < share ? topic[random.int(topic.length)]! : vector));
    };
  const noisy =
    (share: number): Night['change'] =>
    (drawn, random) =>
      drawn.map((vector) => {
        const length = Math.hypot(...vector);
        return vector.map((value) => value + (share * length * random.normal()) / Math.sqrt(vector.length));
      });
  return [
    { name: 'the same', nights: equal, change: (drawn) => drawn },
    { name: '5 % of the rows replaced by one topic', nights: changed, change: replaced(0.05) },
    { name: '10 % of the rows replaced by one topic', nights: changed, change: replaced(0.1) },
    { name: '20 % of the rows replaced by one topic', nights: changed, change: replaced(0.2) },
    { name: 'noise of 10 % of the length in every vector', nights: changed, change: noisy(0.1) },
    { name: 'noise of 20 % of the length in every vector', nights: changed, change: noisy(0.2) },
    {
      name: 'every vector 1 % longer',
      nights: changed,
      change: (drawn) => drawn.map((vector) => vector.map((value) => 1.01 * value)),
    },
  ];
}

function line({ name, nights, change }: Night, all: readonly Float32Array[], { manifest }: Dataset): string {
  const reference = Math.min(MOST_REFERENCE, rows >> 1);
  let alarms = 0;
  const by = new Map<DriftFigure, number>();
  for (let night = 0; night < nights; night++) {
    const random = createRandom(`${name} ${night}`);
    const drawn = random.shuffle(all.map((_, i) => i)).slice(0, reference + 2 * rows);
    const vectors = drawn.map((row) => all[row]!);
    const { answer, figures } = judgeDrift({
      metric: manifest.metric,
      isSameData: false,
      base: matrixOf(vectors.slice(0, reference + rows)),
      candidate: matrixOf(change(vectors.slice(reference + rows), random)),
    });
    if (answer === 'different') alarms++;
    for (const { figure, hasChanged } of figures) if (hasChanged) by.set(figure, (by.get(figure) ?? 0) + 1);
  }
  const figures = [...by].map(([figure, count]) => `${figure} ${count}`).join(', ');
  return `| ${name} | ${nights} | ${alarms} | ${figures} |`;
}

function nearestTo(all: readonly Float32Array[], to: Float32Array, count: number): readonly Float32Array[] {
  const distanceOf = (vector: Float32Array): number => vector.reduce((sum, value, i) => sum + (value - to[i]!) ** 2, 0);
  return all
    .map((vector) => ({ vector, distance: distanceOf(vector) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ vector }) => vector);
}

function matrixOf(vectors: readonly Float32Array[]): Matrix {
  const dimensions = vectors[0]!.length;
  const values = new Float32Array(vectors.length * dimensions);
  for (const [i, vector] of vectors.entries()) values.set(vector, i * dimensions);
  return { rows: vectors.length, dimensions, values };
}
