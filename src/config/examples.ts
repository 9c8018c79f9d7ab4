import { indexKinds } from '../indexes/index.js';

/** The default of a setting, and twice as much. */
const OF_KNOBS = Object.fromEntries(
  indexKinds.flatMap((kind) =>
    kind.knobs.flatMap((knob) =>
      knob.kind === 'number' ? [[`indexes.${kind.name}.${knob.name}`, [knob.default, 2 * knob.default]] as const] : [],
    ),
  ),
);

/**
 * What to show for keys that have no default, or one that says little, by their path in the configuration: members of the
 * entries of a list are those of the list.
 */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  ...OF_KNOBS,
  'dataset.table': 'app.items',
  'dataset.column': 'embedding',
  'dataset.where': 'deleted_at IS NULL',
  'dataset.attributes': ['tenant_id', 'documents.lang'],
  'dataset.text': 'content',
  queries: 'queries.jsonl',
  records: 'docs.records.jsonl.gz',
  query_records: 'queries.records.jsonl.gz',
  representation: ['vector', 'halfvec', 'bit', { subvector: 256 }],
  layout: 'partitioned',
  partitions: 4,
  shards: ['postgres://app@one.example/app', 'postgres://app@two.example/app'],
  budget: '10min',
  rows_budget: '500k',
  'target.p95': '20ms',
  'target.index_size': '2GB',
  'target.build_memory': '1GB',
  'target.build_time': '10min',
  'target.queries_per_day': 500_000,
  'measure.concurrency': [1, 2, 4],
  'measure.rate': 200,
  'measure.slo': 'p99<=50ms',
  'indexes.hnsw.m': [8, 16, 24],
  'indexes.hnsw.ef_construction': [64, 128],
  'indexes.hnsw.ef_search': [10, 20, 40, 80, 160, 320],
  'indexes.ivfflat.lists': [100, 200],
  'indexes.ivfflat.probes': [1, 4, 16, 64],
  'workloads.filtered.filters': {
    drafts: { column: 'status', op: '=', value: 'Draft' },
    recent: {
      and: [{ column: 'year', op: 'between', value: [2020, 2026] }, { not: { column: 'status', op: 'is_null' } }],
    },
    own_tenant: { column: 'tenant', op: '=', value: { draw: 'own' } },
    one_in_ten: { column: 'tenant', op: 'in', value: { draw: { selectivity: 0.1, correlation: 0 } } },
  },
  'workloads.filtered.column': ['status', 'tenant'],
  'workloads.filtered.selectivity': [0.5, 0.1, 0.01, 0.001],
  'workloads.filtered.correlation': [-0.5, 0, 0.8],
  'workloads.filtered.returns': { distinct: 'document' },
  'workloads.filtered.join': { table: 'documents', key: 'document', columns: ['status'] },
  'workloads.hybrid.text': 'content',
  'workloads.hybrid.settings': { text_rank: 'ts_rank_cd', text_normalization: 32, vector_weight: 0.7 },
  'workloads.hybrid.judgements': 'qrels.tsv',
  'workloads.hybrid.filter': 'tenant',
  'workloads.hybrid.rerank_scores': 'scores.tsv',
};
