import { describe, expect, it } from 'vitest';
import { analyseHistory, type Deployment } from '../../src/migrations/index.js';
import { typeChangeWork } from '../../src/migrations/hazards/type-change.js';
import { historyOf, revision } from '../support/histories.js';

const base = `CREATE TABLE users (id bigint PRIMARY KEY, email varchar(50), team int);
CREATE TABLE teams (id int PRIMARY KEY);
CREATE TYPE mood AS ENUM ('good');`;

async function hazardsOf(sql: string, deployment: Deployment = {}) {
  const history = await historyOf({ '1_base.sql': base, '2_next.sql': `SET lock_timeout = '2s';\n${sql}` });
  return analyseHistory(history, { since: '1', deployment }).hazards!;
}

/** Statement → hazards with lock and work, as measured on PostgreSQL 15. */
const CASES: readonly (readonly [string, readonly (readonly [string, string | null, string])[]])[] = [
  ['CREATE INDEX i ON users (team)', [['index-not-concurrent', 'SHARE', 'index-build']]],
  ['CREATE INDEX CONCURRENTLY i ON users (team)', [['concurrently-in-transaction', null, 'none']]],
  ['ALTER TABLE users ALTER team SET NOT NULL', [['not-null-scan', 'ACCESS EXCLUSIVE', 'scan']]],
  ['ALTER TABLE users ADD x int NOT NULL', [['not-null-without-default', 'ACCESS EXCLUSIVE', 'none']]],
  ['ALTER TABLE users ADD x uuid DEFAULT gen_random_uuid()', [['rewriting-default', 'ACCESS EXCLUSIVE', 'rewrite']]],
  ['ALTER TABLE users ADD x serial', [['rewriting-default', 'ACCESS EXCLUSIVE', 'rewrite']]],
  ['ALTER TABLE users ADD x timestamptz NOT NULL DEFAULT now()', []],
  ['ALTER TABLE users ALTER email TYPE text', []],
  ['ALTER TABLE users ALTER team TYPE bigint', [['type-change', 'ACCESS EXCLUSIVE', 'rewrite']]],
  [
    'ALTER TABLE users ADD FOREIGN KEY (team) REFERENCES teams',
    [['constraint-validated', 'SHARE ROW EXCLUSIVE', 'scan']],
  ],
  ['ALTER TABLE users ADD FOREIGN KEY (team) REFERENCES teams NOT VALID', []],
  ['ALTER TABLE users ADD x int REFERENCES teams', []],
  ['ALTER TABLE users ADD CHECK (team > 0)', [['constraint-validated', 'ACCESS EXCLUSIVE', 'scan']]],
  ['ALTER TABLE users ADD UNIQUE (email)', [['unique-built-under-lock', 'ACCESS EXCLUSIVE', 'index-build']]],
  ['ALTER TABLE users RENAME email TO mail', [['rename-in-use', 'ACCESS EXCLUSIVE', 'none']]],
  ['ALTER TABLE users DROP COLUMN email', [['drop-in-use', 'ACCESS EXCLUSIVE', 'none']]],
  ['DROP TABLE users', [['drop-in-use', 'ACCESS EXCLUSIVE', 'none']]],
  [
    "ALTER TYPE mood ADD VALUE 'bad';\nALTER TABLE users ADD m mood DEFAULT 'bad'",
    [['enum-value-in-transaction', null, 'none']],
  ],
  ['ALTER TABLE users ADD x int;\nUPDATE users SET x = 1', [['rows-with-locks', null, 'rewrite']]],
  ['ALTER TABLE users ADD x int;\nALTER TABLE teams ADD x int', [['several-strong-locks', 'ACCESS EXCLUSIVE', 'none']]],
  ['CREATE EXTENSION vector', [['extension-may-exist', null, 'none']]],
  ['CREATE TABLE t (a int NOT NULL);\nCREATE INDEX i ON t (a);\nALTER TABLE t ADD b int NOT NULL;\nDROP TABLE t', []],
];

