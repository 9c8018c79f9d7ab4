/*
 * Records a grid of builds and points for bench/tuner.ts to replay.
 *
 *   npx tsc -p bench && PGVTUNE_DATASETS=… node dist-bench/bench/record-grid.js docs-en
 *
 * Recall and buffers are what is recorded; times depend on what else the machine does. A recording that was
 * interrupted goes on where it stopped.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeUint16 } from '../src/analysis/index.js';
import { type Config, generateSchema, resolveConfig } from '../src/config/index.js';
import {
  type Dataset,
  type DatasetSource,
  generateSource,
  importDataset,
  openDataset,
  openSource,
  resolveName,
} from '../src/datasets/index.js';
import { runExperiment, type Situation } from '../src/experiment/index.js';
import {
  askBuild,
  askPoints,
  type BuildRecord,
  type JournalRecord,
  type PointRecord,
  readRun,
  release,
  type Search,
  type BenchAnswer,
} from '../src/results/index.js';
import type { IndexSpec } from '../src/vocabulary.js';
import { type GridBuild, type RecordedGrid, writeGrid } from './grid-file.js';

const WORK = process.env['PGVTUNE_GRID_WORK'] ?? join(process.cwd(), 'bench', '.work');
const GRIDS = join(process.cwd(), 'bench', 'grids');
const FRACTIONS = [1 / 8, 1 / 4, 1];
/** Values of ef_search or probes, 15 % or one apart. */
const VALUES = [...geometric(1, 1000, 1.15)];
/** Above this there is nothing left to learn about a build. */
const SATURATED = 0.9995;

interface Recipe {
  readonly note: string;
  readonly queries: number;
  source(): Promise<DatasetSource>;
}

const realText = (...path: string[]): string => {
  const folder = process.env['PGVTUNE_DATASETS'];
  if (folder === undefined) throw new Error('PGVTUNE_DATASETS must name the folder with the real datasets.');
  return join(folder, ...path);
};

/** A source whose queries are left out: the store then holds some of its rows out. */
async function withoutQueries(path: string): Promise<DatasetSource> {
  const source = await openSource(path);
  return { ...source, queries: () => null, declaredNeighbours: async () => null };
}

const RECIPES: Readonly<Record<string, Recipe>> = {
  'docs-en': {
    note: 'Chunks of PEPs and RFCs, LSA embeddings; 2,000 rows held out as queries',
    queries: 2000,
    source: () => withoutQueries(realText('docs-en.hdf5')),
  },
  'docs-ru': {
    note: 'Chunks of a Russian manual, LSA embeddings; 1,000 rows held out as queries',
    queries: 1000,
    source: () => withoutQueries(realText('docs-ru.documents.jsonl.gz')),
  },
  'smooth-12': {
    note: 'Generated, intrinsic dimension 12, no duplicates',
    queries: 2000,
    source: async () =>
      generateSource(
        generateSchema.parse({
          rows: 30_000,
          dimensions: 96,
          queries: 2000,
          intrinsic_dimension: 12,
          duplicates: 0,
          near_duplicates: 0,
          seed: 12,
        }),
      ),
  },
  'copies-28': {
    note: 'Generated, intrinsic dimension 28, 15 % duplicates and 15 % near-duplicates',
    queries: 2000,
    source: async () =>
      generateSource(
        generateSchema.parse({
          rows: 20_000,
          dimensions: 64,
          queries: 2000,
          intrinsic_dimension: 28,
          duplicates: 0.15,
          near_duplicates: 0.15,
          seed: 28,
        }),
      ),
  },
};

function* geometric(from: number, to: number, ratio: number): Generator<number> {
  for (let value = from; value <= to; value = Math.max(value + 1, Math.round(value * ratio))) yield value;
}

/** Thirty indexes: graphs of five densities and up to four efforts, some in half precision, and cluster counts around √rows. */
function specs(rows: number): readonly IndexSpec[] {
  const hnsw = [8, 12, 16, 24, 32].flatMap((m) =>
    [32, 64, 128, 256].filter((ef) => ef >= 2 * m).map((ef_construction) => ({ m, ef_construction })),
  );
  const half = [
    { m: 16, ef_construction: 64 },
    { m: 16, ef_construction: 128 },
    { m: 24, ef_construction: 128 },
    { m: 32, ef_construction: 256 },
  ];
  const root = Math.sqrt(rows);
  const lists = [rows / 1000, root / 2, root, 2 * root, 4 * root, 8 * root].map((value) =>
    Math.max(2, Math.round(value)),
  );
  return [
    ...hnsw.map((parameters): IndexSpec => ({ method: 'hnsw', storage: 'vector', parameters })),
    ...half.map((parameters): IndexSpec => ({ method: 'hnsw', storage: 'halfvec', parameters })),
    ...lists.map((value): IndexSpec => ({ method: 'ivfflat', storage: 'vector', parameters: { lists: value } })),
  ];
}

