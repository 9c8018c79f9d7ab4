import { queriesToShow } from '../analysis/index.js';
import { declaredNote, exactTruth } from '../exact/index.js';
import { hybridWorkloads, layoutOf } from '../config/index.js';
import { findCacheTools, monotonicClock } from '../measure/index.js';
import {
  freeConnections,
  openServer,
  readServerFacts,
  type Server,
  type ServerFacts,
  type Session,
} from '../postgres/index.js';
import type { Reporter, Stage } from '../progress.js';
import {
  type AnswerRecord,
  type Journal,
  noEarlierRuns,
  type PreparationRecord,
  readEarlierRuns,
  readRun,
  type Search,
} from '../results/index.js';
import type { CacheState } from '../vocabulary.js';
import type { Begun, Situation } from '../workloads/index.js';
import type { RunContext } from './context.js';
import { drive } from './drive.js';
import { readHybridInputs } from './hybrid/inputs.js';
import { checkKeeping, keepUntilAnswer, keptCluster } from './kept-server.js';
import { lastingSession } from './lasting-session.js';
import { manifestOf } from './manifest.js';
import { openRun } from './open-run.js';
import type { ExperimentOptions } from './options.js';
import { findInstruments } from './points/instruments.js';
import { preparationTime, type PreparationTime } from './preparation-time.js';
import { contentsOf, type Preparation, prepare, shapeOf } from './prepare.js';
import { createReplier } from './replier.js';
import { withShards } from './sharded/with-shards.js';
import { coldBytesOf, situationOf } from './situation.js';
import { stopwatch } from './stopwatch.js';
import { loadDataset } from './table/load.js';
import { checkTexts } from './table/texts.js';
import { truthInTime } from './truth-in-time.js';
import { inWorkspace } from './workspace.js';

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
  const shape = shapeOf(config, dataset);
  const { metric } = shape;
  const hybridInputs = await readHybridInputs(hybridWorkloads(config.workloads), options);
  const startMs = clock.now();
  const server = await openServer(config.server, {
    run: options.run,
    signal,
    note: (note) => reporter.note(note),
    ...keptCluster(options),
  });
  try {
    checkKeeping(config, server);
    const { facts, sessions } = await inspect(server, config.measure.cache);
    options.check?.({ ...shape, pgvector: facts.pgvector, extensions: facts.extensions, sessions });
    const time = timeToPrepare(options, () => (clock.now() - startMs) / 1000);
    const preparation = await prepare({ ...options, hybridInputs, time });
    const { filters, hybrids } = preparation;
    const run = openRun(manifestOf(options, server, facts, metric), options);
    const cluster = keepUntilAnswer(config, server, { folder: run.folder, reporter });
    const spentSeconds = stopwatch(run.journal, clock, startMs);
    try {
      const finished = run.journal.records.find((record) => record.type === 'answer');
      if (finished) {
        cluster.answered();
        return { run: options.run, folder: run.folder, answer: finished.answer };
      }

      if (options.control && !options.resume) run.journal.append(options.control);
      const least = Math.max(shape.queries, 2 * queriesToShow(config.target.recall));
      const { rows } = dataset.manifest;
      const { truth, queries } = await truthInTime(
        (some, { onProgress, ...until }) =>
          withTask(reporter, { code: 'exact-neighbours', data: {} }, rows, (onDone) => {
            const progress = (done: number): void => (onDone(done), onProgress(done));
            return exactTruth(dataset, { metric, k: config.k, queries: some.order, ...until, onProgress: progress });
          }),
        preparation.queries,
        { time, least, rows, signal },
      );
      const note = await declaredNote(truth, dataset);
      if (note !== null) reporter.note(note);
      const layout = layoutOf(config);
      const answer = await inWorkspace(server, { ...options, layout }, async (workspace) => {
        const session = await lastingSession(() => workspace.connect('measure'), clock);
        const watcher =
          server.capabilities.sessions > 1 ? await lastingSession(() => workspace.connect('watch'), clock) : null;
        const instruments = await findInstruments(server, session, config.measure.cache);
        const contents = contentsOf(config, dataset, filters);
        await checkTexts(server, session, dataset, contents);
        const load =
          layout.kind === 'sharded'
            ? null
            : await loadDataset(server, session, workspace, dataset, { clock, reporter, metric, contents, layout });
        if (load) run.journal.append(load);
        const begun =
          time && begin(run.journal, { ...preparation, left: queries.size }, { options, time, spentSeconds });
        const earlier = config.measure.reuse ? readEarlierRuns(options.results, run.manifest) : noEarlierRuns;
        const context: Omit<RunContext, 'shards'> = {
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
          layout,
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
        const situation = situationOf(
          { ...preparation, shape: { ...shape, recallQueries: Math.min(shape.recallQueries, queries.size) } },
          { facts, sessions, coldBytes: coldBytesOf(server, instruments), ...(begun ? { begun } : {}) },
        );
        return withShards({ server, session }, { ...options, metric, clock }, (shards) =>
          drive(search(situation), createReplier({ ...context, shards }, earlier, spentSeconds)),
        );
      });
      run.journal.append({ type: 'answer', key: 'answer', finishedAt: options.now().toISOString(), answer });
      cluster.answered();
      return { run: options.run, folder: run.folder, answer };
    } catch (error) {
      cluster.failed();
      throw error;
    } finally {
      run.close();
    }
  } finally {
    await server.stop();
  }
}

