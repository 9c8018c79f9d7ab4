import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/index.js';
import type { DatasetSource } from '../../datasets/index.js';
import { PgvtuneError } from '../../errors.js';
import { isOlder } from '../../indexes/index.js';
import { monotonicClock } from '../../measure/index.js';
import { openServer, readServerFacts } from '../../postgres/index.js';
import {
  noEarlierRuns,
  readRun,
  type RecordOf,
  type RequestOf,
  type RunManifest,
  type Search,
  type StatementAnswer,
  type StatementKind,
  type StatementSubject,
} from '../../results/index.js';
import type { Metric } from '../../vocabulary.js';
import { drive } from '../drive.js';
import { manifestOn } from '../manifest.js';
import { openRun } from '../open-run.js';
import type { ExperimentOptions } from '../options.js';
import { replierOf } from '../replier.js';
import { stopwatch } from '../stopwatch.js';
import { loadCopy } from './load-copy.js';
import { measureWithIndex, measureWithoutIndex, type StatementBench } from './measure.js';
import { openCopy } from './stored-copy.js';
import { type StatementSource, takeCopy } from './take-copy.js';

export interface StatementRunOptions extends Pick<
  ExperimentOptions,
  'results' | 'run' | 'target' | 'version' | 'signal' | 'reporter' | 'now' | 'clock'
> {
  /** With the server on which the indexes are built, and the seed. */
  readonly config: Config;
  /** Where the tables are; null: a run goes on with the copy that it has. */
  readonly source: Omit<StatementSource, 'reporter' | 'seed' | 'hasLog' | 'deadlineMs'> | null;
  /** The application's own query vectors; absent: rows are the queries. */
  readonly log?: DatasetSource | undefined;
  /** Time limit of one statement on either server. */
  readonly deadlineMs: number;
}

/** What a search for an index is made of, once the statement was read; `rows`: those that an index is built on. */
export interface StatementSituation {
  readonly subject: Omit<StatementSubject, 'copied'>;
  readonly metric: Metric;
  readonly rows: number;
  /** The older of the versions of pgvector that matter. */
  readonly pgvector: string;
}

/** The copy, beside manifest and journal of a run; gone once the run has its answer. */
const COPY = 'tables';

/**
 * Tunes an application's own statement: its tables are copied into the run's folder, made again on a server of the run's own, and
 * measured there. A run that was interrupted goes on with the copy that it has, so the table in use is read once.
 *
 * @param check refuses, before any row is read, a statement that no index can be tuned for
 * @throws {PgvtuneError} `interrupted` when the signal was aborted; `usage`; `server`; `environment`
 */
export async function runStatement(
  options: StatementRunOptions,
  check: (situation: StatementSituation) => void,
  search: (situation: StatementSituation) => Search<StatementAnswer>,
): Promise<{ readonly folder: string; readonly answer: StatementAnswer }> {
  const { config, source, results, run, signal, reporter, clock = monotonicClock } = options;
  const startMs = clock.now();
  // A run has a folder once all that it rests on is known.
  const taken = join(results, `.${run}-${COPY}`);
  const subject = source
    ? await subjectOf(source, taken, options, check)
    : subjectOfRun(readRun(results, run).manifest);
  const server = await openServer(config.server, { run, signal, note: (note) => reporter.note(note) });
  try {
    const session = await server.connect('statement');
    const facts = await readServerFacts(session);
    const manifest = manifestOn({ ...options, command: 'tune' }, server, facts, subject);
    const open = openRun(manifest, { results, resume: source === null });
    const folder = join(open.folder, COPY);
    const spentSeconds = stopwatch(open.journal, clock, startMs);
    try {
      if (source) renameSync(taken, folder);
      const finished = open.journal.records.find((record) => record.type === 'answer')?.answer;
      if (finished?.kind === 'statement') return { folder: open.folder, answer: finished };

      const { statement, metric, dataset } = subject;
      // Types and functions are found there as where the tables are.
      await session.query(`SELECT set_config('search_path', $1 || ', ' || current_setting('search_path'), false)`, [
        statement.path,
      ]);
      const copy = openCopy(folder);
      await loadCopy(session, copy, { hash: dataset.hash, reporter });
      const bench: StatementBench = {
        own: session,
        subject: statement,
        metric,
        log: options.log,
        executions: copy.executions,
        deadlineMs: options.deadlineMs,
        seed: config.seed,
        clock,
        reporter,
        now: () => options.now(),
      };
      const pgvector = isOlder(statement.server.pgvector, facts.pgvector) ? statement.server.pgvector : facts.pgvector;
      const answer = await drive(
        search({ subject: statement, metric, rows: dataset.rows, pgvector }),
        replierOf<StatementKind>(
          { journal: open.journal, reporter },
          {
            earlier: noEarlierRuns,
            spentSeconds,
            measure: (kind, requests) => HANDLERS[kind](bench, requests),
            // It is dropped when it was measured.
            release: async () => {},
          },
        ),
      );
      open.journal.append({ type: 'answer', key: 'answer', finishedAt: options.now().toISOString(), answer });
      rmSync(folder, { recursive: true, force: true });
      return { folder: open.folder, answer };
    } finally {
      open.close();
    }
  } finally {
    await server.stop();
    rmSync(taken, { recursive: true, force: true });
  }
}

const HANDLERS: {
  readonly [K in StatementKind]: (
    bench: StatementBench,
    requests: readonly RequestOf<K>[],
  ) => Promise<readonly RecordOf<K>[]>;
} = {
  'statement-without-index': async (bench, requests) => [await measureWithoutIndex(bench, requests[0]!)],
  'statement-with-index': measureWithIndex,
};

/** What a manifest says of the statement and its copy. */
type Subject = Pick<RunManifest, 'dataset' | 'metric'> & { readonly statement: StatementSubject };

async function subjectOf(
  source: NonNullable<StatementRunOptions['source']>,
  folder: string,
  { config, log, reporter, deadlineMs }: StatementRunOptions,
  check: (situation: StatementSituation) => void,
): Promise<Subject> {
  rmSync(folder, { recursive: true, force: true });
  const { seed } = config;
  const asked = { ...source, hasLog: log !== undefined, seed, deadlineMs, reporter };
  const { subject, metric, hash } = await takeCopy(asked, folder, (read, by) =>
    check({ subject: read, metric: by, rows: source.rows, pgvector: read.server.pgvector }),
  );
  const { label } = subject.table;
  const { rows } = subject.copied.find(({ table }) => table === label)!;
  const { dimensions } = subject.column;
  const dataset = { name: label, hash, rows, dimensions: dimensions!, queries: 0, synthetic: false };
  return { dataset, metric, statement: subject };
}

function subjectOfRun({ run, dataset, metric, statement }: RunManifest): Subject {
  if (statement) return { dataset, metric, statement };
  throw new PgvtuneError('usage', `${run} is no run of a statement.`, { hint: 'Name one that --sql began.' });
}
