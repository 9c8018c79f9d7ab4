import { join, relative, resolve } from 'node:path';
import { type Config, expandIndexes, liveTableOf, resolveConfig } from '../../../config/index.js';
import { openSource } from '../../../datasets/index.js';
import { EXIT, PgvtuneError } from '../../../errors.js';
import { type TunedStatement, tuneStatement } from '../../../experiment/index.js';
import { parseParameter } from '../../../live/index.js';
import { monotonicClock } from '../../../measure/index.js';
import { openServer, type Server } from '../../../postgres/index.js';
import { checkNewRun, makeFolder, runName, writeAtomically } from '../../../results/index.js';
import { documentText } from '../../document-text.js';
import type { Io } from '../../io.js';
import { openLiveServer } from '../../open-live.js';
import { toOverrides } from '../../options.js';
import { resultsFolder } from '../../place-of-run.js';
import { createReporter } from '../../progress.js';
import { readSqlFile } from '../../sql-file.js';
import { style } from '../../style.js';
import type { TuneOptions } from './command.js';
import { statementLines } from './statement-print.js';
import { statementReport } from './statement-report.js';

/** Queries that a setting is measured with at most: each is an exact scan of the copy for every index. */
const MOST_QUERIES = 100;
/** Of fewer no p95 is known. */
const QUERIES_OF_P95 = 75;

/** Tunes an application's own statement on a copy of its tables, and prints the change to make. @returns the exit code */
export async function tuneSql(
  file: string | null,
  options: TuneOptions & { readonly sql: string },
  io: Io,
): Promise<number> {
  refuseOthers(options);
  const config = resolveConfig(file && resolve(io.cwd, file), toOverrides(options));
  const named = liveTableOf(config);
  if (!named) {
    throw new PgvtuneError('usage', '--sql needs the table that it searches.', {
      hint: 'Name it, and where it is: --table app.items --server env.',
    });
  }
  if (named.where !== undefined) {
    throw new PgvtuneError('usage', '--sql and dataset.where exclude each other.', {
      hint: 'Write the condition into the statement.',
    });
  }
  refuseKeys(config);
  if (config.target.p95 !== undefined && config.measure.queries < QUERIES_OF_P95) {
    throw new PgvtuneError(
      'usage',
      `A bound on p95 needs at least ${QUERIES_OF_P95} queries, got ${config.measure.queries}.`,
      { hint: 'Raise measure.queries.' },
    );
  }
  const results = resultsFolder(io.cwd);
  const run = options.name ?? runName('tune', `sql ${named.table}`, new Date());
  checkNewRun(results, run);
  const statement = readSqlFile(options.sql, io.cwd);
  const reporter = createReporter(io, options);
  const log = config.queries === undefined ? undefined : await openSource(resolve(io.cwd, config.queries));
  let own: Server | undefined;
  const live = await openLiveServer(named.server, 'statement', io, reporter);
  try {
    const tuned = await tuneStatement({
      live: await live.connect('statement'),
      openOwn: async () => {
        own = await openServer(config.server, {
          run: 'statement',
          signal: io.signal,
          note: (note) => reporter.note(note),
        });
        return own.connect('statement');
      },
      table: named.table,
      column: named.column,
      statement,
      values: new Map(options.param?.map(parseParameter)),
      rows: named.rows,
      queries: Math.min(config.measure.queries, MOST_QUERIES),
      log,
      indexes: expandIndexes(config),
      target: config.target.recall,
      mostP95Ms: config.target.p95,
      deadlineMs: named.deadline,
      seed: config.seed,
      clock: monotonicClock,
      reporter,
    });
    const server = own?.label ?? config.server;
    const document = documentText('tune statement', { server, tuned });
    const folder = join(results, run);
    makeFolder(folder);
    writeAtomically(join(folder, 'statement.json'), document);
    writeAtomically(join(folder, 'vector_optimization.md'), statementReport(tuned, server));
    const lines = [
      ...statementLines(tuned, { server, paint: style(io, options) }),
      '',
      relative(io.cwd, join(folder, 'vector_optimization.md')),
    ];
    io.stdout.write(options.json ? document : `${lines.join('\n')}\n`);
    return exitOf(tuned);
  } finally {
    await own?.stop();
    await live.stop();
    log?.close();
  }
}

/** Options of a run that say nothing of a statement, as their flags. */
const OF_RUNS = {
  metric: '--metric',
  k: '-k',
  indexSize: '--index-size',
  buildMemory: '--build-memory',
  rowsBudget: '--rows-budget',
  budget: '--budget',
  concurrency: '--concurrency',
  rate: '--rate',
  slo: '--slo',
  rerankScores: '--rerank-scores',
  resume: '--resume',
} as const satisfies Partial<Record<keyof TuneOptions, string>>;

/** @throws {PgvtuneError} `usage` for an option that would be ignored */
function refuseOthers(options: TuneOptions): void {
  const given = Object.entries(OF_RUNS).find(([option]) => options[option as keyof typeof OF_RUNS] !== undefined);
  if (!given) return;
  throw new PgvtuneError('usage', `--sql and ${given[1]} exclude each other.`, {
    hint: 'The statement itself says the operator and the LIMIT; its recall and latency are measured, with one client.',
  });
}

/** Keys of a configuration that say nothing of a statement. */
const KEYS: Readonly<Record<string, (config: Config) => unknown>> = {
  metric: ({ metric }) => metric,
  representation: ({ representation }) => representation,
  rows_budget: ({ rows_budget }) => rows_budget,
  budget: ({ budget }) => budget,
  'target.index_size': ({ target }) => target.index_size,
  'target.build_memory': ({ target }) => target.build_memory,
  'target.build_time': ({ target }) => target.build_time,
  'measure.concurrency': ({ measure }) => measure.concurrency,
  'measure.rate': ({ measure }) => measure.rate,
  'measure.slo': ({ measure }) => measure.slo,
  workloads: ({ workloads }) => workloads.find((workload) => !('plain' in workload)),
};

/** @throws {PgvtuneError} `usage` for a key that would be ignored */
function refuseKeys(config: Config): void {
  const key = Object.keys(KEYS).find((name) => KEYS[name]!(config) !== undefined);
  if (key === undefined) return;
  throw new PgvtuneError('usage', `--sql ignores ${key} of the configuration.`, {
    hint: 'Leave it out: the statement says what is asked. Of the keys, target.recall, target.p95, indexes, queries, measure.queries, seed and dataset are looked at.',
  });
}

function exitOf({ best, options }: TunedStatement): number {
  if (best) return EXIT.done;
  return options.some(({ measured }) => measured !== null) ? EXIT.no : EXIT.inconclusive;
}