/** Null where the time of the run is not bounded. */
function timeToPrepare(
  { command, config, results, run, resume }: ExperimentOptions,
  spentSeconds: () => number,
): PreparationTime | null {
  if (command !== 'tune' || config.budget === undefined) return null;
  const kept = resume ? readRun(results, run).records.find((record) => record.type === 'preparation') : undefined;
  return preparationTime(config.budget / 1000, spentSeconds, kept ?? null);
}

/** Writes down what came before the search, unless an earlier attempt did, and says where it took longer than the whole run may. */
function begin(
  journal: Journal,
  { prepared, queries: all, left }: Pick<Preparation, 'prepared' | 'queries'> & { readonly left: number },
  {
    options: { config, reporter },
    time,
    spentSeconds,
  }: {
    readonly options: ExperimentOptions;
    readonly time: PreparationTime;
    readonly spentSeconds: () => number;
  },
): Begun {
  if (time.kept) return time.kept;
  const isShown = left < all.size && config.workloads.some((workload) => 'plain' in workload);
  const fewer = { queries: left, of: all.size };
  if (isShown) reporter.note({ code: 'recall-queries-left-out', data: fewer });
  const record: PreparationRecord = {
    type: 'preparation',
    key: 'preparation',
    spentSeconds: spentSeconds(),
    filters: prepared.filters,
    queries: left,
    omissions: [...prepared.omissions, ...(isShown ? [{ code: 'recall-queries' as const, data: fewer }] : [])],
  };
  const budgetSeconds = (config.budget ?? 0) / 1000;
  if (record.spentSeconds > budgetSeconds) {
    reporter.note({ code: 'preparation-over-budget', data: { seconds: record.spentSeconds, budgetSeconds } });
  }
  journal.append(record);
  return record;
}

/** The one that measures, the one that watches, and the one that holds the scratch schema. */
const SESSIONS_BESIDE_LOADS = 3;

/** @throws {PgvtuneError} `environment` when the state of the caches that is asked for cannot be had there */
async function inspect(
  server: Server,
  cache: CacheState,
): Promise<{ readonly facts: ServerFacts; readonly sessions: number }> {
  const session: Session = await server.connect('inspect');
  try {
    await findCacheTools(session, cache, server);
    const facts = await readServerFacts(session);
    const most = server.capabilities.sessions;
    if (most === 1) return { facts, sessions: 1 };
    // This session's place is free again when it is closed.
    return { facts, sessions: Math.min(most, (await freeConnections(session)) + 1 - SESSIONS_BESIDE_LOADS) };
  } finally {
    await session.close();
  }
}

async function withTask<T>(
  reporter: Reporter,
  stage: Stage,
  total: number,
  work: (onProgress: (done: number) => void) => Promise<T>,
): Promise<T> {
  const task = reporter.start(stage, total, 'rows');
  try {
    return await work((done) => task.update(done));
  } finally {
    task.finish();
  }
}
