import { Option } from 'commander';
import { EXIT } from '../../../errors.js';
import type { Format } from '../../../migrations/index.js';
import type { MigrationLanguage } from '../../../reports/index.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';

export interface MigrationsOptions extends CommonOptions {
  readonly format: Format | 'auto';
  readonly out?: string;
  readonly lang: MigrationLanguage;
  readonly since?: string;
  readonly server?: string;
  readonly github?: boolean;
  readonly sarif?: string;
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
    .option('--since <revision>', 'the newest revision that is deployed (or base): report the hazards of the others')
    .option('--server <server>', 'env, or postgres://user@host/database: judge the hazards by its tables; reads only')
    .option(
      '--out <folder>',
      'write db/migration_optimization.md into this folder (default: docs; with --json: nowhere)',
    )
    .addOption(new Option('--lang <language>', 'language of the document').choices(['en', 'ru']).default('en'))
    .option('--github', 'print annotations for GitHub Actions instead of a summary')
    .option('--sarif <file>', 'write everything that was found as SARIF 2.1.0')
    .addHelpText(
      'after',
      `
Python is parsed, never executed; SQL is parsed by PostgreSQL's own grammar. What is not understood is listed.

Examples:
  pgvtune migrations alembic/versions
  pgvtune migrations alembic/versions --since 3f2a9c --server env
  pgvtune migrations db/migrations --since 20240101000000 --github
  pgvtune migrations db/migrations --json

Exit codes: 0 nothing of severity high, 1 at least one finding or hazard, 2 usage, 4 the server cannot be reached or failed.`,
    )
    .action(async (folder: string, options: MigrationsOptions) => {
      const { runMigrations } = await import('./run.js');
      exit((await runMigrations(folder, options, io)) ? EXIT.no : EXIT.done);
    });
};