/** Every index at every fidelity over its values, until its recall is saturated or the planner has left it for good. */
function* recording(situation: Situation, config: Config): Search<BenchAnswer> {
  for (const fraction of FRACTIONS) {
    const rows = fraction === 1 ? undefined : Math.round(situation.rows * fraction);
    for (const spec of specs(situation.rows)) {
      const lists = spec.parameters['lists'];
      if (lists !== undefined && lists > (rows ?? situation.rows) / 10) continue;
      const build = yield* askBuild({ spec, repeat: 0, ...(rows === undefined ? {} : { rows }) });
      if (build.status === 'failed') continue;
      const knob = lists === undefined ? 'ef_search' : 'probes';
      const values = VALUES.filter((value) => (lists === undefined ? value >= config.k : value <= lists));
      let lost = 0;
      for (const value of values) {
        const [point] = yield* askPoints([
          {
            build: build.key,
            workload: { kind: 'plain', k: config.k },
            settings: { [knob]: value },
            queries: situation.queries,
            purpose: 'search',
          },
        ]);
        lost = point?.status === 'ok' ? 0 : lost + 1;
        if (lost === 3 || (point?.measured?.recall.mean.value ?? 0) >= SATURATED) break;
      }
      yield* release(build.key);
    }
  }
  return { kind: 'bench', front: [] };
}

async function main(): Promise<void> {
  const name = process.argv[2] ?? '';
  const recipe = RECIPES[name];
  if (!recipe) throw new Error(`Name one of ${Object.keys(RECIPES).join(', ')}.`);
  mkdirSync(GRIDS, { recursive: true });
  const store = join(WORK, 'datasets');
  const dataset =
    (await resolveName(store, name)) === null
      ? await importDataset(store, await recipe.source(), { name, queries: recipe.queries })
      : await openDataset(store, name);
  const config = resolveConfig(null, { server: 'local', dataset: name, measure: { queries: recipe.queries } });
  const results = join(WORK, 'results');
  const run = `grid-${name}`;
  await runExperiment(
    {
      command: 'bench',
      config,
      dataset,
      target: null,
      results,
      run,
      resume: existsSync(join(results, run)),
      version: 'bench',
      signal: new AbortController().signal,
      reporter: {
        start: (label) => ({ update: () => undefined, finish: () => console.error(new Date().toISOString(), label) }),
        note: (text) => console.error(text),
      },
      now: () => new Date(),
    },
    (situation) => recording(situation, config),
  );
  const { manifest, records } = readRun(results, run);
  const grid: RecordedGrid = {
    header: {
      dataset: name,
      rows: dataset.manifest.rows,
      dimensions: dataset.manifest.dimensions,
      queries: Math.min(recipe.queries, dataset.manifest.queries),
      k: config.k,
      metric: manifest.metric,
      server: `PostgreSQL ${manifest.server.version}, pgvector ${manifest.server.pgvector}`,
      recorded: manifest.startedAt.slice(0, 10),
      note: recipe.note,
    },
    builds: toBuilds(records, dataset),
  };
  writeGrid(join(GRIDS, `${name}.jsonl.gz`), grid);
  dataset.close();
}

function toBuilds(records: readonly JournalRecord[], dataset: Dataset): readonly GridBuild[] {
  const builds = records.filter((record): record is BuildRecord => record.type === 'build' && record.status === 'ok');
  const points = records.filter((record): record is PointRecord => record.type === 'point' && record.measured !== null);
  return builds.map((build) => ({
    spec: build.request.spec,
    repeat: build.request.repeat,
    rows: build.request.rows ?? dataset.manifest.rows,
    bytes: build.index?.bytes ?? 0,
    seconds: Number(build.seconds.toFixed(2)),
    points: points
      .filter(({ request }) => request.build === build.key)
      .map(({ request, measured }) => ({
        value: Number(Object.values(request.settings)[0]),
        buffers: Number((measured?.buffers.mean.value ?? 0).toFixed(1)),
        medianMs: Number((measured?.latencyMs.quantiles[0]?.estimate?.value ?? 0).toFixed(3)),
        hits: [...decodeUint16(measured?.samples.hits ?? '')].map((hit) => hit.toString(16)).join(''),
      })),
  }));
}

await main();
