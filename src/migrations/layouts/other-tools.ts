import type { SourceFile } from '../source-file.js';
import { baseName, folderName, type SqlMigration, titleOf } from './layout.js';

/** How migrations that are not read become SQL that is. */
export type WayToSql =
  /** A command prints the SQL of each. */
  | { readonly code: 'each'; readonly command: string }
  /** A command writes the schema that all of them come to, run on an empty database. */
  | { readonly code: 'whole'; readonly command: string };

/** Migrations of a tool whose language is not read. */
export interface UnreadMigrations {
  readonly tool: string;
  readonly language: string;
  readonly files: readonly string[];
  readonly toSql: WayToSql;
}

/** A tool whose migrations are code. */
interface OtherTool {
  readonly name: string;
  readonly language: string;
  /** What such a file, and no other, has in its text. */
  readonly text: RegExp;
  readonly toSql: WayToSql;
}

const each = (command: string): WayToSql => ({ code: 'each', command });
const whole = (command: string): WayToSql => ({ code: 'whole', command });
/** What any database shows. */
const DUMP = 'pg_dump --schema-only --no-owner DATABASE > sql/0001_schema.sql';

const LANGUAGES: Readonly<Record<string, string>> = {
  py: 'Python',
  go: 'Go',
  js: 'JavaScript',
  cjs: 'JavaScript',
  mjs: 'JavaScript',
  ts: 'TypeScript',
  cts: 'TypeScript',
  mts: 'TypeScript',
  rb: 'Ruby',
  php: 'PHP',
  exs: 'Elixir',
  cs: 'C#',
  java: 'Java',
  kt: 'Kotlin',
  xml: 'XML',
  yml: 'YAML',
  yaml: 'YAML',
};

const tools = (language: string, entries: readonly (readonly [string, RegExp, WayToSql])[]): readonly OtherTool[] =>
  entries.map(([name, text, toSql]) => ({ name, language, text, toSql }));

const SCRIPT_TOOLS = [
  ['TypeORM', /\bMigrationInterface\b/, whole(`typeorm migration:run && ${DUMP}`)],
  ['MikroORM', /@mikro-orm\/migrations/, whole(`mikro-orm migration:up && ${DUMP}`)],
  ['Sequelize', /\bqueryInterface\b/i, whole(`sequelize-cli db:migrate && ${DUMP}`)],
  ['node-pg-migrate', /node-pg-migrate|\bpgm\.\w+\(/, each('node-pg-migrate up --dry-run')],
  ['Kysely', /\bKysely\b|\bkysely\b/, whole(`kysely migrate:latest && ${DUMP}`)],
  ['knex', /\bknex\b/i, whole(`knex migrate:latest && ${DUMP}`)],
] as const;

const OTHER_TOOLS: readonly OtherTool[] = [
  ...tools('Python', [
    ['Django', /\(\s*migrations\.Migration\s*\)/, each('python manage.py sqlmigrate APP NUMBER > sql/NUMBER_name.sql')],
  ]),
  ...tools('JavaScript', SCRIPT_TOOLS),
  ...tools('TypeScript', SCRIPT_TOOLS),
  ...tools('Ruby', [
    [
      'Active Record',
      /\bActiveRecord::Migration\b/,
      whole('bin/rails db:schema:dump (with config.active_record.schema_format = :sql, into db/structure.sql)'),
    ],
  ]),
  ...tools('Go', [
    ['goose', /\bgoose\.AddMigration|\bgoose\.AddNamedMigration/, whole(`goose up && ${DUMP}`)],
    ['gormigrate', /\bgormigrate\b/, whole(DUMP)],
  ]),
  ...tools('PHP', [
    ['Doctrine', /\bextends\s+AbstractMigration\b/, each('bin/console doctrine:migrations:migrate --write-sql=sql')],
    ['Laravel', /\bextends\s+Migration\b/, each('php artisan migrate --pretend')],
  ]),
  ...tools('Elixir', [['Ecto', /\buse\s+Ecto\.Migration\b/, whole('mix ecto.dump')]]),
  ...tools('C#', [['Entity Framework', /\bMigrationBuilder\b/, each('dotnet ef migrations script')]]),
  ...['Java', 'Kotlin'].flatMap((language) =>
    tools(language, [['Flyway', /\bBaseJavaMigration\b/, whole(`flyway migrate && ${DUMP}`)]]),
  ),
  ...['XML', 'YAML'].flatMap((language) =>
    tools(language, [['Liquibase', /\bdatabaseChangeLog\b/, each('liquibase update-sql')]]),
  ),
];

const extensionOf = (path: string): string => /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
const languageOf = (path: string): string | undefined => LANGUAGES[extensionOf(path)];

/** Whether a file may be a migration in a language that is not read. */
export const mayBeOther = (path: string): boolean =>
  languageOf(path) !== undefined && !/(_test\.go|\.d\.[cm]?ts|\.(test|spec)\.[cm]?[jt]s)$/i.test(path);

/** Migrations of tools that are known by name, largest groups first. */
export function unreadMigrations(files: readonly SourceFile[]): readonly UnreadMigrations[] {
  const found = new Map<OtherTool, string[]>();
  for (const { path, text } of files) {
    const language = languageOf(path);
    const tool = OTHER_TOOLS.find((one) => one.language === language && one.text.test(text));
    if (tool) found.set(tool, [...(found.get(tool) ?? []), path]);
  }
  return [...found]
    .map(([{ name, language, toSql }, paths]) => ({ tool: name, language, files: paths, toSql }))
    .toSorted((a, b) => b.files.length - a.files.length);
}

const NUMBERED = /^V?(?<version>\d{2,}[\d._]*?)(?:_+|-)(?<title>.*?)(?:\.(?<way>up|down))?\.\w+$/i;

/** Migrations in another language among those of SQL: they keep their place in the order. */
export function amongSql(files: readonly SourceFile[], sql: readonly SourceFile[]): readonly SqlMigration[] {
  const folders = new Set(sql.map(({ path }) => folderName(path)));
  return files.flatMap(({ path, text }): SqlMigration[] => {
    const language = mayBeOther(path) && folders.has(folderName(path)) ? languageOf(path) : undefined;
    const { version, title, way } = NUMBERED.exec(baseName(path))?.groups ?? {};
    if (language === undefined || version === undefined || way === 'down') return [];
    const up = { file: path, text, inTransaction: false, language };
    return [{ version: version.replaceAll('_', '.'), title: titleOf(title), up, down: null }];
  });
}
