import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../src/languages.js';
import { textOf, textsIn } from '../../../src/reports/text/index.js';
import { runTextsIn } from '../../../src/reports/text/run-languages.js';
import type { RunTexts } from '../../../src/reports/text/run-texts.js';
import type {
  FilterObstacle,
  FilterShortfall,
  Reason,
  RecallFinding,
  RecordedFinding,
  WantedPlan,
} from '../../../src/results/index.js';
import { cacheJudgement } from '../../support/records.js';
import { type Examples, linesOf } from './examples.js';

const tableScan = { table: 'items', type: 'Seq Scan', indexes: [] };
const many = Array.from({ length: 40 }, (_, i) => `ix_${i}`);
const wanted = (plan: WantedPlan) => ({ wanted: plan, got: [tableScan] });

const REASONS: Examples<Reason> = {
  'other-plan': [
    {
      wanted: { kind: 'table-scan' },
      got: [{ table: 'items', type: 'Bitmap Heap Scan', indexes: ['a', 'b'] }, tableScan],
    },
    wanted({ kind: 'one-of', indexes: ['ix'], orTable: false }),
    wanted({ kind: 'one-of', indexes: ['a', 'b'], orTable: true }),
    wanted({ kind: 'one-of', indexes: many, orTable: false }),
    wanted({ kind: 'all-of', indexes: ['a', 'b'] }),
    wanted({ kind: 'none-of', indexes: ['a', 'b'] }),
    wanted({ kind: 'partitions', most: 1 }),
    wanted({ kind: 'partitions', most: 2 }),
    { wanted: { kind: 'all-of', indexes: ['ix'] }, got: [] },
  ],
  'not-sent-to-shards': [
    { shards: 1, of: 2 },
    { shards: 2, of: 2 },
  ],
  'table-not-read': [{ tables: ['items'] }, { tables: ['items_0', 'items_1'] }],
  'setting-not-applied': [
    { name: 'hnsw.ef_search', wanted: '80', got: '40' },
    { name: 'hnsw.ef_search', wanted: '80', got: null },
  ],
  'truth-mismatch': [
    { mismatches: 1, sampled: 1 },
    { mismatches: 3, sampled: 20 },
  ],
  'server-interrupted': [{}],
  'rows-changed': [{ rows: 1 }, { rows: 1234 }],
  'index-missing': [{}],
  'index-invalid': [{}],
  'index-replaced': [{}],
  'index-options-changed': [{ built: { m: '16', ef_construction: '64' }, now: {} }],
  'parameter-not-applied': [
    { name: 'm', wanted: 16, got: '5' },
    { name: 'm', wanted: 16, got: null },
  ],
  'parameter-not-built': [{ name: 'm', catalog: 16, built: 5 }],
  refused: [
    { message: 'division by zero', sqlstate: '22012', hint: null },
    { message: 'memory required is 800 MB', sqlstate: null, hint: 'Raise maintenance_work_mem.' },
    { message: 'It ends with a full stop.', sqlstate: null, hint: null },
  ],
  'too-many-connections': [
    { asked: 2, allowed: 1 },
    { asked: 200, allowed: 97 },
  ],
  'rate-not-delivered': [
    { ratePerSecond: 500, answeredPerSecond: 249, due: 2500, dropped: 1006 },
    { ratePerSecond: 255, answeredPerSecond: 250, due: 1275, dropped: 0 },
  ],
  'every-query-failed': [{ sqlstates: ['57014', '22012'] }],
  'no-query-due': [{}],
  'figures-refused': [{ figures: ['measured.recall.min'] }],
  'not-recorded': [{}],
};

