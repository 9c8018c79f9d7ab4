import { EXIT, PgvtuneError } from '../../../errors.js';
import type { WatchedIndex, WatchReport } from '../../../live/index.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, wholeNumber, withCommonOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

interface WatchOptions extends CommonOptions {
  readonly server: string;
  readonly pid?: number;
  readonly every: string;
  readonly for?: string;
  readonly memory?: string;
}

export const watchCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('watch'))
    .description('show progress and time left of a running CREATE INDEX or REINDEX, and what it waits for (read-only)')
    .requiredOption('--server <server>', 'env, or postgres://user@host/database; nothing is written there')
    .option('--pid <pid>', 'only the build of this backend', wholeNumber)
    .option('--every <duration>', 'sampling interval', '2s')
    .option('--for <duration>', 'how long to watch; default: until the last build has ended')
    .option('--memory <size>', "maintenance_work_mem of the build's session; default: this session's own")
    .addHelpText(
      'after',
      `
Reads pg_stat_progress_create_index. The time left is that of the running phase, at the pace since it last changed: an
HNSW graph that outgrows maintenance_work_mem goes on several times slower. Other roles' builds show to members of
pg_read_all_stats.

Examples:
  pgvtune watch --server env
  pgvtune watch --server env --for 30s --json

Exit codes: 0 every build ended with a valid index, or progresses, 1 a build ended without one, waits for another
transaction or is stalled, 2 usage, 3 no build runs, 4 the server failed, 130 interrupted.`,
    )
    .action(async (options: WatchOptions) => {
      const { watchBuilds } = await import('../../../live/index.js');
      const { parseBytes, parseMs } = await import('../../../units.js');
      const { openLiveServer } = await import('../../open-live.js');
      const { createReporter } = await import('../../progress.js');
      const { createWatchDisplay, watchText } = await import('./print.js');
      const everyMs = parseMs(options.every);
      if (everyMs < 100) throw new PgvtuneError('usage', `--every: expected at least 100ms, got ${options.every}.`);
      const server = await openLiveServer(options.server, 'watch', io, createReporter(io, options), { asIs: true });
      try {
        const report = await watchBuilds({
          session: await server.connect('watch'),
          everyMs,
          forMs: options.for === undefined ? Infinity : parseMs(options.for),
          ...(options.pid === undefined ? {} : { pid: options.pid }),
          ...(options.memory === undefined ? {} : { maintenanceWorkMemBytes: parseBytes(options.memory) }),
          signal: io.signal,
          onLook: createWatchDisplay(io, options),
        });
        io.stdout.write(options.json ? documentText('watch', { server: server.label, ...report }) : watchText(report));
        exit(io.signal.aborted ? EXIT.interrupted : exitCode(report));
      } finally {
        await server.stop();
      }
    });
};

function exitCode({ builds }: WatchReport): number {
  if (builds.length === 0) return EXIT.inconclusive;
  return builds.every(isWell) ? EXIT.done : EXIT.no;
}

const isWell = ({ ended, state }: WatchedIndex): boolean =>
  ended === null ? state.code === 'progressing' || state.code === 'working' : ended.valid !== false;
