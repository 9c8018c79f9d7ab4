import { EXIT } from '../../../errors.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';
import { documentText } from '../../document-text.js';

export const initCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('init'))
    .description('write a commented configuration file with every key and its default, and its JSON Schema for editors')
    .argument('[file]', 'where to write it', 'pgvtune.yaml')
    .addHelpText('after', '\nExample:\n  pgvtune init && pgvtune tune pgvtune.yaml')
    .action(async (file: string, options: CommonOptions) => {
      const path = await import('node:path');
      const { commentedConfig, configJsonSchema } = await import('../../../config/index.js');
      const target = path.resolve(io.cwd, file);
      const schema = path.join(path.dirname(target), `${path.parse(target).name}.schema.json`);
      // Editors complete and check by the schema that the first line names, relative to the file.
      const line = `# yaml-language-server: $schema=./${encodeURIComponent(path.basename(schema))}\n`;
      await writeNew(schema, `${JSON.stringify(configJsonSchema(), null, 2)}\n`, { unlessTheSame: true });
      await writeNew(target, `${line}${commentedConfig()}`);
      io.stdout.write(options.json ? documentText('init', { file: target, schema }) : `${target}\n${schema}\n`);
      exit(EXIT.done);
    });
};

/** @throws {PgvtuneError} `usage` where there is such a file, or none can be written */
async function writeNew(
  target: string,
  content: string,
  { unlessTheSame = false }: { readonly unlessTheSame?: boolean } = {},
): Promise<void> {
  const { readFile, writeFile } = await import('node:fs/promises');
  const { PgvtuneError } = await import('../../../errors.js');
  await writeFile(target, content, { flag: 'wx' }).catch(async (cause: NodeJS.ErrnoException) => {
    const isThere = cause.code === 'EEXIST';
    if (isThere && unlessTheSame && (await readFile(target, 'utf8')) === content) return;
    const why = isThere ? `There is a file ${target} already.` : `Cannot write ${target}: ${cause.message}.`;
    throw new PgvtuneError('usage', why, { hint: 'Name another file.', cause });
  });
}
