import { largestSet } from '../../audit/index.js';
import { type SeenServer, vectorIndexesOf } from '../../monitoring/index.js';
import type { Labels, Metric } from '../exports/text-format.js';
import { gauge, ofCounters } from './metric.js';

const OTHER_INDEXES = { schema: '', table: 'other', index: 'other', method: '' };
/** pgvector's own. */
const DEFAULT_EF_SEARCH = 40;

export function metricsOfVectorIndexes({ look, indexes }: SeenServer): readonly Metric[] {
  const tables = new Map(look.tables.map(({ oid, name }) => [oid, name]));
  const byKey = new Map(vectorIndexesOf(look).map((index) => [String(index.oid), index]));
  const labelsOf = (key: string): Labels => {
    const { schema, name, tableOid, method } = byKey.get(key)!;
    return { schema, table: tables.get(tableOid) ?? '', index: name, method };
  };
  const shown = [...indexes.named.keys()].filter((key) => byKey.has(key));
  const sizeOf = (keys: readonly string[]): number => keys.reduce((sum, key) => sum + byKey.get(key)!.bytes, 0);
  const counted = ofCounters(indexes, labelsOf, OTHER_INDEXES);
  const iterative = largestText(look.vectorSettings, 'hnsw.iterative_scan') ?? 'off';
  return [
    gauge('ann_index_size_bytes', 'Size of an index on vectors.', [
      ...shown.map((key) => [labelsOf(key), byKey.get(key)!.bytes] as const),
      [OTHER_INDEXES, sizeOf([...byKey.keys()].filter((key) => !indexes.named.has(key)))],
    ]),
    gauge('ann_indexes_size_bytes', 'Size of all indexes on vectors together.', sizeOf([...byKey.keys()])),
    gauge(
      'ann_index_valid',
      'Whether the planner may use an index on vectors: 1 or 0.',
      shown.map((key) => [labelsOf(key), Number(byKey.get(key)!.valid)]),
    ),
    counted('ann_index_scans_total', 'Scans of an index on vectors (idx_scan).', ({ scans }) => scans),
    counted(
      'ann_index_entries_read_total',
      'Entries that scans of an index on vectors returned (idx_tup_read).',
      ({ entriesRead }) => entriesRead,
    ),
    gauge(
      'hnsw_ef_search',
      'The largest hnsw.ef_search that the server, the database or a role has; sessions may set their own.',
      largestSet(look.vectorSettings, 'hnsw.ef_search', DEFAULT_EF_SEARCH),
    ),
    gauge(
      'hnsw_iterative_scan',
      'Whether hnsw.iterative_scan is on for the server, the database or a role: 1 or 0.',
      Number(iterative !== 'off'),
    ),
  ];
}

const largestText = (settings: readonly string[], name: string): string | undefined =>
  settings
    .flatMap((setting) => (setting.startsWith(`${name}=`) ? [setting.slice(name.length + 1)] : []))
    .find((value) => value !== 'off');
