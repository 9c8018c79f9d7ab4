import { EXIT, PgvtuneError } from '../../../errors.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

export const cleanCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('clean'))
    .description('remove what interrupted runs left on a server')
    .requiredOption('--server <server>', 'env, postgres://user@host/database, or local: clusters that runs kept here')
    .option('--dry-run', 'only list what would be removed')
    .addHelpText(
      'after',
      `
Removes only schemas that carry pgvtune's comment and that no run is using. With local, the clusters that interrupted runs of
results/ kept by --keep-server.

Examples:
  pgvtune clean --server env --dry-run
  pgvtune clean --server local`,
    )
    .action(async (options: CommonOptions & { server: string; dryRun?: boolean }) => {
      const { clean } = await import('../../../library/index.js');
      const { formatBytes } = await import('../../../units.js');
      const { isStarted } = await import('../../open-live.js');
      if (options.server === 'local') {
        const { cleanKept } = await import('./kept.js');
        await cleanKept(options, io);
        exit(EXIT.done);
        return;
      }
      if (isStarted(options.server)) {
        throw new PgvtuneError(
          'usage',
          `A server "${options.server}" would be started empty: nothing was left there.`,
          {
            hint: 'Name the server that runs were interrupted on: env, or postgres://user@host/database; or local, for clusters that runs kept.',
          },
        );
      }
      const { removed, leftovers } = await clean(options.server, {
        dryRun: options.dryRun ?? false,
        signal: io.signal,
      });
      if (options.json) {
        io.stdout.write(documentText('clean', { removed, leftovers }));
      } else {
        if (leftovers.length === 0) io.stdout.write('Nothing was left behind.\n');
        for (const { schema, bytes, holder } of leftovers) {
          const fate = holder === null ? (options.dryRun ? 'can be removed' : 'removed') : `in use by ${holder}`;
          io.stdout.write(`${schema}  ${formatBytes(bytes)}  ${fate}\n`);
        }
      }
      exit(EXIT.done);
    });
};
