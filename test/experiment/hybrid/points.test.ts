import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeInt32 } from '../../../src/analysis/index.js';
import {
  type BuildRecord,
  findings,
  type FusionsRecord,
  planInstead,
  type PointRecord,
} from '../../../src/results/index.js';
import { encodeVector, explainQuery, vectorText } from '../../../src/postgres/index.js';
import { hybridSql } from '../../../src/reports/tune/sql/hybrid.js';
import type { IndexSpec, SearchSettings, TextSpec } from '../../../src/vocabulary.js';
import { hybridStrategies } from '../../../src/workloads/index.js';
import { exactScan, hnsw, type RunningBench, runningBench } from '../../support/running-bench.js';
import { manifest } from '../../support/run-manifest.js';
import { describeServers } from '../../support/servers.js';

/*
 * Hybrid strategies through the whole bench: legs proved, indexes in sight, plans proved, measured.
 */

const K = 10;
const QUERIES = 60;
const text: TextSpec = { method: 'tsvector', language: 'english' };

await describeServers('hybrid points', (server) => {
  let bench: RunningBench;
  let builds: Record<'vector' | 'text', BuildRecord>;
  beforeAll(async () => {
    bench = await runningBench(server(), {
      rows: 3000,
      dimensions: 64,
      queries: QUERIES,
      generate: { duplicates: 0, text: { words: 12 } },
      hybrid: { text, judged: (query) => new Map([[query, 1]]) },
    });
    builds = {
      vector: await build({ spec: hnsw(), repeat: 0 }),
      text: await build({ spec: exactScan, repeat: 0, text }),
    };
  });
  afterAll(() => bench.stop());

  async function build(request: BuildRecord['request']): Promise<BuildRecord> {
    const [record] = await bench.reply({ kind: 'build', requests: [request] });
    expect(record).toMatchObject({ status: 'ok', reason: null });
    return record as BuildRecord;
  }

  async function measure(
    strategy: string,
    settings: SearchSettings,
    { spec = hnsw(), k = K }: { spec?: IndexSpec; k?: number } = {},
  ): Promise<PointRecord> {
    const isIndexed = spec.method !== 'none';
    const [record] = await bench.reply({
      kind: 'point',
      requests: [
        {
          build: isIndexed ? builds.vector.key : builds.text.key,
          ...(isIndexed ? { beside: [builds.text.key] } : {}),
          workload: { kind: 'hybrid', k, text, strategy },
          settings,
          queries: QUERIES,
          purpose: 'search',
        },
      ],
    });
    return record as PointRecord;
  }

  async function fusions(of: readonly { strategy: string; settings: SearchSettings }[]): Promise<FusionsRecord> {
    const request = { build: builds.text.key, k: K, text, fusions: [...of] };
    const [record] = await bench.reply({ kind: 'fusions', requests: [request] });
    return record as FusionsRecord;
  }

  /** Legs of 20 rows, from an index that is scanned little enough for the planner to take it in so small a table. */
  const settingsOf = (strategy: string): SearchSettings => ({
    ef_search: 40,
    ...(strategy === 'vector-only' ? {} : { vector_depth: 20 }),
    ...(['vector-only', 'vector-then-text'].includes(strategy) ? {} : { text_depth: 20 }),
  });

  const indexed = ['vector-only', 'rrf', 'normalised-sum', 'weighted-sum', 'vector-then-text'];
  it.each(indexed)('are proved to be served by %s, and lose little to the index', async (strategy) => {
    const point = await measure(strategy, settingsOf(strategy));
    expect(point).toMatchObject({ status: 'ok', reason: null });
    const { recall, ranking, plan, completeness } = point.measured!;
    expect(recall.mean.value).toBeGreaterThan(0.95);
    expect(ranking!.rbo.value).toBeGreaterThan(0.9);
    expect(ranking!.judged).toMatchObject({ queries: QUERIES });
    expect(ranking!.plans.reduce((sum, { queries }) => sum + queries, 0)).toBe(20);
    expect(plan.scans).toContain('hnsw_');
    expect(completeness.mean).toBe(1);
  });

  it.each(['text-only', 'match-then-sort', 'mixed-order'])(
    'are exact where no index of the vectors has a part in them: %s',
    async (strategy) => {
      const point = await measure(strategy, {}, { spec: exactScan });
      // Whether a scan of so small a table is cheaper than its text index is for the planner to say.
      if (point.status === 'void') expect(planInstead(point.reason)).toMatchObject([{ type: 'Seq Scan' }]);
      else expect(point.measured!.recall.mean.value).toBe(1);
    },
  );

  it.each(['match-then-sort', 'vector-only'])(
    'are kept from the index of other queries in the protected form: exact %s',
    async (strategy) => {
      const ask = async (isProtected: boolean): Promise<PointRecord> => {
        const [record] = await bench.reply({
          kind: 'point',
          requests: [
            {
              build: builds.text.key,
              among: [builds.vector.key],
              workload: { kind: 'hybrid', k: K, text, strategy, ...(isProtected ? { protected: true } : {}) },
              settings: strategy === 'vector-only' ? {} : { text_match: 'any' },
              queries: QUERIES,
              purpose: 'search',
            },
          ],
        });
        return record as PointRecord;
      };
      // So few matches are not worth the index, whose order is but the first part of this one.
      const isTaken = strategy === 'vector-only';
      expect((await ask(false)).status).toBe(isTaken ? 'void' : 'ok');
      const kept = await ask(true);
      expect(kept).toMatchObject({ status: 'ok', measured: { recall: { mean: { value: 1 } } } });
      expect(JSON.stringify(kept.measured!.ranking!.plans)).not.toContain('hnsw');
    },
  );

  it('keep their own index by a setting, which is read back', async () => {
    const [record] = await bench.reply({
      kind: 'point',
      requests: [
        {
          build: builds.vector.key,
          beside: [builds.text.key],
          workload: { kind: 'hybrid', k: K, text, strategy: 'rrf', protected: true },
          settings: settingsOf('rrf'),
          queries: QUERIES,
          purpose: 'search',
        },
      ],
    });
    expect(record).toMatchObject({ status: 'ok', measured: { settingsReadBack: { enable_sort: 'off' } } });
  });

  it('show what too few candidates of the index cost', async () => {
    const few = await measure('rrf', { vector_depth: 40, ef_search: 10 });
    const many = await measure('rrf', { vector_depth: 40, ef_search: 60 });
    expect(few.measured!.recall.mean.value).toBeLessThan(many.measured!.recall.mean.value - 0.05);
  });

  it('rank every fusion of exact legs as its own SQL does without an index', async () => {
    const record = await fusions([
      { strategy: 'rrf', settings: { vector_weight: 0.7 } },
      { strategy: 'vector-only', settings: {} },
    ]);
    expect(record).toMatchObject({ queries: QUERIES, fusions: [{ judged: { queries: QUERIES } }, {}] });
    const [fused, vectors] = record.fusions.map(({ rankings }) => decodeInt32(rankings));
    expect(fused).toHaveLength(QUERIES * K);
    const asked = await measure('rrf', { vector_weight: 0.7, ef_search: 60 });
    expect(asked.measured!.recall.mean.value).toBeGreaterThan(0.9);
    expect([...vectors!].every((row) => row >= 0)).toBe(true);
    // The same question again is answered from the journal.
    expect(await fusions(record.request.fusions)).toEqual(record);
  });

  it('tell how much of the table the text finds, as plain SQL counts it', async () => {
    const { session, workspace, hybrids, dataset } = bench;
    const texts = hybrids[0]!.question.texts;
    const [record] = await bench.reply({
      kind: 'fusions',
      requests: [
        {
          build: builds.text.key,
          k: K,
          text,
          describesText: true,
          fusions: [{ strategy: 'text-only', settings: { text_match: 'all' } }],
        },
      ],
    });
    const { textLeg } = record as FusionsRecord;
    const items = workspace.quote('items');
    const [counted] = await session.query<{ without: number; mean: number; max: number }>(
      `SELECT count(*) FILTER (WHERE n = 0)::int AS without, avg(n)::float8 AS mean, max(n)::int AS max
       FROM (SELECT (SELECT count(*) FROM ${items} WHERE content_search @@ plainto_tsquery('english', query)) AS n
             FROM unnest($1::text[]) AS query) AS counts`,
      [[...texts]],
    );
    expect(textLeg).toMatchObject({ withoutMatch: counted!.without, matches: { max: counted!.max } });
    expect(textLeg!.matches.mean).toBeCloseTo(counted!.mean, 9);
    const frequent = await session.query<{ word: string; rows: number }>(
      `SELECT lexeme AS word, count(*)::int AS rows FROM ${items}, unnest(to_tsvector('english', content))
       WHERE lexeme IN (SELECT unnest(tsvector_to_array(to_tsvector('english', query))) FROM unnest($1::text[]) AS query)
       GROUP BY lexeme HAVING count(*) >= ${dataset.manifest.rows / 2} ORDER BY rows DESC, lexeme LIMIT 10`,
      [[...texts]],
    );
    expect(textLeg!.frequentWords).toEqual(frequent);
  });

  it('rank texts by BM25 as plain SQL does, where no extension has it', async () => {
    const { session, workspace, hybrids, dataset } = bench;
    const request = {
      build: builds.text.key,
      k: K,
      text,
      textScore: 'bm25' as const,
      fusions: [{ strategy: 'text-only', settings: {} }],
    };
    const [record] = await bench.reply({ kind: 'fusions', requests: [request] });
    const [ranking] = (record as FusionsRecord).fusions.map(({ rankings }) => decodeInt32(rankings));
    for (const query of [0, 7, 42]) {
      const rows = await session.query<{ id: number }>(
        `WITH words AS (SELECT id, lexeme, cardinality(positions) AS f FROM ${workspace.quote('items')}, unnest(to_tsvector('english', content))),
           lengths AS (SELECT id, sum(f) AS length FROM words GROUP BY id),
           asked AS (SELECT lexeme, ln(1 + (${dataset.manifest.rows} - count(*) + 0.5) / (count(*) + 0.5)) AS idf
             FROM words WHERE lexeme = ANY (tsvector_to_array(to_tsvector('english', $1))) GROUP BY lexeme)
         SELECT id::int AS id FROM words JOIN asked USING (lexeme) JOIN lengths USING (id)
         GROUP BY id
         ORDER BY sum(idf * f * 2.2 / (f + 1.2 * (0.25 + 0.75 * length / (SELECT sum(length)::numeric / ${dataset.manifest.rows} FROM lengths))))::numeric(20, 9) DESC, id LIMIT ${K}`,
        [hybrids[0]!.question.texts[query]!],
      );
      const mine = [...ranking!.subarray(query * K, (query + 1) * K)].filter((row) => row >= 0);
      expect(mine).toEqual(rows.map(({ id }) => id));
    }
  });

  it('rest on an index that stands: one that is no longer valid is built again, and the point says so', async () => {
    const { name } = builds.vector.index!;
    await bench.session.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = '${name}'::regclass`);
    const point = await measure('rrf', { vector_depth: 30, ef_search: 100 }).catch((error: unknown) => error);
    await bench.session.query(`UPDATE pg_index SET indisvalid = true WHERE indexrelid = '${name}'::regclass`);
    expect((point as PointRecord).findings.map(({ code }) => code)).toContain('built-again');
  });

  it('do not call an index lost that another workload gave back', async () => {
    await bench.reply({ kind: 'release', build: builds.vector.key });
    const point = await measure('rrf', { vector_depth: 15, ef_search: 40 });
    expect(point).toMatchObject({ status: 'ok', reason: null });
    // The one before was lost, and its point said so; this one is no other attempt.
    expect(point.findings).toContainEqual(findings.builtAgain.of({ attempts: 2 }));
  });

  it.each([
    ['rrf', 'hnsw', false],
    ['text-filter', 'hnsw', false],
    ['match-then-sort', 'hnsw', false],
    ['vector-only', 'hnsw', false],
    // Beside an index that would take over what is exact.
    ['rrf', 'hnsw', true],
    ['match-then-sort', 'none', true],
    ['vector-only', 'none', true],
    ['rrf', 'none', true],
  ] as const)(
    'are served by the very statements that are recommended: %s on %s, protected: %s',
    async (strategy, method, isProtected) => {
      const vectorSpec = method === 'hnsw' ? hnsw() : exactScan;
      const isIndexed = method === 'hnsw';
      const { session, workspace, dataset, hybrids } = bench;
      const { text: spec, k, texts } = hybrids[0]!.question;
      const settings = strategy === 'match-then-sort' || !isIndexed ? {} : { ef_search: 40 };
      const { dataset: facts, ...rest } = manifest('local');
      const run = { ...rest, metric: 'cosine' as const, dataset: { ...facts, rows: 500, dimensions: 64 } };
      const printed = hybridSql(
        run,
        { strategy, text: spec, spec: vectorSpec, settings },
        { k, filter: null },
        { isProtected },
      );
      await session.query('DROP SCHEMA IF EXISTS recommended CASCADE');
      await session.query('CREATE SCHEMA recommended');
      await session.query('SET search_path = recommended, public');
      const indexes = async (): Promise<number> =>
        (await session.query("SELECT FROM pg_indexes WHERE schemaname = 'recommended'")).length;
      try {
        await session.query(
          `CREATE TABLE your_table AS SELECT id, embedding, content FROM ${workspace.quote('items')} WHERE id < 500`,
        );
        for (const statement of printed.build) await session.query(statement);
        expect((await indexes()) > 0).toBe(isIndexed || strategy !== 'vector-only');
        const other = 'CREATE INDEX other ON your_table USING hnsw (embedding vector_cosine_ops)';
        if (isProtected && !isIndexed) await session.query(other);
        const vector = dataset.queries.values.subarray(0, 64);
        const values = [encodeVector(vector), texts[0]!];
        const literals = [vectorText(vector), texts[0]!];
        for (const statement of printed.query) {
          if (!statement.includes('$1')) await session.query(statement);
          else {
            const named = {
              name: `recommended_${strategy}_${method}_${isProtected}`,
              text: statement.replace(/;$/, ''),
            };
            const rows = await session.execute(named, statement.includes('$2') ? values : values.slice(0, 1));
            expect(rows.length).toBeGreaterThan(0);
            const plan = JSON.stringify(
              await explainQuery(session, named.text, statement.includes('$2') ? literals : literals.slice(0, 1)),
            );
            expect(plan).not.toContain('"other"');
            if (isProtected && isIndexed) expect(plan).toContain('your_table_embedding');
          }
        }
        // It asks with the vector of a row and a text of its own.
        for (const statement of printed.check) {
          const rows = await session.query(statement);
          if (/^(EXPLAIN|SELECT indexrelid)/.test(statement)) expect(rows.length).toBeGreaterThan(0);
        }
        await session.query('DROP INDEX IF EXISTS other');
        for (const statement of printed.undo) await session.query(statement);
        expect(await indexes()).toBe(0);
      } finally {
        await session.query('ROLLBACK');
        await session.query('RESET search_path');
        await session.query('DROP SCHEMA recommended CASCADE');
        await session.query('RESET maintenance_work_mem');
      }
    },
  );

  it('know every strategy', () => {
    expect(hybridStrategies.map(({ name }) => name).sort()).toEqual(
      [...indexed, 'text-only', 'match-then-sort', 'mixed-order', 'text-filter'].sort(),
    );
  });
});
