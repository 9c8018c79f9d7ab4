import { expect, it } from 'vitest';
import { untunedVectorIndex } from '../../../../src/audit/checks/vectors/untuned-vector-index.js';
import type { DatabaseSnapshot, MeasuredIndex, TunedChoice, TunedIndex } from '../../../../src/audit/index.js';
import { ident } from '../../../../src/postgres/index.js';
import { describeWithServers, superuser } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend, run, undo } from '../../../support/database-checks.js';

const TABLE = [
  'CREATE EXTENSION vector',
  'CREATE TABLE "Docs" (id int, "Vec" vector(3), open boolean)',
  'CREATE INDEX today ON "Docs" USING hnsw ("Vec" vector_l2_ops) WITH (m = 4, ef_construction = 8)',
];

const choice = (m: number, efSearch: number, recall: number, pages: number): TunedChoice => ({
  method: 'hnsw',
  representation: 'vector',
  parameters: { m, ef_construction: m === 4 ? 8 : 64 },
  settings: { ef_search: efSearch },
  recall: { value: recall, low: recall - 0.01, high: recall + 0.01 },
  pages: { value: pages, low: pages - 1, high: pages + 1 },
  p95Ms: 1,
  bytes: 1e6,
});

/** As it is after the index `today` was tuned. */
async function tuned(database: string, found: Partial<TunedIndex>, liveRecall = 0.8): Promise<DatabaseSnapshot> {
  const snapshot = await databaseSnapshot(database);
  const indexOid = snapshot.indexes.find(({ name }) => name === 'today')?.oid ?? 0;
  const recall = { value: liveRecall, low: liveRecall - 0.01, high: liveRecall + 0.01 };
  const measured = { k: 10, queries: 50, medianMs: 1, settings: ['hnsw.ef_search=40'], outcome: 'measured' as const };
  const sample = { rows: 20_000, tableRows: 1_000_000, server: 'local' };
  const of = { run: 'run-1', k: 10, targetRecall: 0.95, existing: null, recommended: null, sample };
  return {
    ...snapshot,
    measured: [{ indexOid, recall, ...measured }],
    tuned: [{ indexOid, outcome: 'tuned', ...of, ...found }],
  };
}

const indexesOf = async (database: string): Promise<readonly string[]> =>
  (await databaseSnapshot(database)).indexes.map(({ definition }) => definition);

