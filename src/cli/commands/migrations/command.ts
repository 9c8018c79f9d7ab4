import { Option } from 'commander';
import { EXIT } from '../../../errors.js';
import type { Format } from '../../../migrations/index.js';
import { type DocumentLanguage, LANGUAGES } from '../../../languages.js';
import type { AddCommand } from '../../main.js';
import { type CommonOptions, withCommonOptions } from '../../options.js';

export interface MigrationsOptions extends CommonOptions {
  readonly format: Format | 'auto';
  readonly out?: string;
  readonly lang: DocumentLanguage;
  readonly since?: string;
  readonly server?: string;
  readonly rows?: string;
  readonly run?: string;
  readonly github?: boolean;
  readonly sarif?: string;
  readonly squash?: boolean;
  readonly keepFrom?: string;
  readonly prove?: boolean;
  readonly time?: boolean;
  readonly scratch: string;
  readonly prepare?: string;
}

export interface DriftOptions extends CommonOptions {
  readonly server: string;
  readonly scratch: string;
  readonly prepare?: string;
  readonly format: Format | 'auto';
  readonly lang: DocumentLanguage;
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

const PREPARE =
  'SQL for the scratch database before the history: schemas, tables, types and roles that something else makes';

export const migrationsCommand: AddCommand = (program, io, exit) => {
  const command = withCommonOptions(program.command('migrations'))
    .description('analyse a history of migrations, plan its squash, and prove it')
    .argument('<folder>', 'folder of the migrations, such as alembic/versions or db/migrations')
    .addOption(new Option('--format <format>', 'the tool that wrote them').choices(FORMAT_CHOICES).default('auto'))
    .option('--since <revision>', 'the newest revision that is deployed (or base): report the hazards of the others')
    .option(
      '--server <server>',
      'env, or postgres://user@host/database: judge locks and builds of indexes by its tables and settings (read-only)',
    )
    .option('--rows <rows>', 'rows of each table that no server knows, such as 5M: the same without a server')
    .option('--run <run>', 'a run of capacity: times of builds on its machine instead of any machine')
    .option(
      '--out <folder>',
      'write db/migration_optimization.md into this folder (default: docs; with --json: nowhere)',
    )
    .addOption(new Option('--lang <language>', 'language of the document').choices(LANGUAGES).default('en'))
    .option('--github', 'print annotations for GitHub Actions instead of a summary')
    .option('--sarif <file>', 'write all findings as SARIF 2.1.0')
    .option('--squash', 'plan a squash and write its baselines into db/squash/ beside the document')
    .option('--keep-from <revision>', 'squash up to this revision, the oldest that is deployed anywhere; default: all')
    .option('--prove', 'build the history and its squashed form on a scratch database and compare the catalogs')
    .option('--time', 'run the history up, down and up again on a scratch database, and time every migration')
    .option(
      '--scratch <server>',
      'where: auto, local, embedded, container, or a URL that may create a database',
      'auto',
    )
    .option('--prepare <file>', PREPARE)
    .addHelpText(
      'after',
      `
Python is parsed, never executed; SQL is parsed by PostgreSQL's own grammar. What is not understood is listed. Only --prove
and --time run anything: the SQL of the history, on a scratch database that is removed afterwards.

Examples:
  pgvtune migrations alembic/versions
  pgvtune migrations alembic/versions --since 3f2a9c --server env
  pgvtune migrations alembic/versions --since 3f2a9c --rows 5M
  pgvtune migrations db/migrations --since 20240101000000 --github
  pgvtune migrations alembic/versions --prove --keep-from 3f2a9c
  pgvtune migrations supabase/migrations --prove --prepare auth.sql
  pgvtune migrations drift alembic/versions --server env
  pgvtune migrations db/migrations --json

Exit codes: 0 nothing of severity high, 1 at least one finding or hazard, a squash that is not shown to be equal, or a migration that fails (--time), 2 usage, 4 the server cannot be reached or failed.`,
    )
    .action(async (folder: string, options: MigrationsOptions) => {
      const { runMigrations } = await import('./run.js');
      exit((await runMigrations(folder, options, io)) ? EXIT.no : EXIT.done);
    });
  // Both have options of the same names: those behind `drift` are its own.
  command.enablePositionalOptions();
  withCommonOptions(command.command('drift'))
    .description('compare a live database with what the history builds; reads only')
    .argument('<folder>', 'folder of the migrations')
    .requiredOption('--server <server>', 'the database: env, or postgres://user@host/database')
    .addOption(new Option('--format <format>', 'the tool that wrote them').choices(FORMAT_CHOICES).default('auto'))
    .option('--scratch <server>', 'where the history is built: auto, local, embedded, container, or a URL', 'auto')
    .option('--prepare <file>', PREPARE)
    .addOption(new Option('--lang <language>', 'language').choices(LANGUAGES).default('en'))
    .addHelpText(
      'after',
      `
Example:
  pgvtune migrations drift alembic/versions --server postgres://app@db.example.com/shop

Exit codes: 0 no difference, 1 at least one, 2 usage, 3 the history cannot be built, 4 a server failed.`,
    )
    .action(async (folder: string, options: DriftOptions) => {
      const { runDrift } = await import('./drift.js');
      exit(await runDrift(folder, options, io));
    });
};
