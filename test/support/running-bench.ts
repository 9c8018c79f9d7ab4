import type { Filter } from '../../src/filter.js';
import { querySet } from '../../src/query-set.js';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { z } from 'zod';
import { type Dataset, type DatasetSource, generateSource, importDataset } from '../../src/datasets/index.js';
import { generateSchema } from '../../src/config/index.js';
import type { Grades } from '../../src/analysis/index.js';
import { exactTruth, type Truth } from '../../src/exact/index.js';
import type { RunContext } from '../../src/experiment/context.js';
import { createReplier } from '../../src/experiment/replier.js';
import type { PreparedFilter } from '../../src/experiment/filtered/task.js';
import { columnsOfAsk, type FilterAsk, filterGround, prepareFilter } from '../../src/experiment/filtered/prepare.js';
import { readHybridInputs } from '../../src/experiment/hybrid/inputs.js';
import { withKey } from '../../src/experiment/filtered/row-ids.js';
import { type PreparedHybrid, type HybridContext, prepareHybrids } from '../../src/experiment/hybrid/prepare.js';
import { findInstruments } from '../../src/experiment/points/instruments.js';
import { lastingSession } from '../../src/experiment/lasting-session.js';
import { loadDataset } from '../../src/experiment/table/load.js';
import { type Clock, monotonicClock } from '../../src/measure/index.js';
import { openWorkspace, readServerFacts, type Server, type Session, type Workspace } from '../../src/postgres/index.js';
import { silentReporter } from '../../src/progress.js';
import {
  type Ask,
  noEarlierRuns,
  openJournal,
  type BuildRecord,
  type LoadMode,
  type PlannerMapRecord,
  type PointRecord,
  type PointRequest,
  type Reply,
  type ThroughputRecord,
} from '../../src/results/index.js';
import {
  type CacheState,
  type IndexSpec,
  type Layout,
  type Metric,
  type SearchSettings,
  SINGLE_TABLE,
  type TextSpec,
} from '../../src/vocabulary.js';
import { temporaryFolder } from './processes.js';

export interface RunningBench {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly dataset: Dataset;
  /** The hybrid workload of the options, made concrete. */
  readonly hybrids: readonly PreparedHybrid[];
  /** The filters of the options, made concrete. */
  readonly filters: readonly PreparedFilter[];
  readonly reply: (ask: Ask) => Promise<Reply>;
  /** @param rows of a random subset; all when absent */
  readonly build: (spec: IndexSpec, rows?: number) => Promise<BuildRecord>;
  /** Measures settings of a build side by side. */
  readonly points: (
    build: BuildRecord,
    settings: readonly SearchSettings[],
    options?: Partial<PointRequest>,
  ) => Promise<readonly PointRecord[]>;
  readonly plannerMap: (build: BuildRecord, settings: SearchSettings) => Promise<PlannerMapRecord>;
  /** Puts load on a build, which stands alone. */
  readonly throughput: (build: BuildRecord, settings: SearchSettings, mode: LoadMode) => Promise<ThroughputRecord>;
  readonly stop: () => Promise<void>;
}

export interface RunningBenchOptions {
  readonly rows?: number;
  readonly dimensions?: number;
  readonly queries?: number;
  readonly k?: number;
  readonly clock?: Clock;
  readonly cache?: CacheState;
  /** Stands between the bench and its session, to lie. */
  readonly wrap?: (session: Session) => Session;
  /** Settings of the generator beside rows, dimensions and queries. */
  readonly generate?: z.input<typeof generateSchema>;
  /** Stands between the generator and the dataset. */
  readonly tamper?: (source: DatasetSource) => DatasetSource;
  /** Of the queries; cosine when absent. */
  readonly metric?: Metric;
  /** One table when absent. */
  readonly layout?: Layout;
  /** Metric of the exact neighbours, where it is not that of the queries. */
  readonly truthMetric?: Metric;
  /** Filters that points may ask for. */
  readonly filters?: readonly FilterAsk[];
  /** A hybrid workload that points may ask for, and the rows that are relevant to each query. */
  readonly hybrid?: {
    readonly text: TextSpec;
    readonly judged: (query: number) => Grades;
    readonly filter?: Filter;
  };
  /** Gives the exact neighbours that the bench is to believe. */
  readonly believe?: (truth: Truth) => Truth;
}