describeWithServers('untuned-vector-index', () => {
  it('replaces an index that misses the recall by the one that reaches it, and back', async () => {
    const database = await databaseWith(...TABLE);
    const before = await indexesOf(database);
    const result = { existing: choice(4, 40, 0.8, 300), recommended: choice(24, 60, 0.97, 320) };
    const found = foundBy(untunedVectorIndex, await tuned(database, result));
    expect(found).toEqual([
      expect.objectContaining({
        object: 'public.Docs.today',
        severity: 'medium',
        confidence: 'low',
        basis: 'measurement',
        data: expect.objectContaining({ why: 'recall', isSameIndex: false, run: 'run-1' }),
        remedy: expect.objectContaining({ step: 'alter' }),
      }),
    ]);
    await mend(database, found);
    expect(await indexesOf(database)).toEqual([
      `CREATE INDEX "Docs_Vec_hnsw_idx" ON public."Docs" USING hnsw ("Vec" public.vector_l2_ops) WITH (m='24', ef_construction='64')`,
    ]);
    expect((await databaseSnapshot(database)).vectorSettings).toEqual(['hnsw.ef_search=60']);
    expect(foundBy(untunedVectorIndex, await tuned(database, result))).toEqual([]);
    await undo(database, found);
    expect(await indexesOf(database)).toEqual(before);
    expect((await databaseSnapshot(database)).vectorSettings).toEqual([]);
  });

  it('keeps the keys, the operator class and the condition of an index', async () => {
    const database = await databaseWith(
      ...TABLE.slice(0, 2),
      `CREATE INDEX today ON "Docs" USING ivfflat (("Vec"::halfvec(3)) halfvec_cosine_ops) WHERE "Vec" IS NOT NULL`,
    );
    const found = foundBy(untunedVectorIndex, await tuned(database, { recommended: choice(16, 60, 0.97, 320) }));
    expect(found).toEqual([
      expect.objectContaining({ data: expect.objectContaining({ existing: null, why: 'recall' }) }),
    ]);
    await mend(database, found);
    expect(await indexesOf(database)).toEqual([
      `CREATE INDEX "Docs_hnsw_idx" ON public."Docs" USING hnsw ((("Vec")::public.halfvec(3)) public.halfvec_cosine_ops) WITH (m='16', ef_construction='64') WHERE ("Vec" IS NOT NULL)`,
    ]);
  });

  it('sets as the owner of the database may, who is no superuser', async () => {
    const database = await databaseWith(...TABLE);
    const found = foundBy(untunedVectorIndex, await tuned(database, { recommended: choice(4, 60, 0.97, 320) }));
    const session = await superuser(database);
    await session.query(
      `CREATE ROLE ${ident(`${database}_owner`)}; ALTER DATABASE ${ident(database)} OWNER TO ${ident(`${database}_owner`)}`,
    );
    await session.close();
    const own = `SET ROLE ${ident(`${database}_owner`)}`;
    const { statements, rollback } = found[0]!.remedy!;
    await run(database, own, ...statements, ...rollback, 'RESET ROLE');
  });

  it('changes a setting alone where the index is the same, and gives back what was set', async () => {
    const database = await databaseWith(...TABLE);
    const result = {
      existing: choice(4, 40, 0.97, 300),
      recommended: choice(4, 20, 0.96, 150),
      sample: { rows: 900, tableRows: 1000, server: 'local' },
    };
    const load = "SELECT '[1]'::vector;";
    const snapshot = await tuned(database, result, 0.97);
    const found = foundBy(untunedVectorIndex, { ...snapshot, vectorSettings: ['hnsw.ef_search=40'] });
    expect(found).toEqual([
      expect.objectContaining({
        severity: 'info',
        confidence: 'medium',
        data: expect.objectContaining({ why: 'pages', isSameIndex: true, isWholeTable: true }),
        remedy: {
          step: 'setting',
          statements: [load, `ALTER DATABASE "${snapshot.server.database}" SET hnsw.ef_search = '20';`],
          lock: { mode: 'none', held: 'for a moment' },
          rollback: [load, `ALTER DATABASE "${snapshot.server.database}" SET hnsw.ef_search = '40';`],
        },
      }),
    ]);
    await mend(database, found);
  });

  it('is silent where no other index is shown to be better', async () => {
    const database = await databaseWith(...TABLE);
    const silent: readonly (readonly [what: string, result: Partial<TunedIndex>, liveRecall?: number])[] = [
      ['as little', { existing: choice(4, 40, 0.97, 300), recommended: choice(16, 30, 0.97, 260) }],
      ['in doubt', { existing: choice(4, 40, 0.945, 300), recommended: choice(16, 30, 0.97, 30) }],
      ['nothing recommended', { outcome: 'exact-scan' }],
      ['enough on the table', { recommended: choice(16, 30, 0.97, 30) }, 0.98],
    ];
    const base = await tuned(database, {});
    for (const [what, result, liveRecall = 0.8] of silent) {
      const recall = { value: liveRecall, low: liveRecall - 0.01, high: liveRecall + 0.01 };
      const found = foundBy(untunedVectorIndex, {
        ...base,
        measured: (base.measured as readonly MeasuredIndex[]).map((one) => ({ ...one, recall })),
        tuned: (base.tuned as readonly TunedIndex[]).map((one) => ({ ...one, ...result })),
      });
      expect(found, what).toEqual([]);
    }
  });
});
