import type { SeenServer } from '../../monitoring/index.js';
import type { Labels, Metric } from '../exports/text-format.js';
import { gauge, ofCounters, seconds } from './metric.js';

const OTHER_TABLES = { schema: '', table: 'other' };

export function metricsOfTables({ look, tables }: SeenServer): readonly Metric[] {
  const byKey = new Map(look.tables.map((table) => [String(table.oid), table]));
  const labelsOf = (key: string): Labels => ({ schema: byKey.get(key)!.schema, table: byKey.get(key)!.name });
  const shown = [...tables.named.keys()].map((key) => byKey.get(key)!);
  const others = look.tables.filter(({ oid, kind }) => kind !== 'partitioned' && !tables.named.has(String(oid)));
  type Table = (typeof shown)[number];
  const each = (name: string, help: string, value: (table: Table) => number | null): Metric =>
    gauge(
      `table_${name}`,
      help,
      shown.map((table) => [labelsOf(String(table.oid)), value(table)] as const),
    );
  const summed = (name: string, help: string, value: (table: Table) => number): Metric => {
    const ofEach = each(name, help, value);
    const sum = others.reduce((total, table) => total + value(table), 0);
    return { ...ofEach, samples: [...ofEach.samples, { labels: OTHER_TABLES, value: sum }] };
  };
  const counted = ofCounters(tables, labelsOf, OTHER_TABLES);
  return [
    summed('size_bytes', 'Size of a table with TOAST, without indexes.', (table) => table.heapBytes + table.toastBytes),
    summed('live_rows', 'Rows, as the server estimates them.', ({ activity }) => activity.liveRows),
    summed('dead_rows', 'Dead rows, as the server estimates them.', ({ activity }) => activity.deadRows),
    summed(
      'rows_modified_since_analyze',
      'Rows changed since the last ANALYZE.',
      ({ activity }) => activity.modificationsSinceAnalyze,
    ),
    each('xid_age', 'Transactions since its oldest unfrozen row was written.', ({ xidAge }) => xidAge),
    each('last_vacuum_timestamp_seconds', 'When it was last vacuumed.', ({ activity }) => seconds(activity.lastVacuum)),
    each('last_analyze_timestamp_seconds', 'When it was last analysed.', ({ activity }) =>
      seconds(activity.lastAnalyze),
    ),
    counted('table_sequential_scans_total', 'Sequential scans.', (values) => values.sequentialScans),
    counted(
      'table_sequential_rows_read_total',
      'Rows read by sequential scans.',
      (values) => values.sequentialRowsRead,
    ),
    counted('table_index_scans_total', 'Scans of its indexes.', (values) => values.indexScans),
    counted('table_rows_inserted_total', 'Rows inserted.', (values) => values.inserts),
    counted('table_rows_updated_total', 'Rows updated.', (values) => values.updates),
    counted('table_rows_hot_updated_total', 'Rows updated without new index entries.', (values) => values.hotUpdates),
    counted('table_rows_deleted_total', 'Rows deleted.', (values) => values.deletes),
  ];
}
