import { describe, expect, it } from 'vitest';
import { analyseHistory, type Format, graphOf, planSquash } from '../../src/migrations/index.js';
import { historyOf } from '../support/histories.js';

const up = 'CREATE TABLE a (id int);';
const down = 'DROP TABLE a;';

/** Files of each layout, whose second migration adds a column and has a way back where the tool knows any. */
const LAYOUTS: readonly (readonly [
  Format,
  Readonly<Record<string, string>>,
  { ids: readonly string[]; back: boolean },
])[] = [
  [
    'golang-migrate',
    {
      '1_a.up.sql': up,
      '1_a.down.sql': down,
      '10_b.up.sql': 'ALTER TABLE a ADD b int;',
      '10_b.down.sql': 'ALTER TABLE a DROP b;',
    },
    { ids: ['1', '10'], back: true },
  ],
  [
    'flyway',
    { 'V1__a.sql': up, 'V1_1__b.sql': 'ALTER TABLE a ADD b int;', 'U1_1__b.sql': 'ALTER TABLE a DROP b;' },
    { ids: ['1', '1.1'], back: true },
  ],
  [
    'dbmate',
    {
      '20240101000000_a.sql': `-- migrate:up\n${up}\n-- migrate:down\n${down}`,
      '20240102000000_b.sql': '-- migrate:up\nALTER TABLE a ADD b int;\n\n-- migrate:down\nALTER TABLE a DROP b;',
    },
    { ids: ['20240101000000', '20240102000000'], back: true },
  ],
  [
    'goose',
    {
      '1_a.sql': `-- +goose Up\n${up}`,
      '2_b.sql': '-- +goose Up\nALTER TABLE a ADD b int;\n-- +goose Down\nALTER TABLE a DROP b;',
    },
    { ids: ['1', '2'], back: true },
  ],
  [
    'diesel',
    {
      '2024-01-01-000000_a/up.sql': up,
      '2024-01-01-000000_a/down.sql': down,
      '2024-01-02-000000_b/up.sql': 'ALTER TABLE a ADD b int;',
      '2024-01-02-000000_b/down.sql': 'ALTER TABLE a DROP b;',
    },
    { ids: ['2024-01-01-000000', '2024-01-02-000000'], back: true },
  ],
  [
    'prisma',
    {
      '20240101000000_a/migration.sql': up,
      '20240102000000_b/migration.sql': 'ALTER TABLE a ADD b int;',
      'migration_lock.toml': '',
    },
    { ids: ['20240101000000_a', '20240102000000_b'], back: false },
  ],
  [
    'drizzle',
    {
      '0000_a.sql': up,
      '0001_b.sql': 'ALTER TABLE a ADD b int;--> statement-breakpoint\nALTER TABLE a ADD c int;',
      'meta/_journal.json': '{}',
    },
    { ids: ['0000', '0001'], back: false },
  ],
  [
    'supabase',
    {
      'migrations/20240101000000_a.sql': up,
      'migrations/20240102000000_b.sql': 'ALTER TABLE a ADD b int;',
      'config.toml': '',
    },
    { ids: ['20240101000000', '20240102000000'], back: false },
  ],
  ['sqlx', { '1_a.sql': up, '2_b.sql': 'ALTER TABLE a ADD b int;' }, { ids: ['1', '2'], back: false }],
  [
    'rails',
    {
      'structure.sql': `${up}\nINSERT INTO "schema_migrations" (version) VALUES\n('20240102000000'),\n('20240101000000');`,
    },
    { ids: ['20240102000000'], back: false },
  ],
  ['sql', { 'one.sql': up, 'two.sql': 'ALTER TABLE a ADD b int;' }, { ids: ['one', 'two'], back: false }],
];

