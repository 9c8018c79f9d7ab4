import { describe, expect, it } from 'vitest';
import { graphOf, includedIn, planSquash } from '../../src/migrations/index.js';
import { squashFiles } from '../../src/reports/index.js';
import { historyOf, revision } from '../support/histories.js';

async function plan(...revisions: readonly string[]) {
  const history = await historyOf(Object.fromEntries(revisions.map((sql, index) => [`${index + 1}_s.sql`, sql])));
  return planSquash(graphOf(history.revisions).order, () => true);
}

const baseline = async (...revisions: readonly string[]) => {
  const { groups } = await plan(...revisions);
  return groups.flatMap(({ baseline: statements }) => (statements ?? []).map(({ sql }) => sql));
};

const users = 'CREATE TABLE users (id uuid PRIMARY KEY, email varchar(20));';

describe('a squash', () => {
  it('folds what happens to a table into its creation, under the names that the server had chosen', async () => {
    expect(
      await baseline(
        users,
        'ALTER TABLE users ADD COLUMN team int, ADD UNIQUE (email);',
        'ALTER TABLE users ALTER email TYPE text, ALTER team SET NOT NULL;\nALTER TABLE users RENAME TO people;',
        "ALTER TABLE people RENAME email TO mail;\nALTER TABLE people ALTER mail SET DEFAULT 'x';",
      ),
    ).toEqual([
      "CREATE TABLE people (id uuid NOT NULL, mail text DEFAULT 'x', team int NOT NULL, CONSTRAINT users_pkey PRIMARY KEY (id), CONSTRAINT users_email_key UNIQUE (mail))",
    ]);
  });

  it('keeps the quotes of an index that becomes a key', async () => {
    expect(
      await baseline(
        users,
        'CREATE UNIQUE INDEX "Users_Key" ON users (email);\nALTER TABLE users ADD CONSTRAINT "Users_Key" UNIQUE USING INDEX "Users_Key";',
      ),
    ).toContain('ALTER TABLE users ADD CONSTRAINT "Users_Key" UNIQUE USING INDEX "Users_Key"');
  });

  it('writes no empty list for a partition whose constraint came and went', async () => {
    expect(
      await baseline(
        'CREATE TABLE t (a int) PARTITION BY LIST (a);\nCREATE TABLE p PARTITION OF t FOR VALUES IN (1);',
        'ALTER TABLE p ADD CONSTRAINT c CHECK (a > 0);',
        'ALTER TABLE p DROP CONSTRAINT c;',
      ),
    ).toContain('CREATE TABLE p PARTITION OF t FOR VALUES IN (1)');
  });

  it('drops a key that code may have made', async () => {
    expect(
      await baseline(
        'DO $$ BEGIN CREATE TABLE made (a int PRIMARY KEY, b int); END $$;',
        'ALTER TABLE made DROP CONSTRAINT IF EXISTS made_pkey;\nALTER TABLE made ADD CONSTRAINT made_pkey PRIMARY KEY (a, b);',
      ),
    ).toHaveLength(3);
  });

  it('leaves out what came and went', async () => {
    expect(
      await baseline(
        users,
        'CREATE TABLE old (a int REFERENCES missing_later);'.replace(' REFERENCES missing_later', ''),
        "CREATE INDEX i ON users (email);\nCREATE TYPE mood AS ENUM ('a');\nALTER TABLE old ADD COLUMN b int;",
        'DROP INDEX i;\nDROP TABLE old;\nDROP TYPE mood;\nALTER TABLE users DROP COLUMN email;',
      ),
    ).toEqual(['CREATE TABLE users (id uuid NOT NULL, CONSTRAINT users_pkey PRIMARY KEY (id))']);
  });

  it('moves nothing before what it needs', async () => {
    expect(
      await baseline(
        users,
        'CREATE TABLE teams (id int PRIMARY KEY);',
        'ALTER TABLE users ADD COLUMN team int REFERENCES teams (id);\nCREATE VIEW v AS SELECT * FROM users;',
        'ALTER TABLE users ADD COLUMN later int;',
      ),
    ).toEqual([
      'CREATE TABLE teams (id int NOT NULL, CONSTRAINT teams_pkey PRIMARY KEY (id))',
      'CREATE TABLE users (id uuid NOT NULL, email varchar(20), team int, CONSTRAINT users_pkey PRIMARY KEY (id), CONSTRAINT users_team_fkey FOREIGN KEY (team) REFERENCES teams (id))',
      'CREATE VIEW v AS SELECT * FROM users',
      'ALTER TABLE users ADD COLUMN later int',
    ]);
  });

  it('keeps the default of a column that is added to rows', async () => {
    const rows = [users, "INSERT INTO users VALUES (gen_random_uuid(), 'a');"];
    const added = 'ALTER TABLE users ADD COLUMN team int DEFAULT 1 NOT NULL';
    const dropped = 'ALTER TABLE users ALTER COLUMN team DROP DEFAULT';
    expect((await baseline(...rows, `${added};`, `${dropped};`)).slice(2)).toEqual([added, dropped]);
    expect(await baseline(users, `${added};`, `${dropped};`)).toEqual([
      'CREATE TABLE users (id uuid NOT NULL, email varchar(20), team int NOT NULL, CONSTRAINT users_pkey PRIMARY KEY (id))',
    ]);
  });

  it('keeps a revision whose table lasts only as long as its transaction', async () => {
    const { groups, barriers } = await plan(
      users,
      'ALTER TABLE users ADD COLUMN a int;',
      'CREATE TEMP TABLE m ON COMMIT DROP AS SELECT id FROM users;\nCREATE INDEX ON m (id);',
      'ALTER TABLE users ADD COLUMN b int;',
    );
    expect(groups.map(({ revisions, baseline: own }) => [revisions, own === null])).toEqual([
      [['1', '2'], false],
      [['3'], true],
      [['4'], false],
    ]);
    expect(barriers.map(({ reason, at }) => [reason, at.revision])).toContainEqual([
      'transient',
      groups[1]!.revisions[0],
    ]);
  });

  it('takes the commands of one ALTER TABLE in the order of the server', async () => {
    const left = await baseline(
      "CREATE TYPE mood AS ENUM ('a');\nCREATE TABLE t (m mood DEFAULT 'a');\nINSERT INTO t VALUES ('a');",
      "ALTER TABLE t ALTER m SET DEFAULT 'a', ALTER m TYPE text USING m::text, ALTER m DROP DEFAULT;",
    );
    expect(left.slice(3).map((sql) => sql.replace(/.* ALTER COLUMN m /, ''))).toEqual([
      'DROP DEFAULT',
      'TYPE text USING m::text',
      "SET DEFAULT 'a'",
    ]);
  });

  it('moves no drop to where something that it takes along is still needed', async () => {
    const rows = "INSERT INTO users VALUES (gen_random_uuid(), 'a');";
    expect(
      (
        await baseline(
          `${users}\n${rows}`,
          'CREATE INDEX i ON users (email);\nALTER TABLE users RENAME TO people;',
          "ALTER INDEX i RENAME TO j;\nUPDATE people SET email = 'b';",
          'DROP INDEX j;\nALTER TABLE people DROP COLUMN email;',
        )
      ).slice(2),
    ).toEqual([
      'ALTER TABLE users RENAME TO people',
      "UPDATE people SET email = 'b'",
      'ALTER TABLE people DROP COLUMN email RESTRICT',
    ]);
    expect(
      (
        await baseline(
          `${users}\n${rows}`,
          'CREATE TABLE bots (owner uuid REFERENCES users);\nINSERT INTO bots VALUES (NULL);',
          'ALTER TABLE users ADD COLUMN a int;',
          'DROP TABLE bots;\nDROP TABLE users;',
        )
      ).slice(-2),
    ).toEqual(['DROP TABLE bots', 'DROP TABLE users']);
    // A foreign key holds its target until it goes, with its column, its table or by itself.
    const owned = `CREATE TABLE bots (owner uuid REFERENCES users, a int);\nINSERT INTO bots VALUES (NULL);`;
    for (const drop of ['DROP COLUMN owner', 'DROP CONSTRAINT bots_owner_fkey']) {
      const left = await baseline(
        `${users}\n${rows}`,
        owned,
        `ALTER TABLE bots ${drop};`,
        'DROP TABLE users;\nDROP TABLE bots;',
      );
      expect(left.slice(-3).map((sql) => sql.replace(/ RESTRICT$/, ''))).toEqual([
        `ALTER TABLE bots ${drop}`,
        'DROP TABLE users',
        'DROP TABLE bots',
      ]);
    }
  });

  it('works values of an enumeration into its type, in their order', async () => {
    expect(
      await baseline(
        "CREATE TYPE mood AS ENUM ('good');",
        "CREATE TABLE t (m mood);\nALTER TYPE mood ADD VALUE 'bad' BEFORE 'good';",
        "ALTER TYPE mood RENAME VALUE 'good' TO 'fine';",
      ),
    ).toEqual(["CREATE TYPE mood AS ENUM ('bad', 'fine')", 'CREATE TABLE t (m mood)']);
  });

  it('keeps rows and code in their place, and leaves out changes of rows that are not there', async () => {
    const { barriers, omissions, groups } = await plan(
      `${users}\nUPDATE users SET email = '';\nSET lock_timeout = '1s';`,
      "INSERT INTO users VALUES (gen_random_uuid(), 'a');\nALTER TABLE users ADD COLUMN a int;",
      "UPDATE users SET email = 'b';\nDO $$ BEGIN EXECUTE 'SELECT 1'; END $$;\nALTER TABLE users ADD COLUMN b int;",
    );
    expect(barriers.map(({ reason, at }) => [reason, at.revision])).toEqual([
      ['rows', '2'],
      ['rows', '3'],
      ['code', '3'],
    ]);
    expect(omissions.map(({ reason }) => reason)).toEqual(['no-rows', 'setting']);
    expect(groups[0]!.baseline!.map(({ sql }) => sql.split(' ').slice(0, 2).join(' '))).toEqual([
      'CREATE TABLE',
      'INSERT INTO',
      'ALTER TABLE',
      'UPDATE users',
      'DO $$',
      'ALTER TABLE',
    ]);
  });

  it('names statements whose dependencies it does not follow', async () => {
    const { barriers } = await plan(
      users,
      'GRANT SELECT ON users TO PUBLIC;',
      'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
    );
    expect(barriers.map(({ reason, at }) => [reason, at.revision])).toEqual([
      ['not-followed', '2'],
      ['not-followed', '3'],
    ]);
  });

  it('splits at a revision that has no SQL, and stops at the oldest one deployed', async () => {
    const table = (name: string): string => `op.create_table('${name}', sa.Column('id', sa.Integer()))`;
    const history = await historyOf({
      'a.py': revision('aaaa', null, { up: table('a') }),
      'b.py': revision('bbbb', 'aaaa', { up: table('b') }),
      'c.py': revision('cccc', 'bbbb', { up: 'op.execute(compute())', head: 'from app import compute' }),
      'd.py': revision('dddd', 'cccc', { up: table('d') }),
      'e.py': revision('eeee', 'dddd', { up: table('e') }),
      'f.py': revision('ffff', 'eeee', { up: table('f') }),
    });
    const { order } = graphOf(history.revisions);
    const deployed = includedIn(order, 'eeee', '--keep-from');
    const { groups, kept, barriers } = planSquash(order, ({ id }) => deployed.has(id));
    expect(groups.map(({ revisions, baseline: statements }) => [revisions, statements?.length ?? null])).toEqual([
      [['aaaa', 'bbbb'], 2],
      [['cccc'], null],
      [['dddd', 'eeee'], 2],
    ]);
    expect(kept).toEqual(['ffff']);
    expect(barriers).toMatchObject([{ reason: 'no-sql', at: { revision: 'cccc' } }]);
  });

  it('proposes revisions of Alembic that say the same SQL and carry the old head', async () => {
    const history = await historyOf({
      'a.py': revision('aaaa', null, {
        up: `op.execute("CREATE TABLE t (a text DEFAULT ':x %% \\\\ ''é''', b time DEFAULT '12:30')")`,
      }),
      'b.py': revision('bbbb', 'aaaa', { up: `op.execute("CREATE INDEX i ON t ((a::varchar))")` }),
    });
    const proposed = planSquash(graphOf(history.revisions).order, () => true);
    const files = squashFiles(proposed, 'alembic', { history: 'versions' });
    expect(files.map(({ name }) => name)).toEqual(['01_bbbb_baseline.sql', '01_bbbb_baseline.py', 'replaced.txt']);
    expect(files[2]!.text).toBe('versions/a.py\nversions/b.py\n');
    const again = await historyOf({ 'baseline.py': files[1]!.text });
    expect(again.revisions[0]).toMatchObject({ id: 'bbbb', parents: [] });
    expect(again.revisions[0]!.up.operations.map(({ sql }) => sql)).toEqual(
      proposed.groups[0]!.baseline!.map(({ sql }) => sql),
    );
  });
});
