import { cpus, totalmem } from 'node:os';
import { type Config, filteredWorkloads, hybridWorkloads } from '../config/index.js';
import type { Dataset } from '../datasets/index.js';
import { PgvtuneError } from '../errors.js';
import { declaredNote, exactTruth } from '../exact/index.js';
import { type Clock, findCacheTools, monotonicClock } from '../measure/index.js';
import {
  findExtension,
  openServer,
  openWorkspace,
  readServerFacts,
  redact,
  type Server,
  type ServerFacts,
  type Session,
  type Workspace,
} from '../postgres/index.js';
import type { Reporter } from '../progress.js';
import { querySet, type QuerySet } from '../query-set.js';
import { createRandom } from '../random.js';
import {
  type AnswerRecord,
  createRun,
  noEarlierRuns,
  type OpenRun,
  readEarlierRuns,
  RECORD_VERSION,
  resumeRun,
  type RunManifest,
  type Search,
} from '../results/index.js';
import type { CacheState, Metric, Target } from '../vocabulary.js';
import { canonicalJson } from '../canonical-json.js';
import {
  checkTextSpec,
  type Shape,
  type Situation,
  TEXT_CATALOG_SQL,
  type TextCatalog,
  textLeg,
} from '../workloads/index.js';
import { createReplier } from './replier.js';
import type { RunContext } from './context.js';
import { drive } from './drive.js';
import { checkFilters, type FilterCase, prepareFilterCases } from './filtered/cases.js';
import { columnsOfAsk } from './filtered/prepare.js';
import { checkHybrid, type PreparedHybrid, prepareHybrids } from './hybrid/prepare.js';
import { findInstruments, type Instruments } from './points/instruments.js';
import { lastingSession } from './lasting-session.js';
import { loadDataset } from './table/load.js';
import type { TableLayout } from './table/layout.js';

export interface ExperimentOptions {
  readonly command: RunManifest['command'];
  readonly config: Config;
  readonly dataset: Dataset;
  readonly target: Target | null;
  /** Folder of all runs. */
  readonly results: string;
  /** Name of the run: a new one, or with `resume` one that exists. */
  readonly run: string;
  readonly resume: boolean;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly reporter: Reporter;
  readonly clock?: Clock;
  now(): Date;
}

/**
 * What a configuration and a dataset come to.
 *
 * @throws {PgvtuneError} `usage` when they do not fit each other
 */
export function shapeOf({ k, metric, measure, workloads }: Config, { manifest }: Dataset): Shape {
  for (const workload of filteredWorkloads(workloads)) checkFilters(workload, manifest.columns);
  checkHybrid(hybridWorkloads(workloads), { manifest });
  if (k > manifest.rows) {
    throw new PgvtuneError('usage', `k is ${k}, but ${manifest.name} has only ${manifest.rows} rows.`, {
      hint: 'Ask for fewer neighbours, or use a larger dataset.',
    });
  }
  const chosen = metric ?? manifest.metric ?? 'cosine';
  const { zeroRows, zeroQueries } = manifest.checks;
  if (chosen === 'cosine' && zeroRows + zeroQueries > 0) {
    throw new PgvtuneError(
      'dataset',
      `${manifest.name} has ${zeroRows} rows and ${zeroQueries} queries that are zero vectors: they have no direction, and no cosine index holds them.`,
      { hint: 'Remove them from the source, or choose another metric.' },
    );
  }
  return {
    rows: manifest.rows,
    dimensions: manifest.dimensions,
    metric: chosen,
    queries: Math.min(measure.queries, manifest.queries),
  };
}

export interface ExperimentResult {
  readonly run: string;
  /** Folder of the run. */
  readonly folder: string;
  readonly answer: AnswerRecord['answer'];
}

/**
 * The whole way, once: a server, the dataset's exact neighbours, the loaded table, and then the search, whose every
 * question is answered by a build or a measurement and recorded before it goes on.
 *
 * A run that ends in any other way than with its answer keeps what is finished: it can be resumed by its name.
 *
 * @param search made once the situation is known; it must ask the same questions when the run is resumed
 * @throws {PgvtuneError} `interrupted` when the signal was aborted; `server`, `environment`, `usage`
 */
