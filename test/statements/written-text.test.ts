import { beforeAll, describe, expect, it } from 'vitest';
import { grammar, loadGrammar, writtenText } from '../../src/statements/index.js';

beforeAll(loadGrammar);

const nodeOf = (sql: string) => grammar().parse(sql).stmts![0]!.stmt!;
const [T, C, S] = ['"User ""x"" select"', '"Order"', '"My Schema"'];

describe('a statement that is written anew', () => {
  it.each([
    `CREATE TABLE ${S}.${T} (${C} int, CONSTRAINT ${T} UNIQUE (${C}) INCLUDE ("Ü") WITH (fillfactor=70) USING INDEX TABLESPACE ${S} DEFERRABLE)`,
    `CREATE TABLE ${T} (${C} int4range, EXCLUDE USING gist (${C} WITH &&) INCLUDE ("Ü") WHERE (${C} IS NOT NULL))`,
    `CREATE TABLE ${T} (LIKE ${S}.${C} INCLUDING ALL)`,
    `CREATE TABLE ${T} (LIKE ${C}, a int)`,
    `CREATE TABLE ${T} (LIKE ${C} INCLUDING DEFAULTS INCLUDING INDEXES INCLUDING COMPRESSION)`,
    `CREATE TABLE ${T} (a int) WITH (fillfactor=70) TABLESPACE ${S}`,
    `CREATE TABLE ${T} PARTITION OF ${S}.${C} FOR VALUES IN ('A') TABLESPACE ${S}`,
    `ALTER TABLE ${T} ADD CONSTRAINT ${C} PRIMARY KEY USING INDEX ${S}`,
    `ALTER TABLE ${S}.${T} ADD CONSTRAINT ${C} PRIMARY KEY (${C}) INCLUDE ("b c")`,
    `CREATE UNIQUE INDEX ${T} ON ${S}.${C} (${C} COLLATE ${S}."C" DESC) INCLUDE ("b c") TABLESPACE ${S} WHERE ${C} > 1`,
    `WITH ${T} AS MATERIALIZED (SELECT 1 AS ${C}) SELECT * FROM ${T} JOIN ${C} USING (${C}) AS ${S}`,
    `SELECT count(*) OVER ${T}, sum(1) OVER (${T} ORDER BY ${C}) FROM ${C} WINDOW ${T} AS (PARTITION BY ${C})`,
  ])('keeps its parts and quotes: %s', (sql) => {
    expect(writtenText(nodeOf(sql))).not.toBeNull();
  });

  it.each([`DROP POLICY ${T} ON ${C}`, `ALTER STATISTICS ${T} RENAME TO ${C}`, `CALL ${T}(1)`])(
    'is not, where it would lose something: %s',
    (sql) => {
      expect(writtenText(nodeOf(sql))).toBeNull();
    },
  );
});