describe('layouts of SQL', () => {
  it.each(LAYOUTS)('%s is recognised', async (format, files, { ids, back }) => {
    const history = await historyOf(files);
    expect(history.format).toBe(format);
    expect(history.revisions.map(({ id }) => id)).toEqual(ids);
    expect(history.revisions.map(({ parents }) => parents)).toEqual(
      ids.map((_, index) => (index === 0 ? [] : [ids[index - 1]])),
    );
    expect(history.revisions.at(-1)!.down !== null).toBe(back);
    expect(
      history.revisions.flatMap(({ up: { operations } }) => operations).filter(({ problem }) => problem !== null),
    ).toEqual([]);
  });

  it('run in the order of their tool, which is not that of numbers everywhere', async () => {
    const ids = async (names: readonly string[]) => {
      const { revisions } = await historyOf(Object.fromEntries(names.map((name) => [name, 'CREATE TABLE a (b int);'])));
      return revisions.map(({ id, parents }) => [id, parents[0] ?? null]);
    };
    // Prisma: by the name of the folder, which is also what it knows a migration by.
    expect(
      await ids(['20250625_b/migration.sql', '20250604085536_a/migration.sql', '20250604085536_aa/migration.sql']),
    ).toEqual([
      ['20250604085536_a', null],
      ['20250604085536_aa', '20250604085536_a'],
      ['20250625_b', '20250604085536_aa'],
    ]);
    // Diesel: by the digits of the version.
    expect(await ids(['2017-08-31-230457_b/up.sql', '20140924113530_a/up.sql'])).toEqual([
      ['20140924113530', null],
      ['2017-08-31-230457', '20140924113530'],
    ]);
  });

  it('give every statement its own line', async () => {
    const { revisions } = await historyOf({
      '1_a.sql':
        "-- +goose Up\n\n-- é, a comment;\nCREATE TABLE a (\n  t text DEFAULT 'a;b'\n);\nCREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$;\n-- +goose Down\nDROP TABLE a;",
    });
    expect(revisions[0]!.up.operations.map(({ place }) => place.line)).toEqual([4, 7]);
    expect(revisions[0]!.down!.operations.map(({ place }) => place.line)).toEqual([9]);
  });

  it('list a statement that the grammar refuses, and read the others', async () => {
    const { revisions } = await historyOf({
      '1_a.sql': 'CREATE TABLE a (id int);\nREPACK a CONCURRENTLY PLEASE;\nDROP TABLE a;',
    });
    expect(revisions[0]!.up.operations.map(({ problem }) => problem?.code ?? null)).toEqual([null, 'not-parsed', null]);
  });

  it('read names that a template fills in', async () => {
    const { revisions } = await historyOf({
      '1_a.up.sql': 'ALTER TABLE {{ index .Options "Namespace" }}.users ADD COLUMN a int;',
    });
    expect(revisions[0]!.up.operations[0]!.effects).toMatchObject([{ kind: 'add-column', table: 'namespace.users' }]);
  });

  it('leave out fixtures of tests that look like migrations', async () => {
    const { revisions } = await historyOf({
      '1_a.up.sql': up,
      '2_b.up.sql': 'ALTER TABLE a ADD b int;',
      'testdata/fixtures/1_a.up.sql': 'INSERT INTO a VALUES (1);',
    });
    expect(revisions.map(({ id, file }) => [id, file])).toEqual([
      ['1', '1_a.up.sql'],
      ['2', '2_b.up.sql'],
    ]);
  });

  it('skip the data of COPY and the commands of psql', async () => {
    const { revisions } = await historyOf({
      'structure.sql':
        '\\restrict abc\nCREATE TABLE a (b text);\nCOPY a (b) FROM stdin;\nDROP TABLE a;\n\\.\nCREATE INDEX i ON a (b);',
    });
    expect(revisions[0]!.up.operations.map(({ effects }) => effects[0]?.kind)).toEqual([
      'create-table',
      'data',
      'create-index',
    ]);
  });
});

describe('migrations in other languages', () => {
  it.each([
    [
      '0001_initial.py',
      'from django.db import migrations\nclass Migration(migrations.Migration):\n    pass',
      'Django',
      'sqlmigrate',
    ],
    ['20240101_users.js', 'exports.up = (knex) => knex.schema.createTable("users")', 'knex', 'knex migrate:latest'],
    [
      '1700000000000-Users.ts',
      'export class Users implements MigrationInterface {}',
      'TypeORM',
      'typeorm migration:run',
    ],
    [
      '20240101-users.js',
      'module.exports = { up: (queryInterface) => queryInterface.createTable("u") }',
      'Sequelize',
      'sequelize-cli',
    ],
    ['20240101000000_users.rb', 'class Users < ActiveRecord::Migration[7.1]\nend', 'Active Record', 'db:schema:dump'],
    ['20240101000000_users.go', 'func init() { goose.AddMigration(up, down) }', 'goose', 'goose up'],
    ['20240101000000_users.exs', 'defmodule Users do\n  use Ecto.Migration\nend', 'Ecto', 'mix ecto.dump'],
    ['2024_01_01_000000_users.php', 'return new class extends Migration {}', 'Laravel', 'migrate --pretend'],
    ['20240101_Users.cs', 'protected override void Up(MigrationBuilder builder) {}', 'Entity Framework', 'dotnet ef'],
    ['changelog.xml', '<databaseChangeLog></databaseChangeLog>', 'Liquibase', 'update-sql'],
  ])('%s are named, with the way to SQL', async (file, text, tool, way) => {
    const refused = await historyOf({ [file]: text }).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'usage',
      message: expect.stringMatching(new RegExp(`migrations that are not read: 1 of ${tool} in .*${file}`)) as string,
      hint: expect.stringContaining(way) as string,
    });
  });

  it('among those of SQL keep their place, and are barriers of a squash', async () => {
    const history = await historyOf({
      '0001_a.sql': '-- +goose Up\nCREATE TABLE a (x int);',
      '0002_b.go': 'package m\nfunc init() { goose.AddMigrationNoTxContext(up, down) }',
      '0002_b_test.go': 'package m',
      '0003_c.sql': '-- +goose Up\nALTER TABLE a ADD y int;',
    });
    expect(history.revisions.map(({ id, parents }) => [id, ...parents])).toEqual([
      ['0001'],
      ['0002', '0001'],
      ['0003', '0002'],
    ]);
    const { coverage, notUnderstood, findings } = analyseHistory(history);
    expect(coverage).toMatchObject({ operations: 3, understood: 2 });
    expect(notUnderstood).toMatchObject([{ code: 'other-language', detail: 'Go', file: '0002_b.go' }]);
    expect(findings.map(({ code }) => code)).not.toContain('unread-migrations');
    const plan = planSquash(graphOf(history.revisions).order, () => true);
    expect(plan.groups.map(({ revisions, baseline }) => [revisions, baseline === null])).toEqual([
      [['0001'], false],
      [['0002'], true],
      [['0003'], false],
    ]);
  });

  it('beside a history of SQL are a finding', async () => {
    const history = await historyOf({
      'structure.sql': 'CREATE TABLE a (x int);',
      'migrate/1_a.rb': 'class A < ActiveRecord::Migration[7.1]\nend',
    });
    expect(analyseHistory(history).findings).toMatchObject([
      { code: 'unread-migrations', severity: 'medium', data: { tool: 'Active Record', files: ['migrate/1_a.rb'] } },
    ]);
  });
});
