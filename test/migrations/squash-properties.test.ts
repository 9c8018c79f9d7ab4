import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
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

describe.runIf(await hasLocal())('random histories on a server', () => {
  const server = sharedServer('local');

  it('build the same catalog as their squashed form', { timeout: 300_000 }, async () => {
    const session = await server().connect('proof');
    const roles = await roleNames(session);
    const built = async (scripts: Parameters<typeof runScripts>[1]) => {
      await emptyDatabase(session, roles);
      const outcomes = await runScripts(session, scripts);
      expect(outcomes.filter(({ failure }) => failure !== null)).toEqual([]);
      return readCatalog(session);
    };
    await fc.assert(
      fc.asyncProperty(randomHistory(40), async ({ revisions }) => {
        const plan = planSquash(revisions, () => true);
        const first = await built(upgradeScripts(revisions));
        const second = await built(squashedScripts(plan, revisions));
        expect(compareCatalogs(first, second)).toEqual([]);
      }),
      { numRuns: 40, seed: 19 },
    );
    await session.close();
  });
});