const FINDINGS: Examples<RecordedFinding> = {
  'measured-again': [{ attempts: 2 }],
  checkpoint: [{ checkpoints: 1 }, { checkpoints: 2 }],
  vacuum: [{ runs: 1 }, { runs: 2 }],
  autovacuum: [{ workers: 1 }, { workers: 2 }],
  'other-sessions': [{ sessions: 1 }, { sessions: 2 }],
  'cpu-steal': [{ share: 0.08 }],
  swapping: [{ pages: 1 }, { pages: 40 }],
  'cpu-frequency': [{ beforeMhz: 3000.4, afterMhz: 2000.4 }],
  'busy-machine': [
    { share: 0.534, idleShare: 0.03 },
    { share: 1, idleShare: 0 },
  ],
  'canary-moved': [
    { roundTrip: { beforeMs: 0.1, afterMs: 0.2 }, cpu: { beforeMs: 0.5, afterMs: 0.6 } },
    { roundTrip: { beforeMs: 0.1, afterMs: 0.2 }, cpu: null },
    { roundTrip: null, cpu: { beforeMs: 0.5, afterMs: 0.6 } },
  ],
  'queries-in-base': [{ inBase: 3, queries: 1000 }],
  duplicates: [{ share: 0.2 }],
  ties: [{ share: 0.4 }],
  'short-answers': [{ share: 0.5, meanCompleteness: 0.731 }],
  'client-floor': [{ floorMs: 0.0407, medianMs: 0.209 }],
  'floor-above-median': [{ floorMs: 11.9, medianMs: 2.1 }],
  'server-above-client': [{ serverMs: 1.46, medianMs: 0.508 }],
  'empty-truth': [{ queries: 1 }, { queries: 12 }],
  'not-cached': [
    { ...cacheJudgement('cold'), state: 'partial' },
    { ...cacheJudgement('warm'), state: 'partial', readShare: 0.1, prewarmed: false },
    { ...cacheJudgement('warm'), state: 'partial', readShare: 0.9, prewarmed: false, isRing: true },
    { ...cacheJudgement('prewarmed'), state: 'partial', readShare: 0.1 },
  ],
  'not-steady': [{ blocks: 1 }, { blocks: 60 }],
  'plan-cache-mode': [{ mode: 'force_custom_plan' }],
  'generic-plan-differs': [{ generic: 'Index Scan using ix', custom: 'Seq Scan' }],
  'built-again': [{ attempts: 2 }],
  'hnsw-build-spilled': [{ rows: 9013 }],
  'ivfflat-little-data': [{}],
  errors: [{ share: 0.5, bySqlstate: { '57014': 1000, '22012': 1 } }],
  'figure-refused': [{ figure: 'measured.ranking.rbo' }],
  'client-bound': [{ busyShare: 0.6 }],
  'client-late': [{ lagP99Ms: 2.5, p99Ms: 10 }],
  'shared-processors': [{ cores: 2, clientShare: 0.26 }],
  late: [{ share: 0.1 }],
};

const short = { share: 0.5, meanCompleteness: 0.731 };

const RECALL_FINDINGS: Omit<Examples<RecallFinding>, RecordedFinding['code']> = {
  'index-invalid': [{ index: 'ix' }],
  'no-index': [
    { table: 'public.items', column: 'embedding', others: 0 },
    { table: 'public.items', column: 'embedding', others: 2 },
  ],
  'index-not-used': [
    { plan: 'Seq Scan on items', partial: [], isFiltered: false },
    { plan: 'Seq Scan on items', partial: [{ index: 'ix', predicate: '(tenant = 3)' }], isFiltered: true },
  ],
  'partly-indexed': [{ tables: ['items_0', 'items_1'] }],
  'plan-forced': [{ setting: 'enable_seqscan' }],
  'limit-above-setting': [
    { ...short, setting: 'hnsw.ef_search', most: 40, k: 60, andItself: false },
    { ...short, setting: 'hnsw.ef_search', most: 40, k: 40, andItself: true },
  ],
  'ends-at-setting': [{ ...short, setting: 'hnsw.ef_search', most: 40 }],
  'rows-missing': [short],
  'iterative-scan-off': [{ setting: 'hnsw.iterative_scan' }],
  'setting-at-minimum': [{ setting: 'ivfflat.probes', value: 1 }],
  'dead-rows': [
    { share: 0.3, lists: false },
    { share: 0.3, lists: true },
  ],
  'plan-depends-on-limit': [
    { last: 800, asked: 10, beyond: 'Seq Scan on items' },
    { last: 800, asked: 1200, beyond: 'Seq Scan on items' },
  ],
  'vectors-out-of-line': [
    { share: 0.95, bytes: 3e9, column: 'embedding', unusedIndex: true },
    { share: 0.95, bytes: 3e9, column: 'embedding', unusedIndex: false },
  ],
  'uneven-lists': [{ index: 'items_ix', read: 0.4, even: 0.01, probes: 1, lists: 100 }],
  'row-security': [
    { table: 'public.items', exempt: true },
    { table: 'public.items', exempt: false },
  ],
  'not-analysed': [{ table: 'public.items' }],
  'null-vectors': [{ share: 0.1, column: 'embedding' }],
  'zero-vectors': [
    { share: 0.01, areQueries: true },
    { share: 0.01, areQueries: false },
  ],
  'lengths-differ': [{ spread: 0.2 }],
  'queries-in-table': [{ share: 0.5 }],
  'duplicate-vectors': [{ share: 1 }],
  'queries-are-rows': [{}],
  quantised: [{}],
  'read-from-outside': [{ share: 0.2 }],
  'queries-changed': [{ queries: 1 }, { queries: 3 }],
  interrupted: [{}],
  'activity-hidden': [{}],
  'known-defect': [{ version: '0.8.0', defect: 'vacuum-corruption', fixedIn: '0.8.3' }],
};

