import { Option } from 'commander';
import { EXIT } from '../../../errors.js';
import type { Format } from '../../../migrations/index.js';
import type { MigrationLanguage } from '../../../reports/index.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';

interface MigrationsOptions extends CommonOptions {
  readonly format: Format | 'auto';
  readonly out?: string;
  readonly lang: MigrationLanguage;
}

/** Kept here, so that `--help` loads no reader: a test compares them with those of the readers. */
export const FORMAT_CHOICES = [
  'auto',
  'alembic',
  'golang-migrate',
  'flyway',
  'dbmate',
  'goose',
  'sqlx',
  'diesel',
  'supabase',
  'prisma',
  'drizzle',
  'rails',
  'sql',
] as const;

export const migrationsCommand: AddCommand = (program, io, exit) => {
  withCommonOptions(program.command('migrations'))
    .description('analyse a history of migrations; executes nothing of it')
    .argument('<folder>', 'folder of the migrations, such as alembic/versions or db/migrations')
    .addOption(new Option('--format <format>', 'the tool that wrote them').choices(FORMAT_CHOICES).default('auto'))
    .option(
      '--out <folder>',
      'write db/migration_optimization.md into this folder (default: docs; with --json: nowhere)',
    )
    .addOption(new Option('--lang <language>', 'language of the document').choices(['en', 'ru']).default('en'))
    .addHelpText(
      'after',
      `
Python is parsed, never executed; SQL is parsed by PostgreSQL's own grammar. What is not understood is listed.

Examples:
  pgvtune migrations alembic/versions
  pgvtune migrations db/migrations --json
  pgvtune migrations alembic --lang ru --out docs

Exit codes: 0 no finding of severity high, 1 at least one, 2 usage.`,
    )
    .action(async (folder: string, options: MigrationsOptions) => {
      const { runMigrations } = await import('./run.js');
      exit((await runMigrations(folder, options, io)) ? EXIT.no : EXIT.done);
    });
};