describe('hazards of what is still to be deployed', () => {
  it.each(CASES)('%s', async (sql, expected) => {
    const hazards = await hazardsOf(`${sql};`);
    expect(hazards.map(({ code, data: { lock, work } }) => [code, lock, work])).toEqual(expected);
  });

  it('need a scan no more once a CHECK is validated', async () => {
    const history = await historyOf({
      '1_base.sql': base,
      '2_check.sql': 'ALTER TABLE users ADD CONSTRAINT c CHECK (team IS NOT NULL) NOT VALID;',
      '3_validate.sql':
        "SET lock_timeout = '2s';\nALTER TABLE users VALIDATE CONSTRAINT c;\nALTER TABLE users ALTER team SET NOT NULL;",
    });
    expect(analyseHistory(history, { since: '2' }).hazards).toEqual([]);
  });

  it('know whether a lock_timeout is set, by the revision or by env.py', async () => {
    const files = {
      'versions/a.py': revision('aaaa', null, { up: `op.create_table('t', sa.Column('id', sa.Integer()))` }),
      'versions/b.py': revision('bbbb', 'aaaa', { up: `op.add_column('t', sa.Column('x', sa.Text()))` }),
    };
    const codes = async (more: Readonly<Record<string, string>>) =>
      analyseHistory(await historyOf({ ...files, ...more }), { since: 'aaaa' }).hazards!.map(({ code }) => code);
    expect(await codes({})).toEqual(['no-lock-timeout']);
    expect(await codes({ 'env.py': `connection.execute(text("SET lock_timeout = '4s'"))` })).toEqual([]);
  });

  it('offer a safe form for the same end', async () => {
    const [index] = await hazardsOf('CREATE UNIQUE INDEX "i x" ON users (team);');
    expect(index!.data.safe).toEqual(['CREATE UNIQUE INDEX CONCURRENTLY "i x" ON users (team);']);
    const [check] = await hazardsOf('ALTER TABLE users ADD CONSTRAINT c CHECK (team > 0);');
    expect(check!.data.safe).toEqual([
      'ALTER TABLE "users" ADD CONSTRAINT "c" CHECK (team > 0) NOT VALID;',
      'ALTER TABLE "users" VALIDATE CONSTRAINT "c";',
    ]);
  });

  it('are judged by the sizes of live tables', async () => {
    const sized = (rows: number) => ({
      tables: new Map([['users', { rows, bytes: 120 * rows, heapBytes: 100 * rows }]]),
    });
    const severity = async (rows: number) =>
      (await hazardsOf('ALTER TABLE users ALTER team TYPE bigint;', sized(rows)))[0]!;
    expect((await severity(100)).severity).toBe('low');
    expect((await severity(1_000_000)).severity).toBe('medium');
    expect(await severity(50_000_000)).toMatchObject({
      severity: 'high',
      data: { size: { from: 'server', rows: 50_000_000, seconds: { value: 200 }, heldSeconds: null } },
    });
  });

  it('are judged by a number of rows that somebody names', async () => {
    const [type] = await hazardsOf('ALTER TABLE users ALTER team TYPE bigint;', { rows: 50_000_000 });
    expect(type).toMatchObject({ severity: 'high', data: { size: { from: 'stated', rows: 50_000_000 } } });
    expect(type!.data.size!.bytes).toBeGreaterThan(50_000_000 * 60);
    expect(type!.data.size!.seconds!.value).toBeGreaterThan(60);
  });

  it('hold their locks until the work that follows in the transaction is done', async () => {
    const tables = new Map([['users', { rows: 5e6, bytes: 6e9, heapBytes: 5e9 }]]);
    const [renamed, index] = await hazardsOf(
      'ALTER TABLE users RENAME email TO mail;\nCREATE INDEX i ON users (team);',
      { tables },
    ).then((found) => found.toSorted((a, b) => (a.code > b.code ? -1 : 1)));
    expect(renamed).toMatchObject({
      code: 'rename-in-use',
      data: { size: { seconds: null, heldSeconds: { value: 120 } } },
    });
    expect(index).toMatchObject({ data: { size: { seconds: { value: 120 }, heldSeconds: null } } });
  });

  it('count vector indexes that a rewrite builds anew, by the model of builds', async () => {
    const vectors = 'ALTER TABLE users ADD e vector(1536);\n';
    const build = 'CREATE INDEX i ON users USING hnsw (e vector_l2_ops);';
    const deployment = { rows: 1_000_000 };
    const seconds = async (sql: string) =>
      (await hazardsOf(sql, deployment)).find(({ data }) => data.work !== 'none')!.data.size!.seconds!.value;
    const [index, rewrite] = [
      await seconds(`${vectors}${build}`),
      await seconds(`${vectors}SET maintenance_work_mem = '8GB';\nALTER TABLE users ALTER team TYPE bigint;`),
    ];
    // More than an hour with 64 MB, where bytes alone would say two minutes.
    expect(index).toBeGreaterThan(3600);
    const both = await hazardsOf(
      `${vectors}CREATE INDEX CONCURRENTLY i ON users USING hnsw (e vector_l2_ops);\nALTER TABLE users ALTER team TYPE bigint;`,
      deployment,
    );
    const rebuilt = both.find(({ code }) => code === 'type-change')!.data.size!.seconds!.value;
    expect(rebuilt).toBeGreaterThan(index);
    expect(rewrite).toBeLessThan(index);
  });

  it('refuses a revision that is not there', async () => {
    const history = await historyOf({ '1_base.sql': base });
    expect(() => analyseHistory(history, { since: 'nothing' })).toThrow(/no revision nothing/);
  });
});

describe('a change of type', () => {
  it.each([
    ['varchar(10)', 'varchar(20)', 'none'],
    ['varchar(20)', 'varchar(10)', 'rewrite'],
    ['character varying(10)', 'text', 'none'],
    ['numeric(8, 2)', 'numeric(10, 2)', 'none'],
    ['numeric(8, 2)', 'numeric(10, 3)', 'rewrite'],
    ['int', 'integer', 'none'],
    ['int', 'bigint', 'rewrite'],
    ['timestamp without time zone', 'timestamptz', 'index-build'],
    ['cidr', 'inet', 'none'],
    ['vector(3)', 'vector', 'none'],
    ['vector', 'vector(3)', 'rewrite'],
    ['vector(3)', 'halfvec(3)', 'rewrite'],
    ['text', 'text[]', 'rewrite'],
  ])('from %s to %s: %s', (from, to, work) => {
    expect(typeChangeWork(from, to)).toBe(work);
  });
});