export async function runExperiment(
  options: ExperimentOptions,
  search: (situation: Situation) => Search<AnswerRecord['answer']>,
): Promise<ExperimentResult> {
  const { config, dataset, reporter, signal, clock = monotonicClock } = options;
  // Before a server is started: a filter may turn out to match nothing.
  const preparation = await prepare(options);
  const { shape, queries, filters, hybrids } = preparation;
  const { metric } = shape;
  const server = await openServer(config.server, { run: options.run, signal, note: (text) => reporter.note(text) });
  try {
    const facts = await inspect(server, config.measure.cache);
    const run = openRun(options, server, facts, metric);
    try {
      const finished = run.journal.records.find((record) => record.type === 'answer');
      if (finished) return { run: options.run, folder: run.folder, answer: finished.answer };

      const truth = await withTask(reporter, 'Exact neighbours', dataset.manifest.rows, (onProgress) =>
        exactTruth(dataset, { metric, k: config.k, queries: queries.order, signal, onProgress }),
      );
      const note = declaredNote(truth, dataset);
      if (note !== null) reporter.note(note);
      const answer = await inWorkspace(server, options, async (workspace) => {
        const session = await lastingSession(() => workspace.connect('measure'), clock);
        const watcher =
          server.capabilities.sessions > 1 ? await lastingSession(() => workspace.connect('watch'), clock) : null;
        const instruments = await findInstruments(server, session, config.measure.cache);
        const layout = layoutOf(config, dataset, filters);
        await checkTexts(server, session, dataset, layout);
        const load = await loadDataset(server, session, workspace, dataset, { clock, reporter, layout });
        if (load) run.journal.append(load);
        const earlier = config.measure.reuse ? readEarlierRuns(options.results, run.manifest) : noEarlierRuns;
        const context: RunContext = {
          journal: run.journal,
          session,
          watcher,
          workspace,
          dataset,
          queries,
          truth,
          filters: filters.map(({ run: filter }) => filter),
          hybrids,
          dimensions: dataset.manifest.dimensions,
          metric,
          pgvector: facts.pgvector,
          buildMemoryBytes: config.target.build_memory,
          samples: config.measure.samples,
          seed: config.seed,
          instruments,
          capabilities: server.capabilities,
          signal,
          clock,
          reporter,
          now: () => options.now(),
        };
        const { sessions } = server.capabilities;
        return drive(
          search(situationOf(preparation, { facts, sessions, coldBytes: coldBytesOf(server, instruments) })),
          createReplier(context, earlier),
        );
      });
      run.journal.append({ type: 'answer', key: 'answer', finishedAt: options.now().toISOString(), answer });
      return { run: options.run, folder: run.folder, answer };
    } finally {
      run.close();
    }
  } finally {
    await server.stop();
  }
}

/** What a configuration asks of its dataset, made concrete without a server. */
export interface Preparation {
  readonly shape: Shape;
  readonly queries: QuerySet;
  readonly filters: readonly FilterCase[];
  readonly hybrids: readonly PreparedHybrid[];
}

/** @throws {PgvtuneError} `usage`, `dataset`: what the configuration asks for does not fit the data */
export async function prepare({
  config,
  dataset,
  signal,
  reporter,
}: Pick<ExperimentOptions, 'config' | 'dataset' | 'signal' | 'reporter'>): Promise<Preparation> {
  const shape = shapeOf(config, dataset);
  const queries = askedQueries(dataset, config);
  const context = { dataset, metric: shape.metric, k: config.k, queries, signal };
  return {
    shape,
    queries,
    filters: await prepareFilterCases(filteredWorkloads(config.workloads), {
      ...context,
      seed: config.seed,
      recall: config.target.recall,
      reporter,
    }),
    hybrids: await prepareHybrids(hybridWorkloads(config.workloads), context),
  };
}

/** What a search is told of data and server. */
export const situationOf = (
  { shape, filters, hybrids }: Preparation,
  {
    facts: { pgvector, settings },
    sessions,
    coldBytes,
  }: { readonly facts: Pick<ServerFacts, 'pgvector' | 'settings'> } & Pick<Situation, 'sessions' | 'coldBytes'>,
): Situation => ({
  ...shape,
  pgvector,
  settings,
  sessions,
  coldBytes,
  filtered: filters.map(({ workload, name, cell, run }) => ({
    workload,
    name,
    cell,
    filter: run.filter,
    join: run.join,
    question: { ...run.question, pgvector },
    measure: run.drawn.measure,
    shortfalls: run.drawn.shortfalls,
  })),
  hybrid: hybrids.map(({ workload, question, judgements, remarks }) => ({
    workload,
    question,
    judged: judgements && judgements.filter((grades) => [...grades.values()].some((grade) => grade > 0)).length,
    remarks,
  })),
});

/** What is moved to another tablespace is copied each time; what is evicted is not. */
const MOST_MOVED_BYTES = 64 * 1024 ** 2;

/**
 * Unasked, caches are emptied only where they are nobody else's; and where times are not those of a native server, there
 * is nothing to learn from it.
 */
function coldBytesOf({ capabilities, disposable }: Server, { cacheTools: { emptying } }: Instruments): number {
  if (!disposable || !capabilities.nativeTimings || emptying === null) return 0;
  return emptying.by === 'evict' ? Infinity : MOST_MOVED_BYTES;
}

