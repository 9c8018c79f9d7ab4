import { expect, it } from 'vitest';
import { type Note, type Place, PLAIN_STEPS, type Stage } from '../../../src/progress.js';
import { type Fact, textOf, textsIn } from '../../../src/reports/text/index.js';
import { contradictionsOf } from '../../support/contradictions.js';

const { stages, notes, places } = textsIn('en');

/** Data of every code: the compiler asks for those of a new one. */
type Examples<F extends Fact> = {
  readonly [Code in F['code']]: readonly [
    Extract<F, { readonly code: Code }>['data'],
    ...(readonly Extract<F, { readonly code: Code }>['data'][]),
  ];
};

const hnsw = { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } } as const;
const none = { method: 'none', representation: 'vector', parameters: {} } as const;
const plain = { kind: 'plain', k: 10 } as const;
const point = { spec: hnsw, rows: null, workload: plain, settings: { ef_search: 40 } } as const;
const filtered = {
  kind: 'filtered',
  k: 10,
  filter: { column: 'tenant_id', op: 'is_null' },
  join: null,
  strategy: 'iterative',
} as const;

const STAGES: Examples<Stage> = {
  'read-dataset': [{}],
  'verify-dataset': [{}],
  'write-dataset': [{}],
  'exact-neighbours': [{}],
  filters: [{}],
  'load-table': [{}],
  'copy-to-partitions': [{}],
  'build-index': [
    { index: { kind: 'vector', spec: hnsw, rows: null }, parts: null },
    { index: { kind: 'vector', spec: hnsw, rows: 1000 }, parts: 12 },
    { index: { kind: 'column', spec: { method: 'btree', table: 'items', columns: ['tenant_id'] } }, parts: null },
    { index: { kind: 'text', spec: { method: 'bm25', language: 'english' } }, parts: null },
  ],
  'measure-points': [
    { points: [point] },
    { points: [{ ...point, rows: 1000, settings: {} }] },
    { points: [{ ...point, workload: filtered }] },
    { points: [point, point] },
  ],
  'measure-throughput': [
    { spec: hnsw, load: { kind: 'closed', concurrency: 1 } },
    { spec: hnsw, load: { kind: 'closed', concurrency: 8 } },
    { spec: hnsw, load: { kind: 'open', ratePerSecond: 123.456 } },
  ],
  'measure-writes': [{}],
  'measure-shards': [
    { spec: { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } }, shards: 1 },
    { spec: { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } }, shards: 4 },
  ],
  'match-texts': [
    { texts: 1, text: { method: 'trigram', language: 'simple' } },
    { texts: 200, text: { method: 'tsvector', language: 'english' } },
  ],
  'rank-by-bm25': [{}],
  'compare-fusions': [{}],
  'change-rows': [{ round: 1, rounds: 4 }],
  vacuum: [{}],
  reindex: [{ concurrently: false }, { concurrently: true }],
  'read-log': [{}],
  'read-live-table': [{}],
  'time-live-index': [{}],
  'compare-with-exact-scans': [{}],
  'measure-statement': [{}],
  'copy-table': [{ table: 'app.items' }],
  'load-copy': [{ table: 'app.items' }],
};

