import { describe, expect, it } from 'vitest';
import type { Format } from '../../src/migrations/index.js';
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
