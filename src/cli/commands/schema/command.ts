import { Argument } from 'commander';
import { EXIT } from '../../../errors.js';
import type { AddCommand } from '../../main.js';
import type { SchemaName } from '../../../results/index.js';

const NAMES: readonly (SchemaName | 'config')[] = ['run', 'point', 'recommendation', 'config'];

export const schemaCommand: AddCommand = (program, io, exit) => {
  program
    .command('schema')
    .description('print the JSON Schema of what pgvtune reads and writes')
    .addArgument(
      new Argument('<what>', 'manifest.json, a point of journal.ndjson, a recommendation, pgvtune.yaml').choices(NAMES),
    )
    .addHelpText('after', '\nExample:\n  pgvtune schema config > pgvtune.schema.json')
    .action(async (what: SchemaName | 'config') => {
      const { configJsonSchema } = await import('../../../config/index.js');
      const { jsonSchemaOf } = await import('../../../results/index.js');
      const schema = what === 'config' ? configJsonSchema() : jsonSchemaOf(what);
      io.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
      exit(EXIT.done);
    });
};
