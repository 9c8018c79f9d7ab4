import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeInt32 } from '../../../src/analysis/index.js';
import { encodeVector } from '../../../src/postgres/index.js';
import { hybridSql } from '../../../src/reports/tune/sql/hybrid.js';
import type { BuildRecord, FusionsRecord, PointRecord } from '../../../src/results/index.js';
import { filterIndexes } from '../../../src/tune/hybrid/explore.js';
import type { SearchSettings, TextSpec } from '../../../src/vocabulary.js';
import type { Filter } from '../../../src/filter.js';
import { exactScan, hnsw, type RunningBench, runningBench } from '../../support/running-bench.js';
import { manifest } from '../../support/run-manifest.js';
import { describeServers } from '../../support/servers.js';

/*
 * Tenant, text and vector: the strategies of hybrid queries among the rows that a filter leaves.
 */

const K = 10;
/** More than are explained of classes of one size. */
const QUERIES = 60;
const text: TextSpec = { method: 'tsvector', language: 'english' };
const filter: Filter = { column: 'tenant', op: '=', value: { draw: 'own' } };

/** The constant of an equality with a text. */
const valueOf = (condition: Filter): string =>
  'op' in condition && condition.op === '=' && typeof condition.value === 'string' ? condition.value : '';

await describeServers('hybrid points with a filter', (server) => {
  let bench: RunningBench;
  let builds: { vector: BuildRecord; text: BuildRecord; filter: readonly BuildRecord[] };
  beforeAll(async () => {
    bench = await runningBench(server(), {
      rows: 3000,
      dimensions: 64,
      queries: QUERIES,
      generate: { duplicates: 0, text: { words: 12 }, attributes: { tenant: { kind: 'tenant', values: 6 } } },
      hybrid: { text, filter, judged: (query) => new Map([[query, 1]]) },
    });
    const indexes = filterIndexes(bench.hybrids[0]!.question);
    builds = {
      vector: await build({ spec: hnsw(), repeat: 0 }),
      text: await build({ spec: exactScan, repeat: 0, text }),
      filter: [],
    };
    const ofFilter: BuildRecord[] = [];
    for (const columnIndex of indexes) ofFilter.push(await build({ spec: exactScan, repeat: 0, columnIndex }));
    builds = { ...builds, filter: ofFilter };
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
    isIndexed: boolean,
    purpose: 'search' | 'confirm' = 'search',
  ): Promise<PointRecord> {
    const [main = '', ...beside] = [
      ...(isIndexed ? [builds.vector.key] : []),
      builds.text.key,
      ...builds.filter.map(({ key }) => key),
    ];
    const workload = { kind: 'hybrid', k: K, text, strategy, filter } as const;
    const [record] = await bench.reply({
      kind: 'point',
      requests: [
        {
          build: main,
          beside,
          workload,
          settings,
          queries: bench.hybrids[0]!.question.queries.size,
          purpose,
        },
      ],
    });
    return record as PointRecord;
  }

  const depths = { vector_depth: 20, text_depth: 20 };
  const settingsOf = (strategy: string): SearchSettings =>
    ({
      'vector-only': {},
      'text-only': {},
      'vector-then-text': { vector_depth: 20 },
      'text-filter': {},
      'match-then-sort': {},
      'mixed-order': {},
    })[strategy] ?? depths;

  const strategies = [
    'vector-only',
    'text-only',
    'rrf',
    'normalised-sum',
    'weighted-sum',
    'vector-then-text',
    'text-filter',
    'match-then-sort',
    'mixed-order',
  ];

  it.each(strategies)(
    'give the exact fusion of the rows that count where no index of the vectors has a part: %s',
    async (name) => {
      const point = await measure(name, settingsOf(name), false);
      expect(point).toMatchObject({ status: 'ok', reason: null });
      expect(point.measured!.recall.mean.value).toBe(1);
    },
  );

  it.each(['vector-only', 'rrf', 'normalised-sum', 'weighted-sum', 'vector-then-text', 'text-filter'])(
    'are scanned on for until enough rows count, or begin with the filter, and say which: %s',
    async (name) => {
      const settings = { ...settingsOf(name), ef_search: 100, iterative_scan: 'relaxed_order', max_scan_tuples: 3000 };
      const point = await measure(name, settings, true);
      expect(point).toMatchObject({ status: 'ok', reason: null });
      expect(point.measured!.recall.mean.value).toBeGreaterThan(0.9);
      expect(point.measured!.ranking!.plans.length).toBeGreaterThan(0);
    },
  );

  it('count the pages of every query where tenants differ in size', async () => {
    const { size } = bench.hybrids[0]!.question.queries;
    const { measured } = await measure('vector-only', {}, false, 'confirm');
    expect(size).toBeGreaterThan(50);
    expect(measured!.ranking!.plans.reduce((sum, { queries }) => sum + queries, 0)).toBe(size);
  });

  it('return no row of another tenant, and the rows that plain SQL finds', async () => {
    const { session, workspace, hybrids, dataset } = bench;
    const { queries, texts, filter: own } = hybrids[0]!.question;
    const request = {
      build: builds.text.key,
      k: K,
      text,
      filter,
      fusions: [
        { strategy: 'vector-only', settings: {} },
        { strategy: 'match-then-sort', settings: { text_match: 'all' } },
      ],
    };
    const [record] = await bench.reply({ kind: 'fusions', requests: [request] });
    const [nearest, matching] = (record as FusionsRecord).fusions.map(({ rankings }) => decodeInt32(rankings));
    const items = workspace.quote('items');
    for (const query of [0, 3, 11]) {
      const condition = own!.matching.filters[own!.matching.ofQuery[query]!]!;
      const value = valueOf(condition);
      const parameters = [encodeVector(queries.vector(query)), value];
      const rowsOf = async (where: string, more: readonly string[]): Promise<readonly number[]> =>
        (
          await session.query<{ id: number }>(
            `SELECT id::int AS id FROM ${items} WHERE tenant = $2${where} ORDER BY (embedding <=> $1::vector) + 0, id LIMIT ${K}`,
            [...parameters, ...more],
          )
        ).map(({ id }) => id);
      const ranked = (rankings: Int32Array): readonly number[] =>
        [...rankings.subarray(query * K, (query + 1) * K)].filter((row) => row >= 0);
      expect(ranked(nearest!)).toEqual(await rowsOf('', []));
      expect(ranked(matching!)).toEqual(
        await rowsOf(" AND content_search @@ plainto_tsquery('english', $3)", [texts[query]!]),
      );
    }
    expect(dataset.manifest.rows).toBe(3000);
  });

  it.each(['rrf', 'vector-only', 'text-only', 'mixed-order'])(
    'are served by the very statements that are printed: %s',
    async (strategy) => {
      const { session, workspace, hybrids } = bench;
      const { text: textSpec, filter: own, texts, queries } = hybrids[0]!.question;
      const example = own!.matching.filters[own!.matching.ofQuery[0]!]!;
      const { dataset: facts, ...rest } = manifest('local');
      const run = { ...rest, metric: 'cosine' as const, dataset: { ...facts, rows: 500, dimensions: 64 } };
      const asked = { k: K, filter: { filter, example, columns: [...own!.columns], meanRows: 80 } };
      const spec = ['text-only', 'mixed-order'].includes(strategy) ? exactScan : hnsw();
      const settings = {
        ...settingsOf(strategy),
        ...(spec === exactScan ? {} : { ef_search: 40, iterative_scan: 'relaxed_order' }),
      };
      const printed = hybridSql(run, { strategy, text: textSpec, spec, settings }, asked);
      await session.query('DROP SCHEMA IF EXISTS recommended CASCADE');
      await session.query('CREATE SCHEMA recommended');
      await session.query('SET search_path = recommended, public');
      try {
        await session.query(
          `CREATE TABLE your_table AS SELECT id, embedding, content, tenant FROM ${workspace.quote('items')} WHERE id < 500`,
        );
        for (const statement of printed.build) await session.query(statement);
        expect(printed.build.join('\n')).toMatch(/USING btree \("tenant"\)/);
        const value = valueOf(example);
        for (const statement of printed.query) {
          if (!statement.includes('$1')) await session.query(statement);
          else {
            const ofText = strategy === 'text-only' ? [] : [encodeVector(queries.vector(0))];
            const ofVector = strategy === 'vector-only' ? [] : [texts[0]!];
            const named = { name: `printed_${strategy}`, text: statement.replace(/;$/, '') };
            const rows = await session.execute(named, [...ofText, ...ofVector, value]);
            const ids = rows.map(([id]) => Number(id));
            const [other] = await session.query<{ rows: number }>(
              'SELECT count(*)::int AS rows FROM your_table WHERE id = ANY ($1::bigint[]) AND tenant <> $2',
              [ids.map(String), value],
            );
            expect(other!.rows).toBe(0);
          }
        }
        for (const statement of [...printed.check, ...printed.undo]) await session.query(statement);
      } finally {
        await session.query('ROLLBACK');
        await session.query('RESET search_path');
        await session.query('DROP SCHEMA recommended CASCADE');
        await session.query('RESET maintenance_work_mem');
      }
    },
  );
});
