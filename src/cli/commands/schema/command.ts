import { EXIT } from '../../../errors.js';
import type { DocumentName } from '../../document-text.js';
import type { AddCommand } from '../../main.js';
import type { SchemaName } from '../../../results/index.js';

const KEPT: readonly (SchemaName | 'config')[] = ['run', 'point', 'recommendation', 'config'];

export const schemaCommand: AddCommand = (program, io, exit) => {
  program
    .command('schema')
    .description('print the JSON Schema of what pgvtune reads and writes')
    .argument('[what...]', `${KEPT.join(', ')}, or a command, such as recall or dataset list; default: a list of all`)
    .addHelpText(
      'after',
      `
run is manifest.json, point such a record of journal.ndjson, recommendation the answer of tune, config pgvtune.yaml. A command
stands for what it prints with --json, and error for what any prints that fails. Such a document names itself (document) and its
schemaVersion: members may be added to a version, but none is taken away.

Examples:
  pgvtune schema config > pgvtune.schema.json
  pgvtune schema recall`,
    )
    .action(async (words: readonly string[]) => {
      const { configJsonSchema } = await import('../../../config/index.js');
      const { jsonSchemaOf } = await import('../../../results/index.js');
      const { DOCUMENTS, documentSchema } = await import('../../documents.js');
      const { PgvtuneError } = await import('../../../errors.js');
      const names = [...KEPT, ...(Object.keys(DOCUMENTS) as DocumentName[])];
      if (words.length === 0) {
        for (const name of names) io.stdout.write(`${name}\n`);
        return exit(EXIT.done);
      }
      const what = names.find((name) => name === words.join(' '));
      if (what === undefined) {
        throw new PgvtuneError('usage', `There is no schema of ${words.join(' ')}.`, {
          hint: `There are ${names.join(', ')}.`,
        });
      }
      const isKept = (name: typeof what): name is (typeof KEPT)[number] => KEPT.some((kept) => kept === name);
      const schema = what === 'config' ? configJsonSchema() : isKept(what) ? jsonSchemaOf(what) : documentSchema(what);
      io.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
      exit(EXIT.done);
    });
};
