import { EXIT, PgvtuneError } from '../../../errors.js';
import { count } from '../../live-options.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, realNumber, withCommonOptions } from '../../options.js';
import { printable } from '../../../printable.js';
import { documentText } from '../../document-text.js';

interface PoolOptions extends CommonOptions {
  readonly server: string;
  readonly for: string;
  readonly every: string;
  readonly web: number;
  readonly workers?: number;
  readonly tasks: number;
  readonly connectionsPerTask: number;
  readonly growth: number;
  readonly cores?: number;
}

export const poolCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('pool'))
    .description('recommend sizes of connection pools and max_connections from the load of a live server (read-only)')
    .requiredOption('--server <server>', 'env, or postgres://user@host/database; nothing is written there')
    .option('--for <duration>', 'how long to observe; choose a busy time', '30s')
    .option('--every <duration>', 'sampling interval of the backends', '500ms')
    .option('--web <processes>', 'processes of the web application, with a pool each', count, 1)
    .option('--workers <processes>', 'processes of background workers, with a pool each', count)
    .option('--tasks <count>', 'requests that one process serves at once', count, 10)
    .option('--connections-per-task <count>', 'connections that one request holds at the same time', count, 1)
    .option('--growth <factor>', 'factor by which the observed load will grow', realNumber, 1)
    .option('--cores <count>', 'cores of the server, if it runs on another machine', count)
    .addHelpText(
      'after',
      `
Two snapshots of pg_stat_database (and pg_stat_statements) show how many backends are busy on average, by Little's law; samples of
pg_stat_activity between them show the peak. Sizes by Erlang's C formula: at most 5 % of the statements wait for a backend.

Example:
  pgvtune pool --server env --for 5min --web 8 --workers 2 --growth 3 --cores 16

Exit codes: 0 the server carries the load, 1 the load needs more backends than its cores serve well, 2 usage, 4 the server
failed, 130 interrupted.`,
    )
    .action(async (options: PoolOptions) => {
      const { busyBackends, poolAdvice } = await import('../../../capacity/index.js');
      const { observePool } = await import('../../../live/index.js');
      const { auditTextsIn, poolLines } = await import('../../../reports/index.js');
      const { parseMs } = await import('../../../units.js');
      const { openLiveServer } = await import('../../open-live.js');
      const { createReporter } = await import('../../progress.js');
      const [forMs, everyMs] = [parseMs(options.for), parseMs(options.every)];
      if (options.growth <= 0)
        throw new PgvtuneError('usage', `--growth: expected more than 0, got ${options.growth}.`);
      const reporter = createReporter(io, options);
      const server = await openLiveServer(options.server, 'pool', io, reporter, { asIs: true });
      try {
        const { cores } = options;
        const seen = await observePool({
          server,
          forMs,
          everyMs,
          signal: io.signal,
          ...(cores === undefined ? {} : { cores }),
        });
        const busy = busyBackends(seen.before, seen.after, seen.looks);
        const shape = {
          webProcesses: options.web,
          workerProcesses: options.workers ?? 0,
          tasksPerProcess: options.tasks,
          connectionsPerTask: options.connectionsPerTask,
          growth: options.growth,
        };
        const advice = poolAdvice(busy, shape, seen.capacity);
        const { pooled, leakingSets, seesEverybody } = seen;
        const view = { busy, shape, server: seen.capacity, advice, pooled, leakingSets, seesEverybody };
        io.stdout.write(
          options.json
            ? documentText('pool', { label: server.label, database: seen.database, ...view })
            : `${poolLines(view, auditTextsIn('en').frame.pool).map(printable).join('\n')}\n`,
        );
        if (io.signal.aborted) exit(EXIT.interrupted);
        else exit(advice.useful !== null && advice.needed > advice.useful ? EXIT.no : EXIT.done);
      } finally {
        await server.stop();
      }
    });
};
