import { InvalidArgumentError } from 'commander';
import { EXIT, PgvtuneError } from '../../../errors.js';
import type { LiveRecall } from '../../../live/index.js';
import type { RecallChange } from '../../../nightly/index.js';
import {
  count,
  type JoinOptions,
  type LiveOptions,
  type LoggedParameterOptions,
  tableOption,
  withJoinOption,
  withLiveOptions,
  withLoggedParameters,
  withParameterOption,
} from '../../live-options.js';
import type { AddCommand } from '../../main.js';
import { realNumber } from '../../options.js';
import { documentText } from '../../document-text.js';
import { PARAM_ALONE, readSqlFile } from '../../sql-file.js';

interface RecallOptions extends LiveOptions, JoinOptions, LoggedParameterOptions {
  readonly table: string;
  readonly k?: number;
  readonly sql?: string;
  readonly param?: readonly string[];
  readonly queries?: number;
  readonly by?: string;
  readonly groups?: number;
  readonly sweep?: string;
  readonly index?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly recall?: number;
  readonly baseline?: string;
}

/** A whole percent of recall either way, or two; `queriesNeeded` in the answer says what more would take. */
const DEFAULT_QUERIES = 200;
/** Of each group: enough to bound its p95. */
const QUERIES_OF_A_GROUP = 75;

export const recallCommand: AddCommand = (program, io, exit) => {
  withLoggedParameters(withParameterOption(withJoinOption(withLiveOptions(program.command('recall'), tableOption()))))
    .description('measure recall and latency of an existing index on a live table (read-only)')
    .option('-k, --k <rows>', 'neighbours that a query asks for (default: 10)', count)
    .option('--sql <file>', "the application's own search: one SELECT with a parameter for the vector; its LIMIT is k")
    .option(
      '--queries <count>',
      `number of queries; each costs one exact scan of the table (default: ${DEFAULT_QUERIES}; with --by ${QUERIES_OF_A_GROUP} of each group)`,
      count,
    )
    .option('--by <expression>', 'measure the rows of each value alone: a column, an expression, or table.column')
    .option(
      '--groups <count>',
      'with --by: groups that are measured at most, drawn at random by size (default: 20)',
      count,
    )
    .option('--sweep <name=values>', 'measure every value of a setting: hnsw.ef_search=20..400, or =20,40,80')
    .option('--index <name>', 'the index to measure, if the column has several')
    .option('--set <name=value>', 'a setting of the session, such as hnsw.ef_search=80; repeatable', setting)
    .option('--recall <share>', 'recall to reach: exit code 1 if it is missed, 3 if that is undecided', realNumber)
    .option(
      '--baseline <file>',
      'an earlier answer of recall --json: exit code 1 if recall got worse, 3 if that is undecided',
    )
    .addHelpText(
      'after',
      `
Runs in short read-only transactions with deadlines. The queries are random rows of the table, each excluded from its own
neighbours, unless --query-log gives real ones. Each query runs twice on one connection: with the plan that PostgreSQL
chooses, which must use the index, and as an exact scan.

--sql measures a statement with its joins, conditions and LIMIT as they are; the exact answers are the same statement's without
an index on the vectors. Values of its other parameters are given by --param, taken with the vectors from executions in the server's log (--params-from), or
drawn for each query: what the row that is the query has, or other rows for a bound. --by takes each tenant's queries with the tenant's own condition, through a join where the value is in another table: foreign
keys show the way. --sweep compares all values with the same exact scans, and with --recall names the lowest value that
reaches it, on average and for every group.

Examples:
  pgvtune recall --server env --table app.items --column embedding
  pgvtune recall --server env --table app.items --set hnsw.ef_search=80 --recall 0.95
  pgvtune recall --server env --table app.items --where "tenant_id = 5" --query-log queries.jsonl
  pgvtune recall --server env --table app.chunks --sql search.sql --query-log queries.jsonl
  pgvtune recall --server env --table app.chunks --sql search.sql --params-from postgresql.csv
  pgvtune recall --server env --table app.items --queries 2000 --json --baseline last.json > tonight.json
  pgvtune recall --server env --table app.chunks --by documents.tenant_id --recall 0.95 --sweep hnsw.ef_search=20..400

Exit codes: 0 measured, --recall reached (by every group, at some value), not worse than --baseline; 1 no index is used, --recall missed,
or worse than --baseline; 2 usage; 3 inconclusive; 4 the server failed or restarted; 130 interrupted.`,
    )
    .action(async (options: RecallOptions) => {
      const { measureLiveRecall, parseParameter, readSweep } = await import('../../../live/index.js');
      const { monotonicClock } = await import('../../../measure/index.js');
      const { parseMs } = await import('../../../units.js');
      const { openLiveServer, openQueryLog } = await import('../../open-live.js');
      const { checkLoggedParameters, readLoggedParameters } = await import('../../logged-executions.js');
      const { createReporter } = await import('../../progress.js');
      const { recallReport } = await import('./print.js');
      const { style } = await import('../../style.js');
      const { readRecallBaseline, recallSince, sinceLine } = await import('./baseline.js');
      const deadlineMs = parseMs(options.deadline);
      if (options.recall !== undefined && !(options.recall > 0 && options.recall < 1)) {
        throw new PgvtuneError('usage', `--recall: expected a share between 0 and 1, got ${options.recall}.`);
      }
      const statement = options.sql === undefined ? undefined : readStatement(io.cwd, options);
      if (options.param !== undefined && statement === undefined) throw new PgvtuneError('usage', PARAM_ALONE);
      const named = options.queryLog === undefined ? options.queryTable && '--query-table' : '--query-log';
      await checkLoggedParameters(options, { sql: options.sql, queries: named }, io);
      if (options.groups !== undefined && options.by === undefined) {
        throw new PgvtuneError('usage', '--groups says how many groups of --by are measured.', { hint: 'Add --by.' });
      }
      if (options.baseline !== undefined && (options.by ?? options.sweep) !== undefined) {
        throw new PgvtuneError('usage', '--baseline compares one recall, and --by and --sweep measure several.', {
          hint: 'Measure without them.',
        });
      }
      const baseline = options.baseline === undefined ? null : readRecallBaseline(io.cwd, options.baseline);
      const sweep = options.sweep === undefined ? undefined : readSweep(options.sweep);
      const queries = options.queries ?? (options.by === undefined ? DEFAULT_QUERIES : QUERIES_OF_A_GROUP);
      const reporter = createReporter(io, options);
      const server = await openLiveServer(options.server, 'recall', io, reporter);
      try {
        const session = await server.connect('recall');
        const { seed } = options;
        const logged = await readLoggedParameters(options, statement ?? '', { session, seed, io, reporter });
        const log = await openQueryLog(options, {
          io,
          session,
          server,
          reporter,
          deadlineMs,
          queries,
        });
        try {
          const report = await measureLiveRecall({
            session,
            table: options.table,
            column: options.column,
            index: options.index,
            k: options.k ?? DEFAULT_K,
            statement,
            values: new Map([...(logged?.limits ?? []), ...(options.param ?? []).map(parseParameter)]),
            executions: logged?.executions,
            queries,
            where: options.where,
            by: options.by,
            joins: options.join ?? [],
            ...(options.groups === undefined ? {} : { groups: options.groups }),
            sweep,
            settings: options.set ?? {},
            log,
            target: options.recall,
            deadlineMs,
            seed: options.seed,
            clock: monotonicClock,
            reporter,
          });
          const change = baseline && recallSince(baseline, report);
          const paint = style(io, options);
          const document = { ...report, server: { label: server.label, ...report.server }, change };
          io.stdout.write(
            options.json
              ? documentText('recall', document)
              : `${recallReport(report, { server: server.label, target: options.recall, paint })}${change ? `\n${sinceLine(change, paint)}\n` : ''}`,
          );
          exit(exitOf(report.verdict, change));
        } finally {
          log?.close();
        }
      } finally {
        await server.stop();
      }
    });
};