const spec = { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 24 } } as const;
const missed = { recall: 0.81, completeness: 0.5, medianMs: 1.234, timesSlower: null };

const OBSTACLES: Omit<Examples<FilterObstacle>, Reason['code']> = {
  'found-by-primary-key': [{}],
  'no-index-for-filter': [{}],
  'not-a-range': [{}],
  'no-filter': [{}],
  'no-rows': [{}],
  'joined-rows-scattered': [{ table: 'documents' }],
  'no-vector-index': [{}],
  'needs-reranking': [{ spec: { ...spec, representation: 'bit' } }],
  'no-iterative-scan': [{ method: 'ivfflat', mode: 'strict_order' }],
  'iterative-scan-too-new': [{ since: '0.8.0', pgvector: '0.7.4' }],
  'predicate-on-joined-columns': [{ table: 'documents' }],
  'too-many-indexes': [{ filters: 2000, most: 100 }],
  'conflicting-parameters': [{ spec, rows: 4 }],
  'all-classes-small': [{ rows: 2000 }],
  'all-classes-large': [{ rows: 2000 }],
  'no-equality': [{}],
  'no-window': [{}],
  'partition-by-joined-column': [{ table: 'documents' }],
  'partition-with-join': [{}],
  'merged-out-of-order': [{}],
  'too-many-partitions': [{ values: 2000, most: 100 }],
  'no-join': [{}],
  'orphaned-rows': [
    { rows: 1, key: 'document' },
    { rows: 1234, key: 'document' },
  ],
  'not-measured': [{}],
  'bounds-unmet': [
    { unmet: [{ code: 'index_size', data: { bytes: 2_000_000, bound: 1_000_000 } }] },
    {
      unmet: [
        { code: 'p95', data: { ms: 12.3, needs: null, boundMs: 10 } },
        { code: 'build_time', data: { seconds: 70, bound: 60 } },
      ],
    },
  ],
  'recall-missed': [
    { ...missed, ended: 'highest' },
    { ...missed, completeness: 1, ended: 'often' },
    { ...missed, ended: 'expensive', timesSlower: 4.56 },
  ],
};

const SHORTFALLS: Examples<FilterShortfall> = {
  'no-own-value': [{ column: 'tenant', queries: 3, of: 200 }],
  'nothing-so-selective': [{ column: 'tenant', selectivity: 0.001 }],
  'other-correlation': [{ column: 'tenant', selectivity: 0.104, reached: 0.2, asked: 0.9 }],
  'shorter-than-window': [{ column: 'created', days: 30 }],
  'no-value-of-so-many-rows': [{ column: 'tenant', rows: 1 }],
  'cut-by-threshold': [{ within: 0.35, mean: 6.2, k: 10, none: 12, full: 90, of: 200 }],
  'no-row-left': [{ queries: 3, of: 200 }],
};

const CATALOGUES: readonly [string, (texts: RunTexts) => string][] = [
  ['reasons', ({ reasons }) => linesOf(REASONS, (fact) => textOf(reasons, fact as Reason))],
  ['findings', ({ findings }) => linesOf(FINDINGS, (fact) => textOf(findings, fact as RecordedFinding))],
  [
    'filter-obstacles',
    ({ filterObstacles, filterShortfalls }) =>
      linesOf(OBSTACLES, (fact) => textOf(filterObstacles, fact as FilterObstacle)) +
      linesOf(SHORTFALLS, (fact) => textOf(filterShortfalls, fact as FilterShortfall)),
  ],
];

describe('the texts of records', () => {
  describe.each(LANGUAGES)('in the language %s', (language) => {
    it.each(CATALOGUES)('read so: %s', async (name, render) => {
      const lines = render(runTextsIn(language));
      expect(lines).not.toMatch(/undefined|NaN|\[object/);
      await expect(lines).toMatchFileSnapshot(`${name}.${language}.txt`);
    });
  });

  it('read so in English: recall-findings', async () => {
    const { recallFindings } = textsIn('en');
    const lines = linesOf(RECALL_FINDINGS, (fact) => textOf(recallFindings, fact as RecallFinding));
    // Cosine distance is undefined for zero vectors.
    expect(lines).not.toMatch(/(?<!is )undefined|NaN|\[object/);
    await expect(lines).toMatchFileSnapshot('recall-findings.en.txt');
  });
});
