import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyDatabase, roleNames } from '../../src/experiment/migrations/empty-database.js';
import { readCatalog } from '../../src/experiment/migrations/catalog.js';
import { runScripts } from '../../src/experiment/migrations/run-scripts.js';
import {
  analyseHistory,
  compareCatalogs,
  planSquash,
  type Revision,
  squashedScripts,
  upgradeScripts,
} from '../../src/migrations/index.js';
import { chain } from '../../src/migrations/layouts/layout.js';
import { replayHistory } from '../../src/migrations/replay/replay.js';
import type { Schema } from '../../src/migrations/replay/schema.js';
import type { Session } from '../../src/postgres/index.js';
import { loadGrammar } from '../../src/statements/index.js';
import { randomHistory } from '../support/random-histories.js';
import { hasLocal, sharedServer } from '../support/servers.js';

beforeAll(loadGrammar);

/** The schema as the generator describes it. */
const described = ({ tables, enums }: Schema) => ({
  tables: Object.fromEntries(
    [...tables].map(([name, { columns }]) => [
      name,
      [...columns.values()].map(({ name: column, type, notNull }) => [column, type, notNull]),
    ]),
  ),
  indexes: [...tables.values()].flatMap(({ indexes }) => [...indexes.keys()]).toSorted(),
  enums: Object.fromEntries(enums),
});

/** Everything that is known of a schema, whatever the order of tables. */
const whole = ({ tables, enums }: Schema): unknown => ({
  tables: [...tables.values()]
    .map(({ name, columns, constraints, indexes }) => ({
      name,
      columns: [...columns.values()],
      constraints: [...constraints.values()]
        .map(({ name: constraint, kind, columns: keys, references }) => ({ constraint, kind, keys, references }))
        .toSorted((a, b) => (a.constraint < b.constraint ? -1 : 1)),
      indexes: [...indexes.values()]
        .map(({ nameIsChosen: _chosen, ...index }) => index)
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  enums: Object.fromEntries([...enums].toSorted(([a], [b]) => (a < b ? -1 : 1))),
});

/** The squashed form, as a history of one revision a group. */
const squashedHistory = (revisions: readonly Revision[]): readonly Revision[] =>
  chain(
    planSquash(revisions, () => true).groups.map(({ baseline }, index) => ({
      version: String(index + 1),
      title: null,
      up: { file: 'baseline.sql', text: (baseline ?? []).map(({ sql }) => `${sql};`).join('\n'), inTransaction: false },
      down: null,
    })),
  );

describe('random histories', () => {
  // 2,000 histories of up to 24 statements; each is parsed, replayed, squashed and replayed again.
  it('are analysed without a miss, and squashed to the same schema', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(randomHistory(24), ({ revisions, expected: { dropped, ...schema } }) => {
        const replay = replayHistory(revisions);
        expect(described(replay.schema)).toEqual(schema);
        expect(replay.misfits).toEqual([]);
        const { findings } = analyseHistory({
          format: 'sql',
          revisions,
          problems: [],
          otherTools: [],
          lockTimeout: null,
        });
        const names = (code: string): readonly string[] =>
          findings.flatMap((finding) =>
            finding.code === code
              ? (finding.data as unknown as { gone: { name: string }[] }).gone.map(({ name }) => name)
              : [],
          );
        expect(names('dropped-tables').toSorted()).toEqual(dropped.tables.toSorted());
        expect(names('dropped-columns')).toHaveLength(dropped.columns.length);
        expect(names('dropped-indexes')).toHaveLength(dropped.indexes.length);
        const squashed = squashedHistory(revisions);
        expect(whole(replayHistory(squashed).schema)).toEqual(whole(replay.schema));
      }),
      { numRuns: 2000, seed: 19 },
    );
  });

  it('lose nothing by being squashed twice', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(randomHistory(20), ({ revisions }) => {
        const once = planSquash(revisions, () => true);
        const twice = planSquash(squashedHistory(revisions), () => true);
        expect(twice.statementsAfter).toBe(once.statementsAfter);
      }),
      { numRuns: 100, seed: 19 },
    );
  });
});

/** What names can hold, each of which has meant something to somebody's parser. */
const HOSTILE = ['A b', 'select', 'Ü', 'x"y', "it's", '$1', 'semi;', '--', 'a.b', '%s'];

