import { type LoggedParameterOptions, withLoggedParameters, withParameterOption } from '../../live-options.js';
import type { Io } from '../../io.js';
import type { AddCommand } from '../../main.js';
import { type MeasureOptions, realNumber, toOverrides, withLanguage, withMeasureOptions } from '../../options.js';

export interface TuneOptions extends MeasureOptions, LoggedParameterOptions {
  readonly budget?: string;
  readonly param?: readonly string[];
}

export const tuneCommand: AddCommand = (program, io, exit) => {
  withLanguage(withLoggedParameters(withParameterOption(withMeasureOptions(program.command('tune')))))
    .description('find the cheapest index and settings that reach a recall target')
    .option(
      '--table <table>',
      'a table in use as the dataset, app.items: --server then says where it is, and it is only read',
    )
    .option(
      '--sql <file>',
      "with --table: tune the application's own search, one SELECT with a parameter for the vector, on a copy of its tables",
    )
    .option('--column <column>', 'with --table: column of vectors; default: the only one')
    .option('--deadline <duration>', 'with --table: time limit of one statement on its server (default: 30s)')
    .option('--recall <share>', 'target for the mean recall, such as 0.95', realNumber)
    .option('--p95 <duration>', 'upper bound of p95 latency, such as 20ms')
    .option('--index-size <size>', 'upper bound of the index size, such as 2GB')
    .option('--build-memory <size>', 'upper bound of maintenance_work_mem, such as 1GB')
    .option('--rows-budget <rows>', 'choose on at most so many rows, such as 500k, and build one index on all')
    .option('--budget <time>', 'the best answer within this time, such as 10min, and what was left out for it')
    .option('--rerank-scores <file>', "a re-ranker's scores for hybrid queries: lines `query row score`, or a TREC run")
    .option('--no-reuse', 'ignore measurements of earlier runs')
    .addHelpText(
      'after',
      `
Examples:
  pgvtune tune                                             a generated dataset, as a first try
  pgvtune tune --dataset docs.hdf5 --recall 0.98           your vectors, on the best server found here
  pgvtune tune --table app.items --server env              a sample of your table, on a server of its own
  pgvtune tune --table app.items --sql search.sql --server env   your own statement, with its joins and conditions
  pgvtune tune --table app.items --sql search.sql --server env --params-from postgresql.csv   as it was asked
  pgvtune tune pgvtune.yaml --server local --p95 20ms      a configuration, with two keys overridden
  pgvtune tune --dataset wiki --rows-budget 500k           a table too large to build many indexes on
  pgvtune tune --dataset docs.hdf5 --budget 10min          the best answer within ten minutes
  pgvtune tune --resume 20261122-204501-tune-docs          continue an interrupted run

Exit codes: 0 recommended, 1 target not reached (or --rate or --slo not met), 2 usage, 3 inconclusive (nothing could be
measured), 4 the server failed, 130 interrupted.`,
    )
    .action(async (file: string | undefined, options: TuneOptions) => {
      if (options.table !== undefined && options.dataset !== undefined) {
        const { PgvtuneError } = await import('../../../errors.js');
        throw new PgvtuneError(
          'usage',
          '--table and --dataset exclude each other: both say which vectors are tuned for.',
          {
            hint: 'Give one of them.',
          },
        );
      }
      if (options.sql !== undefined) {
        const { tuneSql } = await import('./statement.js');
        const { printStatement, statementExit } = await import('./statement-print.js');
        const outcome = await tuneSql(file ?? null, { ...options, sql: options.sql }, io);
        printStatement(outcome, options, io);
        exit(statementExit(outcome));
        return;
      }
      const { checkLoggedParameters } = await import('../../logged-executions.js');
      await checkLoggedParameters(options, { sql: undefined, queries: undefined }, io);
      if (options.param !== undefined) {
        const { PgvtuneError } = await import('../../../errors.js');
        const { PARAM_ALONE } = await import('../../sql-file.js');
        throw new PgvtuneError('usage', PARAM_ALONE);
      }
      if (options.resume !== undefined && (await isOfStatement(options.resume, io))) {
        const { resumeSql } = await import('./statement.js');
        const { printStatement, statementExit } = await import('./statement-print.js');
        const outcome = await resumeSql(options.resume, options, io);
        printStatement(outcome, options, io);
        exit(statementExit(outcome));
        return;
      }
      const { runSearch } = await import('../../run-search.js');
      const { tuneFromConfig } = await import('../../../tune/index.js');
      const { printTuneAnswer } = await import('./print.js');
      const { tuneExit } = await import('./exit.js');
      const budget = options.budget === undefined ? {} : { budget: options.budget };
      const outcome = await runSearch(
        { command: 'tune', file: file ?? null, overrides: { ...toOverrides(options), ...budget }, options, io },
        tuneFromConfig,
      );
      printTuneAnswer(outcome, options, io);
      exit(tuneExit(outcome));
    });
};

/** Whether a run is one of `--sql`. */
async function isOfStatement(resumed: string, io: Io): Promise<boolean> {
  const { readRun } = await import('../../../results/index.js');
  const { placeOfRun } = await import('../../place-of-run.js');
  const { results, run } = placeOfRun(io.cwd, resumed);
  return readRun(results, run).manifest.statement !== undefined;
}
