import { describe, expect, it } from 'vitest';
import { viewRun } from '../../../../src/reports/index.js';
import { configurationSql } from '../../../../src/reports/tune/sql/configuration.js';
import type {
  BuildRecord,
  HybridAnswer,
  PointRequest,
  ServedByConfiguration,
  TuneAnswer,
} from '../../../../src/results/index.js';
import type { IndexSpec } from '../../../../src/vocabulary.js';
import { buildRecord, filterAnswer, filterOption, pointRecord, tuneAnswer } from '../../../support/records.js';
import { exactScan, hnsw } from '../../../support/running-bench.js';
import { manifest } from '../../../support/run-manifest.js';

/*
 * A way that another index would take over is printed as it was measured: in the form that none can.
 */

const text = { method: 'tsvector', language: 'english' };
const graph = buildRecord({ request: { spec: hnsw() } });
const none = buildRecord({ request: { spec: exactScan } });
const textIndex = buildRecord({ request: { spec: exactScan, text } });
const btree = buildRecord({
  request: { spec: exactScan, columnIndex: { method: 'btree', table: 'items', columns: ['tenant'] } },
});

interface Asked {
  readonly of: ServedByConfiguration['of'];
  readonly option?: number;
  readonly build: BuildRecord;
  readonly request: Pick<PointRequest, 'workload' | 'settings'>;
  readonly answer?: Partial<TuneAnswer>;
}

/** The statements of one workload, with every index of it visible. */
function printed({ of, option, build, request, answer }: Asked) {
  const point = pointRecord({ request: { build: build.key, ...request } });
  const key = 'answer' as const;
  const found = { type: key, key, finishedAt: '', answer: tuneAnswer(answer) };
  const run = viewRun({ manifest: manifest('local'), records: [graph, none, textIndex, btree, point, found] });
  const served = [{ of, option: option ?? null, point: point.key, alone: point.key, lost: [] }];
  const sql = configurationSql(run, { builds: [], bytes: 0, served, writes: null })!;
  return { build: sql.build, query: sql.workloads[0]!.query, check: sql.workloads[0]!.check };
}

const plain = (isProtected: boolean) =>
  printed({
    of: { kind: 'plain' },
    build: none,
    request: { workload: { kind: 'plain', k: 10, ...(isProtected ? { protected: true } : {}) }, settings: {} },
  });

function filtered(isProtected: boolean) {
  const filter = filterAnswer({ options: [filterOption({ spec: exactScan, builds: [btree.key] })], best: 0 });
  const strategy = 'pre-filter';
  const kind = 'filtered' as const;
  const form = isProtected ? { protected: true as const } : {};
  return printed({
    of: { kind, workload: 0, filter: 0 },
    option: 0,
    build: btree,
    request: { workload: { kind, k: 10, filter: filter.filter, join: null, strategy, ...form }, settings: {} },
    answer: { filtered: [{ recall: 0.95, rows: 30_000, filters: [filter], crossovers: [] }] },
  });
}

function hybrid(spec: IndexSpec, isProtected: boolean) {
  const strategy = 'rrf';
  const option: HybridAnswer['options'][number] = {
    strategy,
    text,
    spec,
    isControl: false,
    outcome: 'reaches',
    why: null,
    settings: {},
    builds: [],
    point: null,
    againstHighest: null,
  };
  const answer: HybridAnswer = {
    recall: 0.95,
    k: 10,
    rows: 30_000,
    queries: 100,
    judged: null,
    filter: null,
    remarks: [],
    fusions: [],
    textLegs: [],
    bm25: [],
    options: [option],
    best: 0,
    rivals: [],
    legs: { vector: null, text: null },
    decision: { code: 'not-judged', data: { quicker: [] } },
  };
  const kind = 'hybrid' as const;
  const isIndexed = spec.method !== 'none';
  return printed({
    of: { kind, workload: 0 },
    option: 0,
    build: isIndexed ? graph : textIndex,
    request: {
      workload: { kind, k: 10, text, strategy, ...(isProtected ? { protected: true } : {}) },
      settings: { vector_depth: 20, text_depth: 20, ...(isIndexed ? { ef_search: 40 } : {}) },
    },
    answer: { hybrid: [answer] },
  });
}

/** The statement that asks, in the query and in its check. */
const asking = ({ query, check }: ReturnType<typeof printed>): readonly string[] =>
  [...query, ...check].filter((line) => line.includes('<=>'));

const KEPT_BY_SORT = ["SET LOCAL enable_sort = 'off';", "SET LOCAL jit = 'off';"];

describe('the statements of a table with all indexes', () => {
  it.each([
    ['plain queries without an index', plain, /WITH everything AS MATERIALIZED/],
    ['a filter', filtered, /WITH matching AS MATERIALIZED/],
    ['a fusion over an exact vector leg', (of: boolean) => hybrid(exactScan, of), /ORDER BY \(embedding <=> .*\) \+ 0/],
  ])('keep %s from the other indexes, where they were measured so', (_, sql, form) => {
    expect(asking(sql(true))).toHaveLength(2);
    for (const statement of asking(sql(true))) expect(statement).toMatch(form);
    for (const statement of asking(sql(false))) expect(statement).not.toMatch(form);
  });

  it('keep a fusion on its own index of vectors by the settings of its transaction', () => {
    const [kept, alone] = [hybrid(hnsw(), true), hybrid(hnsw(), false)];
    for (const lines of [kept.query, kept.check]) expect(lines).toEqual(expect.arrayContaining(KEPT_BY_SORT));
    for (const line of KEPT_BY_SORT) expect([...alone.query, ...alone.check]).not.toContain(line);
    expect(asking(kept)).toEqual(asking(alone));
  });

  it('build a fusion with the memory that its graph needs, and without parallel workers that are not safe', () => {
    expect(hybrid(hnsw(), false).build.slice(0, 2)).toEqual([
      expect.stringMatching(/^SET maintenance_work_mem = '\d+MB'; {2}-- the build needs .* for 30,000 rows$/),
      expect.stringMatching(/^SET max_parallel_maintenance_workers = 0;/),
    ]);
    expect(hybrid(exactScan, false).build.join()).not.toContain('SET ');
  });
});
