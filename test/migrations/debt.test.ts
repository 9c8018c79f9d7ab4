import { describe, expect, it } from 'vitest';
import { analyseHistory } from '../../src/migrations/index.js';
import { historyOf } from '../support/histories.js';

/** A history of SQL, one statement list a revision. */
const history = (...revisions: readonly string[]) =>
  historyOf(Object.fromEntries(revisions.map((sql, index) => [`${index + 1}_step.sql`, sql])));

/** The data of the one finding of a kind. */
async function found(code: string, ...revisions: readonly string[]): Promise<unknown> {
  const { findings } = analyseHistory(await history(...revisions));
  const own = findings.filter((finding) => finding.code === code);
  expect(own.map((finding) => finding.code)).toEqual([code]);
  return own[0]!.data;
}

const at = (revision: number, line = 1) => ({ revision: String(revision), file: `${revision}_step.sql`, line });
const users = 'CREATE TABLE users (id bigint PRIMARY KEY, email text, team int);';

describe('debt of a history', () => {
  it('names tables, columns, indexes, constraints and enumerations that came and went', async () => {
    const revisions = [
      `${users}\nCREATE TABLE old (a int, b int);\nCREATE TYPE mood AS ENUM ('a');`,
      'ALTER TABLE users ADD COLUMN x int;\nCREATE INDEX i ON users (team);\nALTER TABLE users ADD CONSTRAINT c CHECK (team > 0);',
      'DROP TABLE old;\nALTER TABLE users DROP COLUMN x;\nDROP INDEX i;\nALTER TABLE users DROP CONSTRAINT c;\nDROP TYPE mood;',
    ];
    expect(await found('dropped-tables', ...revisions)).toEqual({
      gone: [{ name: 'old', created: at(1, 2), dropped: at(3, 1) }],
      of: 2,
    });
    expect(await found('dropped-columns', ...revisions)).toEqual({
      gone: [{ name: 'users.x', created: at(2, 1), dropped: at(3, 2) }],
      of: 6,
    });
    expect(await found('dropped-indexes', ...revisions)).toEqual({
      gone: [{ name: 'users.i', created: at(2, 2), dropped: at(3, 3) }],
      of: 1,
    });
    expect(await found('dropped-constraints', ...revisions)).toEqual({
      gone: [{ name: 'users.c', created: at(2, 3), dropped: at(3, 4) }],
      of: 2,
    });
    expect(await found('dropped-enums', ...revisions)).toEqual({
      gone: [{ name: 'mood', created: at(1, 3), dropped: at(3, 5) }],
      of: 1,
    });
  });

  it('names an index that was dropped and built again unchanged, also under another name', async () => {
    expect(
      await found(
        'recreated-index',
        users,
        'CREATE INDEX i ON users (team);',
        'DROP INDEX i;',
        'CREATE INDEX i ON users USING btree (team);',
      ),
    ).toEqual({
      again: [{ index: 'i', renamed: null, isIdentical: true, dropped: at(3), created: at(4) }],
      isIdentical: true,
    });
    expect(
      await found(
        'recreated-index',
        users,
        'CREATE INDEX i ON users (team);',
        'DROP INDEX i;\nCREATE INDEX j ON users (team);',
      ),
    ).toMatchObject({
      again: [{ index: 'i', renamed: 'j', isIdentical: true }],
    });
    expect(
      await found(
        'recreated-index',
        users,
        'CREATE INDEX i ON users (team);',
        'DROP INDEX i;\nCREATE INDEX i ON users (team DESC);',
      ),
    ).toMatchObject({
      isIdentical: false,
    });
  });

  it('names what was renamed there and back', async () => {
    const data = await found(
      'renamed-back',
      users,
      'ALTER TABLE users RENAME email TO mail;',
      'ALTER TABLE users RENAME TO people;',
      'ALTER TABLE people RENAME mail TO email;',
    );
    expect(data).toEqual({
      chains: [{ kind: 'column', table: 'people', names: ['email', 'mail', 'email'], isBack: true, created: at(1) }],
    });
  });

  it('names a table that is altered again and again, once a revision', async () => {
    const steps = Array.from(
      { length: 6 },
      (_, index) => `ALTER TABLE users ADD a${index} int;\nALTER TABLE users ADD b${index} int;`,
    );
    expect(await found('often-altered', users, ...steps)).toMatchObject({
      tables: [{ table: 'users', revisions: 6 }],
      atLeast: 6,
    });
  });

  it('names a type that grew step by step', async () => {
    const data = await found(
      'type-steps',
      users,
      'ALTER TABLE users ADD n varchar(10);',
      'ALTER TABLE users ALTER n TYPE varchar(50);',
      'ALTER TABLE users ALTER n TYPE text;',
    );
    expect(data).toEqual({
      columns: [
        {
          table: 'users',
          column: 'n',
          types: [
            { type: 'varchar(10)', at: at(2) },
            { type: 'varchar(50)', at: at(3) },
            { type: 'text', at: at(4) },
          ],
        },
      ],
    });
  });

  it('names duplicate and prefix-redundant indexes, and keeps apart those that differ', async () => {
    expect(
      await found(
        'duplicate-index',
        users,
        'CREATE INDEX a ON users (team);',
        'CREATE INDEX b ON users (team) WITH (fillfactor = 90);',
      ),
    ).toMatchObject({ index: 'b', other: 'a' });
    expect(
      await found(
        'redundant-index',
        users,
        'CREATE INDEX a ON users (team);',
        'CREATE INDEX b ON users (team, email);',
      ),
    ).toMatchObject({ index: 'a', other: 'b', created: at(2), otherCreated: at(3) });
    const { findings } = analyseHistory(
      await history(
        users,
        'CREATE INDEX a ON users (team);\nCREATE INDEX b ON users (team DESC, email);\nCREATE INDEX c ON users (email text_pattern_ops);\nCREATE INDEX d ON users (email, team) WHERE team > 0;\nCREATE UNIQUE INDEX e ON users (email);\nCREATE INDEX f ON users (email) INCLUDE (team);\nCREATE INDEX h ON users (team DESC) WHERE email > $$a$$;\nCREATE INDEX i ON users (id) WHERE team IS NULL;',
      ),
    );
    expect(findings).toEqual([]);
  });

  it('names revisions that cancel out', async () => {
    const data = await found(
      'cancelling-revisions',
      users,
      'CREATE TABLE t (a int);\nCREATE INDEX t_a ON t (a);',
      'ALTER TABLE users ADD z int;',
      'DROP TABLE t;',
    );
    expect(data).toEqual({ pairs: [{ first: at(2), second: at(4) }] });
  });

  it('names operations that cannot work on an empty database', async () => {
    const data = await found(
      'does-not-fit',
      users,
      'ALTER TABLE users DROP COLUMN nothing;\nCREATE TABLE users (a int);\nDROP TABLE IF EXISTS nothing;',
    );
    expect(data).toEqual({
      misfits: [
        { at: at(2, 1), misfit: 'missing', operation: 'drop-column', name: 'users.nothing' },
        { at: at(2, 2), misfit: 'exists', operation: 'create-table', name: 'users' },
      ],
    });
  });

  it('does not blame an operation for what code may have done', async () => {
    const { findings } = analyseHistory(
      await history(
        users,
        'DO $$ BEGIN ALTER TABLE users ADD COLUMN magic int; END $$;',
        'ALTER TABLE users DROP COLUMN magic;',
      ),
    );
    expect(findings.filter(({ code }) => code === 'does-not-fit')).toEqual([]);
  });
});
