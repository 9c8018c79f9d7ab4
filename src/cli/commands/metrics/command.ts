import { EXIT, PgvtuneError } from '../../../errors.js';
import type { MonitorEvent } from '../../../live/index.js';
import type { Io } from '../../io.js';
import { count } from '../../live-options.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

interface MetricsOptions extends CommonOptions {
  readonly server: string;
  readonly listen: string;
  readonly every: string;
  readonly statements: number;
  readonly recall?: readonly string[];
  readonly recallEvery: string;
  readonly recallQueries: number;
  readonly recallBudget: string;
  readonly k: number;
  readonly deadline: string;
}

export const metricsCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('metrics'))
    .description('serve metrics of a live server and its vector indexes for Prometheus (read-only)')
    .requiredOption('--server <server>', 'env, or postgres://user@host/database; nothing is written there')
    .option('--listen <address>', 'where Prometheus finds /metrics; only this machine unless named', '127.0.0.1:9187')
    .option('--every <duration>', 'interval at which the server is looked at', '15s')
    .option('--statements <count>', 'statements that have series of their own; all others are one', count, 20)
    .option('--recall <table>', 'measures the recall of the index on this table, too; repeatable', several)
    .option('--recall-every <duration>', 'interval of that', '1h')
    .option('--recall-queries <count>', 'rows of the table that are asked for', count, 30)
    .option('--recall-budget <duration>', 'no exact scans that are expected to take longer', '10s')
    .option('-k, --k <rows>', 'neighbours of a query of the recall', count, 10)
    .option('--deadline <duration>', 'time limit of one statement', '5s')
    .addHelpText(
      'after',
      `
Looks at the server over one connection, in read-only transactions, and answers from memory, so that a scrape costs the server
nothing. When the server goes away, pgvtune_up is 0, pgvtune_blind says why, and it connects again, at first after 1 s, then up
to 1 min. It runs until it is interrupted. The role should be a member of pg_monitor.

Examples:
  pgvtune metrics --server env
  pgvtune metrics --server env --listen 0.0.0.0:9187 --recall app.items --recall-every 6h

Exit codes: 0 interrupted, 2 usage, 4 the address cannot be listened on.`,
    )
    .action(async (options: MetricsOptions) => {
      const { startMonitor } = await import('../../../live/index.js');
      const { checkServerChoice } = await import('../../../postgres/index.js');
      const { monitorText } = await import('../../../reports/index.js');
      const { parseMs } = await import('../../../units.js');
      const { openLiveServer, refuseEmptyServer } = await import('../../open-live.js');
      const { createReporter } = await import('../../progress.js');
      const { isLoopback, parseAddress, serveMetrics } = await import('./listen.js');
      const address = parseAddress(options.listen);
      const everyMs = parseMs(options.every);
      if (everyMs < 1000) throw new PgvtuneError('usage', `--every: expected at least 1s, got ${options.every}.`);
      const probes = {
        tables: options.recall ?? [],
        everyMs: parseMs(options.recallEvery),
        queries: options.recallQueries,
        k: options.k,
        budgetMs: parseMs(options.recallBudget),
      };
      const deadlineMs = parseMs(options.deadline);
      refuseEmptyServer(options.server);
      checkServerChoice(options.server, io.env);
      const reporter = createReporter(io, { quiet: true });
      // A probe needs pgvector and a backend of its own; everything else is seen through a pooler, too.
      const asIs = probes.tables.length === 0;
      const stop = new AbortController();
      const signal = AbortSignal.any([io.signal, stop.signal]);
      let monitor: ReturnType<typeof startMonitor> | undefined;
      const page = await serveMetrics(io, address, () => monitorText(monitor!.view(), io.redacted));
      const url = `${page.origin}/metrics`;
      try {
        monitor = startMonitor({
          open: () => openLiveServer(options.server, 'metrics', { ...io, signal }, reporter, { asIs }),
          everyMs,
          deadlineMs,
          statements: options.statements,
          probes,
          signal,
          onEvent: (event) => tell(io, options, event),
        });
        if (options.json) io.stdout.write(documentText('metrics', { url, loopback: isLoopback(address) }));
        else io.stdout.write(`Metrics at ${url}\n`);
        if (!isLoopback(address) && !options.quiet) {
          io.stderr.write(`Whoever reaches ${address.host} can read them, names of tables and statements included.\n`);
        }
        await monitor.done;
      } finally {
        stop.abort();
        await page.close();
      }
      exit(EXIT.done);
    });
};

const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** With the time: it may be read days later. */
function tell(io: Io, { quiet }: CommonOptions, event: MonitorEvent): void {
  if (quiet) return;
  io.stderr.write(`${new Date().toISOString()} ${eventText(event)}\n`);
}

function eventText(event: MonitorEvent): string {
  if (event.code === 'sees') return `Sees ${event.server}.`;
  const { error } = event;
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof PgvtuneError && error.hint !== undefined ? ` ${error.hint}` : '';
  return event.code === 'blind'
    ? `Sees nothing (${event.reason}): ${message}${hint}`
    : `No recall of ${event.table}: ${message}${hint}`;
}