const NOTES: Examples<Note> = {
  'filters-left-out': [{ filters: 5, of: 12 }],
  'recall-queries-left-out': [{ queries: 1200, of: 10_000 }],
  'preparation-over-budget': [{ seconds: 150, budgetSeconds: 120 }],
  'rows-left-out': [
    { table: 'base', missing: 1, notFinite: 0, zero: 0, first: ['a'] },
    { table: 'queries', missing: 1, notFinite: 1200, zero: 3, first: [4, 8] },
  ],
  'neighbours-from-one': [{}],
  'neighbours-of-more-rows': [{ unknown: 1200, of: 5000 }],
  'neighbours-of-left-out': [{}],
  'files-ignored': [{ files: ['filters.npy', 'filtered.npy'] }],
  'chose-local': [{ folder: '/usr/lib/postgresql/17/bin' }],
  'chose-container': [{}],
  'chose-embedded': [{}],
  'starting-local': [{ postgresql: '17.2', pgvector: '0.8.1', folder: '/usr/lib/postgresql/17/bin' }],
  'kept-server-found': [{ folder: '/tmp/pgvtune-Ab12Cd' }],
  'kept-server-lost': [{ folder: '/tmp/pgvtune-Ab12Cd' }],
  'starting-container': [{ image: 'pgvector/pgvector:0.8.4-pg17' }],
  'url-parameters-ignored': [{ names: ['pgbouncer', 'connection_limit'] }],
  connected: [
    { server: 'app@db.example.com/shop', encrypted: true },
    { server: 'app@db.example.com/shop', encrypted: false },
  ],
  'declared-neighbours-refuted': [
    { dataset: 'docs', metric: 'cosine', cause: null },
    { dataset: 'docs', metric: 'cosine', cause: 'l2' },
    { dataset: 'docs', metric: 'cosine', cause: 'from-one' },
  ],
  'other-language': [
    { searchedAs: 'english', language: 'russian', script: 'Cyrillic' },
    { searchedAs: 'english', language: null, script: 'Han' },
  ],
  'run-reused': [{ run: 'night-1' }],
  'cost-ahead': [
    {
      rows: 20_000,
      seconds: 95,
      graph: { spec: hnsw, seconds: 12, bytes: 2 ** 25 },
      seenRows: null,
      tableBytes: 2 ** 24,
      indexes: 6,
      memory: { neededBytes: 2 ** 26, availableBytes: null },
      spilledShare: 0,
      onSubset: null,
    },
    {
      rows: 10_000_000,
      seconds: 200_000,
      graph: { spec: hnsw, seconds: 40_000, bytes: 80 * 2 ** 30 },
      seenRows: 312_500,
      tableBytes: 60 * 2 ** 30,
      indexes: 6,
      memory: { neededBytes: 70 * 2 ** 30, availableBytes: 2 * 2 ** 30 },
      spilledShare: 0.97,
      onSubset: { rows: 1_250_000, seconds: 60_000 },
    },
  ],
  'connection-lost': [{}],
  'index-built-again': [
    { index: { kind: 'vector', spec: hnsw, rows: null }, because: 'index-missing' },
    { index: { kind: 'vector', spec: hnsw, rows: 1000 }, because: 'index-invalid' },
    { index: { kind: 'text', spec: { method: 'bm25', language: 'english' } }, because: 'index-replaced' },
    { index: { kind: 'vector', spec: hnsw, rows: null }, because: 'index-options-changed' },
  ],
  'schema-kept': [{ schema: 'pgvtune_night_1', run: 'night-1' }],
  'measured-so-far': [
    {
      cells: [
        { spec: hnsw, settings: { ef_search: 40 }, filter: null, strategy: null, recall: 0.95, medianMs: 1.25 },
        { spec: hnsw, settings: {}, filter: 'recent', strategy: 'post-filter', recall: 0.5, medianMs: null },
      ],
      more: 12,
    },
  ],
  'server-kept': [{ folder: '/tmp/pgvtune-Ab12Cd' }],
  'run-kept': [{ command: 'tune', run: 'night-1' }],
  'run-left-out': [{ run: 'night-1', message: 'It has no journal.' }],
  'no-datasets': [{ folder: '/srv/app/datasets' }],
  'exact-scans-ahead': [
    { exactScans: 1, tableBytes: 8192, expectedMs: 2, answers: 1 },
    { exactScans: 1000, tableBytes: 3 * 2 ** 30, expectedMs: 90_000, answers: 4 },
  ],
  'tuning-ahead': [
    { indexes: 1, sampleRows: 20_000, seconds: 600 },
    { indexes: 3, sampleRows: 20_000, seconds: 45 },
  ],
  'tuning-index': [{ index: 'docs_v_idx', number: 2, of: 3 }],
  'index-not-tuned': [{ index: 'docs_v_idx', message: 'The table has 3 vectors.' }],
};

const cell = { number: 3, of: 24 };
const PLACES: Examples<Place> = {
  plain: PLAIN_STEPS.map((step) => ({ step })) as unknown as Examples<Place>['plain'],
  filtered: [
    { ...cell, name: 'recent', cell: null, strategy: { name: 'post-filter', spec: hnsw } },
    {
      ...cell,
      name: null,
      cell: { selectivity: 0.01, correlation: -0.5 },
      strategy: { name: 'pre-filter', spec: none },
    },
    { ...cell, name: 'recent', cell: null, strategy: null },
  ],
  hybrid: [
    { ...cell, strategy: { name: 'rrf', spec: hnsw } },
    { ...cell, strategy: null },
  ],
  configuration: [{}],
};

it('says every stage, place and note', async () => {
  const factsOf = <F extends Fact>(examples: Examples<F>): readonly F[] =>
    Object.entries<readonly unknown[]>(examples).flatMap(([code, all]) => all.map((data) => ({ code, data }) as F));
  const lines = [
    ...factsOf(STAGES).map((stage) => textOf(stages, stage)),
    '',
    ...factsOf(PLACES).map((place) => textOf(places, place)),
    '',
    ...factsOf(NOTES).map((note) => textOf(notes, note)),
  ];
  // The note on rows that are left out speaks of NaN.
  for (const line of lines.flatMap((text) => text.split('\n').map((one) => one.trim())))
    expect(contradictionsOf(line.replace('NaN', 'numbers')), line).toEqual([]);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('progress.en.txt');
});
