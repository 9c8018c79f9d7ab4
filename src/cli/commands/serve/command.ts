import { InvalidArgumentError } from 'commander';
import { EXIT } from '../../../errors.js';
import { printableLine } from '../../../printable.js';
import { documentText } from '../../document-text.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, wholeNumber, withCommonOptions } from '../../options.js';

interface ServeOptions extends CommonOptions {
  readonly port: number;
}

export const serveCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('serve'))
    .description('show the runs of a folder, their reports and history in a browser, on this machine only')
    .argument('[dir]', 'folder of the runs', 'results')
    .option('--port <number>', 'port on 127.0.0.1; 0: a free one', portNumber, 8417)
    .addHelpText(
      'after',
      `
Listens on 127.0.0.1 only, reads the folder anew for every page, and writes nothing. Ctrl-C ends it.

Examples:
  pgvtune serve
  pgvtune serve nights/ --port 0

Exit codes: 0 ended by Ctrl-C; 2 usage, no such folder, port in use.`,
    )
    .action(async (dir: string, options: ServeOptions) => {
      const { statSync } = await import('node:fs');
      const path = await import('node:path');
      const { PgvtuneError } = await import('../../../errors.js');
      const { serveFolder } = await import('./listen.js');
      const folder = path.resolve(io.cwd, dir);
      if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
        throw new PgvtuneError('usage', `There is no folder ${folder}.`, {
          hint: 'Name the folder that holds the folders of runs.',
        });
      }
      const site = await serveFolder(io, folder, options.port);
      const url = `${site.origin}/`;
      io.stdout.write(
        options.json ? documentText('serve', { url, folder }) : `${url} shows ${printableLine(folder)}\n`,
      );
      await new Promise<void>((resolve) => {
        if (io.signal.aborted) resolve();
        else io.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await site.close();
      exit(EXIT.done);
    });
};

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return port;
}