/** A loaded table on a real server with everything behind it that answers a search. */
export async function runningBench(server: Server, options: RunningBenchOptions = {}): Promise<RunningBench> {
  const { rows = 3000, dimensions = 16, queries = 60, k = 10, clock = monotonicClock, cache = 'warm' } = options;
  const { wrap = (session) => session, tamper = (source) => source, believe = (truth) => truth } = options;
  const folder = temporaryFolder();
  const spec = generateSchema.parse({
    rows,
    dimensions,
    queries,
    clusters: 20,
    intrinsic_dimension: 8,
    ...options.generate,
  });
  const imported = await importDataset(join(folder.path, 'datasets'), tamper(generateSource(spec)));
  const asks = options.filters ?? [];
  const dataset = asks.some((ask) => columnsOfAsk(ask).includes('id')) ? await withKey(imported, 'id') : imported;
  const order = Array.from({ length: queries }, (_, i) => i);
  const { metric = 'cosine', layout = SINGLE_TABLE } = options;
  const truth = believe(
    await exactTruth(dataset, { metric: options.truthMetric ?? metric, k, queries: order, workers: 0 }),
  );
  const workspace = await openWorkspace(server, `bench_${rows}`);
  const session = await lastingSession(async () => wrap(await workspace.connect('measure')), clock);
  const { pgvector } = await readServerFacts(session);
  const signal = new AbortController().signal;
  const ofHybrid = options.hybrid?.filter ? columnsOfAsk({ filter: options.hybrid.filter, join: null }) : [];
  const columns = [...new Set([...asks.flatMap(columnsOfAsk), ...ofHybrid])];
  const asked = querySet(dataset.queries, order);
  const runs = { dataset, metric, k, queries: asked, seed: 1, signal };
  const filters: PreparedFilter[] = [];
  if (asks.length > 0) {
    const ground = await filterGround(runs, columns);
    for (const ask of asks) filters.push(await prepareFilter(runs, ground, ask));
  }
  const contents = {
    columns: dataset.manifest.columns.filter(({ name }) => columns.includes(name)),
    joins: asks.flatMap(({ join }) => join ?? []).slice(0, 1),
    texts: options.hybrid ? [options.hybrid.text] : [],
  };
  const hybrids = options.hybrid
    ? await hybridRuns(dataset, {
        ...options.hybrid,
        metric,
        k,
        queries: asked,
        seed: 1,
        signal,
      })
    : [];
  await loadDataset(server, session, workspace, dataset, {
    clock,
    reporter: silentReporter,
    metric,
    contents,
    layout,
  });
  const context: RunContext = {
    journal: openJournal(join(folder.path, 'journal.ndjson')),
    session,
    watcher: null,
    workspace,
    dataset,
    queries: asked,
    truth,
    filters,
    hybrids,
    dimensions,
    metric,
    layout,
    shards: [],
    pgvector,
    buildMemoryBytes: undefined,
    samples: 100,
    seed: 1,
    instruments: await findInstruments(server, session, cache),
    capabilities: server.capabilities,
    signal,
    clock,
    reporter: silentReporter,
    now: () => new Date(0),
  };
  const reply = createReplier(context, noEarlierRuns);
  return {
    session,
    workspace,
    dataset,
    filters,
    hybrids,
    reply,
    async build(indexSpec, subset) {
      const request = { spec: indexSpec, repeat: 0, ...(subset === undefined ? {} : { rows: subset }) };
      const [record] = await reply({ kind: 'build', requests: [request] });
      return record as BuildRecord;
    },
    async points(build, settings, request = {}) {
      const requests = settings.map((setting): PointRequest => ({
        build: build.key,
        workload: { kind: 'plain', k },
        settings: setting,
        queries,
        purpose: 'search',
        ...(cache === 'warm' ? {} : { cache }),
        ...request,
      }));
      return (await reply({ kind: 'point', requests })) as readonly PointRecord[];
    },
    async plannerMap(build, settings) {
      const [record] = await reply({ kind: 'planner-map', requests: [{ build: build.key, k, settings }] });
      return record as PlannerMapRecord;
    },
    async throughput(build, settings, mode) {
      const workload = { kind: 'plain', k } as const;
      const request = { build: build.key, workload, settings, queries, mode };
      const [record] = await reply({ kind: 'throughput', requests: [request] });
      return record as ThroughputRecord;
    },
    async stop() {
      context.journal.close();
      dataset.close();
      await workspace.drop();
      folder.remove();
    },
  };
}

/** A bench for each test, and its end, however the test ends. */
export function benches(server: () => Server, defaults: RunningBenchOptions = {}) {
  let bench: RunningBench | undefined;
  afterEach(async () => {
    await bench?.stop();
    bench = undefined;
  });
  return async (options: RunningBenchOptions = {}): Promise<RunningBench> => {
    bench = await runningBench(server(), { ...defaults, ...options });
    return bench;
  };
}

/** A session that answers some of its statements in another way than the server would. */
export const lying =
  (change: (session: Session) => Partial<Session>) =>
  (session: Session): Session => ({ ...session, ...change(session) });

/** A session that does something else once, before its nth query. */
export function interrupting(n: number, act: () => Promise<unknown>): (session: Session) => Session {
  let executions = 0;
  return lying((session) => ({
    async execute(statement, values, options) {
      if (statement.text.includes('ORDER BY') && ++executions === n) await act();
      return session.execute(statement, values, options);
    },
  }));
}

async function hybridRuns(
  dataset: Dataset,
  { text, judged, filter, ...context }: NonNullable<RunningBenchOptions['hybrid']> & Omit<HybridContext, 'dataset'>,
): Promise<readonly PreparedHybrid[]> {
  const workload = { legs: [text.method], language: text.language, fusion: 'all' as const, filter, settings: {} };
  const inputs = await readHybridInputs([workload], { dataset, reporter: silentReporter });
  const runs = await prepareHybrids([workload], inputs, { dataset, ...context });
  return runs.map((run) => ({ ...run, judgements: run.question.queries.order.map(judged) }));
}

export const hnsw = (m = 16, ef_construction = 64): IndexSpec => ({
  method: 'hnsw',
  representation: 'vector',
  parameters: { m, ef_construction },
});
export const ivfflat = (lists: number): IndexSpec => ({
  method: 'ivfflat',
  representation: 'vector',
  parameters: { lists },
});
export const exactScan: IndexSpec = { method: 'none', representation: 'vector', parameters: {} };
