import { EXIT } from '../../../errors.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

export const initCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('init'))
    .description('write a commented configuration file with every key and its default')
    .argument('[file]', 'where to write it', 'pgvtune.yaml')
    .addHelpText('after', '\nExample:\n  pgvtune init && pgvtune tune pgvtune.yaml')
    .action(async (file: string, options: CommonOptions) => {
      const path = await import('node:path');
      const { writeFile } = await import('node:fs/promises');
      const { commentedConfig } = await import('../../../config/index.js');
      const { PgvtuneError } = await import('../../../errors.js');
      const target = path.resolve(io.cwd, file);
      await writeFile(target, commentedConfig(), { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
        const why =
          cause.code === 'EEXIST' ? `There is a file ${target} already.` : `Cannot write ${target}: ${cause.message}.`;
        throw new PgvtuneError('usage', why, { hint: 'Name another file.', cause });
      });
      io.stdout.write(options.json ? documentText('init', { file: target }) : `${target}\n`);
      exit(EXIT.done);
    });
};
