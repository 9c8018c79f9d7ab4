import { resolve } from 'node:path';
import { canonicalJson } from '../../../canonical-json.js';
import { type Config, configOf, expandIndexes, liveTableOf, resolveConfig } from '../../../config/index.js';
import { openSource } from '../../../datasets/index.js';
import { PgvtuneError } from '../../../errors.js';
import { runStatement, type StatementRunOptions } from '../../../experiment/index.js';
import { parseParameter } from '../../../live/index.js';
import { checkServerChoice } from '../../../postgres/index.js';
import { checkNewRun, readRun, runName } from '../../../results/index.js';
import { statementRequests, targetOf, tuneStatement } from '../../../tune/index.js';
import { packageVersion } from '../../../version.js';
import type { Io } from '../../io.js';
import { keptRun } from '../../kept-run.js';
import { checkLoggedParameters, readLoggedParameters } from '../../logged-executions.js';
import { openLiveServer } from '../../open-live.js';
import { toOverrides } from '../../options.js';
import { placeOfRun, resultsFolder } from '../../place-of-run.js';
import { createReporter } from '../../progress.js';
import { configOfRun, type SearchOutcome } from '../../run-search.js';
import { writeReports } from '../../../reports/index.js';
import { readSqlFile } from '../../sql-file.js';
import type { TuneOptions } from './command.js';

/** Queries that a value of a setting is measured with where nobody says how many: each is an exact scan for every index. */
const USUAL_QUERIES = 200;
/** Of fewer no p95 is known. */
const QUERIES_OF_P95 = 75;

/** Tunes an application's own statement on a copy of its tables. */
export async function tuneSql(
  file: string | null,
  options: TuneOptions & { readonly sql: string },
  io: Io,
): Promise<SearchOutcome> {
  refuseOptions(options);
  const config = resolveConfig(file && resolve(io.cwd, file), toOverrides(options));
  const named = liveTableOf(config);
  if (!named) {
    throw new PgvtuneError('usage', '--sql needs the table that it searches.', {
      hint: 'Name it, and where it is: --table app.items --server env.',
    });
  }
  refuseKeys(config);
  const queries = isUsual(config, 'measure.queries') ? USUAL_QUERIES : config.measure.queries;
  if (config.target.p95 !== undefined && queries < QUERIES_OF_P95) {
    throw new PgvtuneError('usage', `A bound on p95 needs at least ${QUERIES_OF_P95} queries, got ${queries}.`, {
      hint: 'Raise measure.queries.',
    });
  }
  await checkLoggedParameters(
    options,
    { sql: options.sql, queries: config.queries === undefined ? undefined : 'queries' },
    io,
  );
  checkServerChoice(config.server, io.env);
  const results = resultsFolder(io.cwd);
  const run = options.name ?? runName('tune', `sql ${named.table}`, new Date());
  checkNewRun(results, run);
  const statement = readSqlFile(options.sql, io.cwd);
  const reporter = createReporter(io, options);
  const live = await openLiveServer(named.server, 'statement', io, reporter);
  try {
    const session = await live.connect('statement');
    const logged = await readLoggedParameters(options, statement, { session, seed: config.seed, io, reporter });
    const source = {
      live: session,
      table: named.table,
      column: named.column,
      statement,
      values: new Map([...(logged?.limits ?? []), ...(options.param ?? []).map(parseParameter)]),
      executions: logged?.executions,
      rows: named.rows,
    };
    const measure = { ...config.measure, queries };
    return await measureStatement({ config: { ...config, measure }, source, results, run, reporter }, options, io);
  } finally {
    await live.stop();
  }
}

/** Goes on with a run of `--sql` that was interrupted, with the copy of the tables that it has. */
export async function resumeSql(resumed: string, options: TuneOptions, io: Io): Promise<SearchOutcome> {
  const { results, run } = placeOfRun(io.cwd, resumed);
  const config = configOfRun(readRun(results, run).manifest, toOverrides(options));
  const reporter = createReporter(io, options);
  return measureStatement({ config, source: null, results, run, reporter }, options, io);
}

async function measureStatement(
  run: Pick<StatementRunOptions, 'config' | 'source' | 'results' | 'run' | 'reporter'>,
  { lang }: Pick<TuneOptions, 'lang'>,
  io: Io,
): Promise<SearchOutcome> {
  const { config } = run;
  const indexes = expandIndexes(config);
  const { queries } = config.measure;
  const log = config.queries === undefined ? undefined : await openSource(resolve(io.cwd, config.queries));
  try {
    const result = await keptRun('tune', run, () =>
      runStatement(
        {
          ...run,
          target: targetOf(config),
          log,
          deadlineMs: liveTableOf(config)!.deadline,
          version: packageVersion(),
          signal: io.signal,
          now: () => new Date(),
        },
        (situation) => void statementRequests({ ...situation, indexes }, queries),
        (situation) => tuneStatement({ ...situation, indexes }, { target: targetOf(config), queries }),
      ),
    );
    const files = readRun(run.results, run.run);
    const reports = await writeReports(files, { language: lang ?? 'en' });
    return { run: run.run, ...result, files, reports };
  } finally {
    log?.close();
  }
}

/** Options of a run that say nothing of a statement, as their flags. */
const OF_RUNS = {
  metric: '--metric',
  k: '-k',
  records: '--records',
  queryRecords: '--query-records',
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
function refuseOptions(options: TuneOptions): void {
  const given = Object.entries(OF_RUNS).find(([option]) => options[option as keyof typeof OF_RUNS] !== undefined);
  if (!given) return;
  const [option, flag] = given;
  throw new PgvtuneError('usage', `--sql and ${flag} exclude each other.`, {
    hint:
      option === 'resume'
        ? `The run has its statement: pgvtune tune --resume ${options.resume}.`
        : 'The statement itself says the operator and the LIMIT; its recall and latency are measured, with one client.',
  });
}

/** Keys of a configuration that are looked at; a table's are its own. */
const KEYS = [
  'server',
  'queries',
  'indexes',
  'seed',
  'dataset.table',
  'dataset.server',
  'dataset.column',
  'dataset.rows',
  'dataset.deadline',
  'target.recall',
  'target.confidence',
  'target.p95',
  'measure.queries',
];
const GROUPS = ['dataset', 'target', 'measure'] as const;

/** @throws {PgvtuneError} `usage` for a key that would be ignored. One at its default says nothing: `pgvtune init` writes them all */
function refuseKeys(config: Config): void {
  const keys = Object.entries(config).flatMap(([key, value]) =>
    GROUPS.some((group) => group === key) && typeof value === 'object'
      ? Object.keys(value).map((member) => `${key}.${member}`)
      : [key],
  );
  const key = keys.find((one) => !KEYS.includes(one) && !isUsual(config, one));
  if (key === undefined) return;
  const hint =
    key === 'dataset.where'
      ? 'Write the condition into the statement.'
      : `Leave it out: the statement says what is asked. These keys are looked at: ${KEYS.join(', ')}.`;
  throw new PgvtuneError('usage', `--sql ignores ${key} of the configuration.`, { hint });
}

/** Whether a key has the value that it has when nobody names it. */
function isUsual(config: Config, key: string): boolean {
  const table = liveTableOf(config)?.table;
  const usual = configOf(table === undefined ? {} : { dataset: { table } });
  return canonicalJson(valueOf(config, key)) === canonicalJson(valueOf(usual, key));
}

const valueOf = (config: Config, key: string): unknown =>
  key.split('.').reduce<unknown>((value, member) => (value as Record<string, unknown> | undefined)?.[member], config) ??
  null;
