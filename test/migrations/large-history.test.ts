import { expect, it } from 'vitest';
import { analyseHistory } from '../../src/migrations/index.js';
import { historyOf, revision } from '../support/histories.js';

/* What linters of single files make thousands of findings of, or see none in: they know nothing of the files before. */

const FILES = 320;
const TABLES = 20;

/** Tables are created, then altered in turn; every tenth file adds a column, and the next drops it again. */
function step(file: number): string {
  const table = `t${file % TABLES}`;
  if (file < TABLES) return `CREATE TABLE ${table} (id bigint PRIMARY KEY, owner bigint);`;
  if (file % 40 === 0) return `ALTER TABLE t0 ADD COLUMN x${file} int;`;
  if (file % 40 === 1) return `ALTER TABLE t0 DROP COLUMN x${file - 1};`;
  return `ALTER TABLE ${table} ADD COLUMN c${file} int;`;
}
const name = (file: number): string => `${String(file + 1).padStart(4, '0')}_step.sql`;

it('groups the findings of 320 files of SQL by what they are about', async () => {
  const files = Object.fromEntries(Array.from({ length: FILES }, (_, file) => [name(file), step(file)]));
  const { findings, coverage } = analyseHistory(await historyOf(files));
  expect(coverage).toMatchObject({ understood: FILES });
  expect(findings.length).toBeLessThan(2 * TABLES);
  const dropped = findings.flatMap((finding) => (finding.code === 'dropped-columns' ? [finding.data] : []));
  expect(dropped).toHaveLength(1);
  expect(dropped[0]!.gone).toHaveLength(7);
});

it('judges the last of them by the tables that the others left', async () => {
  const next = 'CREATE INDEX i ON t3 (owner);\nCREATE TABLE fresh (id int);\nCREATE INDEX j ON fresh (id);';
  const files = Object.fromEntries(
    Array.from({ length: FILES + 1 }, (_, file) => [
      name(file),
      file === FILES ? `SET lock_timeout = '2s';\n${next}` : step(file),
    ]),
  );
  const since = String(FILES).padStart(4, '0');
  const { hazards } = analyseHistory(await historyOf(files), { since });
  expect(hazards!.map(({ code, data }) => [code, 'table' in data ? data.table : null])).toEqual([
    ['index-not-concurrent', 't3'],
  ]);
});

it('sees the lock on a table that an earlier revision of Alembic made, and none on one of the same revision', async () => {
  const history = await historyOf({
    'versions/a.py': revision('a', null, { up: "op.create_table('users', sa.Column('team', sa.Integer()))" }),
    'versions/b.py': revision('b', 'a', {
      up: [
        `op.execute("SET lock_timeout = '2s'")`,
        "op.create_index('users_team', 'users', ['team'])",
        "op.create_table('fresh', sa.Column('id', sa.Integer()))",
        "op.create_index('fresh_id', 'fresh', ['id'])",
      ].join('\n'),
    }),
  });
  const { hazards } = analyseHistory(history, { since: 'a' });
  expect(hazards!.map(({ code, data }) => [code, 'table' in data ? data.table : null])).toEqual([
    ['index-not-concurrent', 'users'],
  ]);
});