/** What the workloads of a configuration need beside ids and vectors. */
function layoutOf({ workloads }: Config, { manifest }: Dataset, cases: readonly FilterCase[]): TableLayout {
  const names = new Set(cases.flatMap(({ run }) => columnsOfAsk(run)));
  const joins = new Map(cases.flatMap(({ run: { join } }) => (join ? [[canonicalJson(join), join] as const] : [])));
  return {
    columns: manifest.columns.filter(({ name }) => names.has(name)),
    joins: [...joins.values()],
    texts: hybridWorkloads(workloads).flatMap(({ legs, language }) => legs.map((method) => ({ method, language }))),
  };
}

/** @throws {PgvtuneError} when the dataset has no text to search, or the server cannot search it so */
async function checkTexts(
  { disposable }: Server,
  session: Session,
  { manifest }: Dataset,
  { texts }: TableLayout,
): Promise<void> {
  if (texts.length === 0) return;
  const [catalog] = await session.query<TextCatalog & Record<string, unknown>>(TEXT_CATALOG_SQL);
  for (const text of texts) {
    checkTextSpec(text, { textColumn: manifest.textColumn, catalog: catalog! });
    const { extension, title } = textLeg(text.method);
    if (extension === null || (await findExtension(session, extension, { create: disposable })) !== null) continue;
    throw new PgvtuneError(
      'environment',
      `The extension "${extension}", which ${title} needs, is not in the database.`,
      {
        hint: `Create it: CREATE EXTENSION ${extension};`,
      },
    );
  }
}

/** The queries a run asks: a random choice in random order, the same for the same seed. */
function askedQueries({ queries }: Dataset, { seed, measure }: Config): QuerySet {
  const all = Array.from({ length: queries.rows }, (_, query) => query);
  return querySet(queries, createRandom(seed).fork('queries').shuffle(all).slice(0, measure.queries));
}

/** @throws {PgvtuneError} `environment` when the state of the caches that is asked for cannot be had there */
async function inspect(server: Server, cache: CacheState): Promise<ServerFacts> {
  const session: Session = await server.connect('inspect');
  try {
    await findCacheTools(session, cache, server);
    return await readServerFacts(session);
  } finally {
    await session.close();
  }
}

function openRun(options: ExperimentOptions, server: Server, facts: ServerFacts, metric: Metric): OpenRun {
  const manifest = manifestOf(options, server, facts, metric);
  if (!options.resume) return createRun(options.results, manifest);
  const run = resumeRun(options.results, options.run);
  const before = run.manifest;
  const changed = [
    ...(before.dataset.hash === manifest.dataset.hash ? [] : ['the dataset']),
    ...(before.server.version === manifest.server.version ? [] : ['the version of PostgreSQL']),
    ...(before.server.pgvector === manifest.server.pgvector ? [] : ['the version of pgvector']),
    ...(before.server.label === manifest.server.label ? [] : ['the server']),
    ...(before.client.cpu === manifest.client.cpu ? [] : ['the processor']),
  ];
  if (changed.length > 0) {
    run.close();
    throw new PgvtuneError(
      'usage',
      `The run ${options.run} cannot be resumed: ${changed.join(', ')} changed since it began.`,
      {
        hint: 'Start a new run: figures from both would not be comparable.',
      },
    );
  }
  return run;
}

export function manifestOf(
  options: Omit<ExperimentOptions, 'clock'>,
  server: Pick<Server, 'kind' | 'label'>,
  facts: ServerFacts,
  metric: Metric,
): RunManifest {
  const { manifest } = options.dataset;
  return {
    version: RECORD_VERSION,
    run: options.run,
    command: options.command,
    startedAt: options.now().toISOString(),
    pgvtune: options.version,
    dataset: {
      name: manifest.name,
      hash: manifest.hash,
      rows: manifest.rows,
      dimensions: manifest.dimensions,
      queries: manifest.queries,
      synthetic: manifest.synthetic,
    },
    metric,
    target: options.target,
    config: { ...options.config, server: redact(options.config.server) },
    server: { kind: server.kind, label: server.label, ...facts, settings: { ...facts.settings } },
    client: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
    },
  };
}

/** Works in the run's scratch schema; drops it when the work is done, and leaves it for a resumption when it is not. */
async function inWorkspace<T>(
  server: Server,
  options: ExperimentOptions,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = await openWorkspace(server, options.run.replaceAll('-', '_'));
  let result: T;
  try {
    result = await work(workspace);
  } catch (error) {
    await workspace.leave();
    if (!server.disposable) {
      options.reporter.note(
        `The schema ${workspace.schema} stays on the server for --resume ${options.run}; pgvtune clean removes it.`,
      );
    }
    throw error;
  }
  await workspace.drop();
  return result;
}

async function withTask<T>(
  reporter: Reporter,
  label: string,
  total: number,
  work: (onProgress: (done: number) => void) => Promise<T>,
): Promise<T> {
  const task = reporter.start(label, total, 'rows');
  try {
    return await work((done) => task.update(done));
  } finally {
    task.finish();
  }
}