const DEFAULT_K = 10;

/** The statement says what these options say. */
const SAID = ['k', 'where', 'by'] as const;

function readStatement(cwd: string, options: RecallOptions): string {
  const twice = SAID.find((name) => options[name] !== undefined);
  if (twice !== undefined) {
    throw new PgvtuneError('usage', `--sql and --${twice} exclude each other.`, {
      hint: 'Write it into the statement: its conditions and its LIMIT are measured as they are.',
    });
  }
  return readSqlFile(options.sql!, cwd);
}

const EXITS = {
  measured: EXIT.done,
  reached: EXIT.done,
  'not reached': EXIT.no,
  'no index used': EXIT.no,
  inconclusive: EXIT.inconclusive,
  'too expensive': EXIT.inconclusive,
  void: EXIT.failed,
} as const;

/** The worst of what was asked: a recall that got worse is no better for reaching a target. */
function exitOf(verdict: LiveRecall['verdict'], change: RecallChange | null): number {
  const code = EXITS[verdict];
  if (code === EXIT.failed || code === EXIT.no || change === null) return code;
  if (change.answer === 'different' && change.isWorse) return EXIT.no;
  return change.answer === 'unknown' ? EXIT.inconclusive : code;
}

function setting(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^\s*([a-zA-Z_][\w.]*)\s*=\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Expected name=value.');
  return { ...before, [name]: value };
}