/** The same history under names that need quotes: those that the server makes of them (`t1_c2_key`), too. */
const withHostileNames = (sql: string): string =>
  sql.replaceAll(/\b[cekit]\d+(?:_[a-z]+\d*)*\b/g, (name) => {
    const parts = name.split('_').map((part) => {
      const number = /^[cekit](\d+)$/.exec(part)?.[1];
      return number === undefined ? part : `${HOSTILE[Number(number) % HOSTILE.length]}${part}`;
    });
    return `"${parts.join('_').replaceAll('"', '""')}"`;
  });

const historyOfSql = (texts: readonly string[]): readonly Revision[] =>
  chain(
    texts.map((text, index) => ({
      version: String(index + 1),
      title: null,
      up: { file: `${index + 1}.sql`, text, inTransaction: false },
      down: null,
    })),
  );

describe.runIf(await hasLocal())('random histories on a server', () => {
  const server = sharedServer('local');
  let session: Session;
  let roles: ReadonlySet<string>;
  beforeAll(async () => {
    session = await server().connect('proof');
    roles = await roleNames(session);
  });
  afterAll(() => session.close());

  const built = async (scripts: Parameters<typeof runScripts>[1]) => {
    await emptyDatabase(session, roles);
    const outcomes = await runScripts(session, scripts);
    expect(outcomes.filter(({ failure }) => failure !== null)).toEqual([]);
    return readCatalog(session);
  };
  const expectEqual = async (revisions: readonly Revision[]) => {
    const plan = planSquash(revisions, () => true);
    const first = await built(upgradeScripts(revisions));
    const second = await built(squashedScripts(plan, revisions));
    expect(compareCatalogs(first, second)).toEqual([]);
    return plan;
  };

  it('build the same catalog as their squashed form', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(randomHistory(40), ({ revisions }) => expectEqual(revisions).then(() => undefined)),
      { numRuns: 40, seed: 19 },
    );
  });

  it('do so under names that need quotes', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        randomHistory(40).map(({ sql }) => sql.map(withHostileNames)),
        (sql) => expectEqual(historyOfSql(sql)).then(() => undefined),
      ),
      { numRuns: 20, seed: 19 },
    );
  });

  it('keep quotes and parts of what random ones do not have', { timeout: 300_000 }, async () => {
    const plan = await expectEqual(
      historyOfSql([
        `CREATE SCHEMA "My Schema"; CREATE EXTENSION "vector" SCHEMA "My Schema";
CREATE TABLE "My Schema"."Order" ("User" int, "select" text DEFAULT 'X', CONSTRAINT "Key" UNIQUE ("User") INCLUDE ("select") WITH (fillfactor=70));
CREATE TABLE "My Schema"."Like" (LIKE "My Schema"."Order" INCLUDING ALL);
CREATE TABLE "Part" ("Day" date) PARTITION BY RANGE ("Day"); CREATE TABLE "Part 1" PARTITION OF "Part" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');`,
        `CREATE POLICY "All" ON "My Schema"."Order" USING ("User" = 1); CREATE POLICY "Stays" ON "My Schema"."Order";
ALTER TABLE "My Schema"."Order" ENABLE ROW LEVEL SECURITY, ADD "Vector" "My Schema".vector(3);
CREATE FUNCTION "My Schema"."Do"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER "Before" BEFORE UPDATE OF "select" ON "My Schema"."Order" FOR EACH ROW EXECUTE FUNCTION "My Schema"."Do"();
CREATE TRIGGER "Gone" BEFORE INSERT ON "My Schema"."Order" FOR EACH ROW EXECUTE FUNCTION "My Schema"."Do"();
CREATE INDEX "Near" ON "My Schema"."Order" USING hnsw ("Vector" "My Schema".vector_l2_ops);`,
        `DROP POLICY "All" ON "My Schema"."Order"; ALTER TRIGGER "Before" ON "My Schema"."Order" RENAME TO "After";
DROP TRIGGER "Gone" ON "My Schema"."Order"; ALTER INDEX "My Schema"."Near" RENAME TO "Nearest";
ALTER TABLE "My Schema"."Order" RENAME "select" TO "Select It"; ALTER TABLE "Part" ADD "New" int;
CREATE VIEW "View" AS WITH "Cte" AS (SELECT "User" FROM "My Schema"."Order") SELECT * FROM "Cte";
ALTER TABLE "My Schema"."Order" ADD COLUMN "Last" "char" DEFAULT 'c';`,
      ]),
    );
    expect(plan.groups).toHaveLength(1);
  });
});
