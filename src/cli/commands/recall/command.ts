import { InvalidArgumentError } from 'commander';
import { EXIT, PgvtuneError } from '../../../errors.js';
import { count, type LiveOptions, withLiveOptions } from '../../live-options.js';
import type { AddCommand } from '../../main.js';
import { realNumber } from '../../options.js';

interface RecallOptions extends LiveOptions {
  readonly k: number;
  readonly queries: number;
  readonly index?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly recall?: number;
}

/** A whole percent of recall either way, or two; `queriesNeeded` in the answer says what more would take. */
const DEFAULT_QUERIES = 200;

export const recallCommand: AddCommand = (program, io, exit) => {
  withLiveOptions(program.command('recall'))
    .description('measure recall and latency of the index that stands on a live table; reads only')
    .option('-k, --k <rows>', 'neighbours that a query asks for', count, 10)
    .option('--queries <count>', 'queries to ask; each costs one exact scan of the table', count, DEFAULT_QUERIES)
    .option('--index <name>', 'the index to look at, where the column has several kinds')
    .option('--set <name=value>', 'a setting for the index, such as hnsw.ef_search=80; may be repeated', setting)
    .option(
      '--recall <share>',
      'recall to be shown: exit code 1 when it is missed, 3 when that cannot be told',
      realNumber,
    )
    .addHelpText(
      'after',
      `
Everything runs in short read-only transactions with deadlines. Queries are rows of the table, drawn at random, each
without itself among its neighbours, unless a log of real queries is given. Each query is asked of the index, which must
serve it by its natural plan, and of the table by an exact scan on one connection.

Examples:
  pgvtune recall --server env --table app.items --column embedding
  pgvtune recall --server env --table app.items --set hnsw.ef_search=80 --recall 0.95
  pgvtune recall --server env --table app.items --where "tenant_id = 5" --query-log queries.jsonl

Exit codes: 0 measured (and the recall shown), 1 no index is used or the recall is missed, 2 usage, 3 inconclusive,
4 the server failed, or was started again meanwhile, 130 interrupted.`,
    )
    .action(async (options: RecallOptions) => {
      const { measureLiveRecall } = await import('../../../live/index.js');
      const { monotonicClock } = await import('../../../measure/index.js');
      const { parseMs } = await import('../../../units.js');
      const { openLiveServer, openQueryLog } = await import('../../open-live.js');
      const { createReporter } = await import('../../progress.js');
      const { recallText } = await import('./print.js');
      const { style } = await import('../../style.js');
      const deadlineMs = parseMs(options.deadline);
      if (options.recall !== undefined && !(options.recall > 0 && options.recall < 1)) {
        throw new PgvtuneError('usage', `--recall: expected a share between 0 and 1, got ${options.recall}.`);
      }
      const reporter = createReporter(io, options);
      const server = await openLiveServer(options.server, 'recall', io, reporter);
      try {
        const session = await server.connect('recall');
        const log = await openQueryLog(options, {
          io,
          session,
          server,
          reporter,
          deadlineMs,
          queries: options.queries,
        });
        try {
          const report = await measureLiveRecall({
            session,
            table: options.table,
            column: options.column,
            index: options.index,
            k: options.k,
            queries: options.queries,
            where: options.where,
            settings: options.set ?? {},
            log,
            target: options.recall,
            deadlineMs,
            seed: options.seed,
            clock: monotonicClock,
            reporter,
          });
          const document = { ...report, server: { label: server.label, ...report.server } };
          io.stdout.write(
            options.json
              ? `${JSON.stringify(document, null, 2)}\n`
              : recallText(report, { server: server.label, target: options.recall, paint: style(io, options) }),
          );
          exit(EXITS[report.verdict]);
        } finally {
          log?.close();
        }
      } finally {
        await server.stop();
      }
    });
};

const EXITS = {
  measured: EXIT.done,
  reached: EXIT.done,
  'not reached': EXIT.no,
  'no index used': EXIT.no,
  inconclusive: EXIT.inconclusive,
  void: EXIT.failed,
} as const;

function setting(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^\s*([a-zA-Z_][\w.]*)\s*=\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Expected name=value.');
  return { ...before, [name]: value };
}
