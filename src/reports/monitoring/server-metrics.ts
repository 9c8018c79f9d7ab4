import { largestSet } from '../../audit/index.js';
import { isUnread } from '../../findings.js';
import {
  BLINDNESS,
  type CounterTotals,
  type MonitorView,
  PROBE_STATES,
  type RecallProbe,
  type SeenServer,
  vectorIndexesOf,
} from '../../monitoring/index.js';
import { parseBytes } from '../../units.js';
import { type Labels, type Metric, textOfMetrics } from '../exports/text-format.js';

/*
 * What Prometheus gets to see of a watched server, in base units. Series of objects are bounded: what has no name of its
 * own is summed up under `other`.
 */

/** Of one label: it is stored with every series. */
const MOST_CHARACTERS = 120;

/**
 * The text of the page `/metrics`.
 *
 * @param redacted masks passwords in the value of a label
 */
export const monitorText = (view: MonitorView, redacted: (text: string) => string): Promise<string> =>
  textOfMetrics(
    [
      ...ofMonitor(view),
      ...view.probes.flatMap((probe) => ofProbe(probe)),
      ...(view.seen === null ? [] : ofServer(view.seen)),
    ].reduce<Metric[]>(joined, []),
    // Masked first: half a password is not known again.
    (value) => redacted(value).slice(0, MOST_CHARACTERS),
  );

/** Samples of one metric stand together. */
function joined(metrics: Metric[], metric: Metric): Metric[] {
  const known = metrics.findIndex(({ name }) => name === metric.name);
  if (known === -1) return [...metrics, metric];
  const samples = [...metrics[known]!.samples, ...metric.samples];
  return metrics.with(known, { ...metric, samples });
}

type Samples = readonly (readonly [Labels, number | null])[];

const metric =
  (type: Metric['type']) =>
  (name: string, help: string, samples: number | null | Samples): Metric => ({
    name: `pgvtune_${name}`,
    type,
    help,
    samples: (typeof samples === 'object' && samples !== null ? samples : [[{}, samples] as const]).flatMap(
      ([labels, value]) => (value === null ? [] : [{ labels, value }]),
    ),
  });
const gauge = metric('gauge');
const counter = metric('counter');

const inSeconds = (ms: number | null | undefined): number | null => (typeof ms === 'number' ? ms / 1000 : null);
const seconds = (iso: string | null): number | null => (iso === null ? null : Date.parse(iso) / 1000);

function ofMonitor(view: MonitorView): readonly Metric[] {
  const { blind, lastSuccessMs, looks, failures, connections, seen } = view;
  return [
    gauge('up', 'Whether the server is seen: 1 or 0. At 0 its series are missing.', Number(blind === null)),
    gauge(
      'blind',
      'Why the server is not seen: 1 for the reason, 0 for all others.',
      BLINDNESS.map((reason) => [{ reason }, Number(reason === blind)]),
    ),
    gauge(
      'last_success_timestamp_seconds',
      'When the server was last seen.',
      lastSuccessMs === null ? null : lastSuccessMs / 1000,
    ),
    gauge('look_duration_seconds', 'What the last look took.', seen === null ? null : seen.lookMs / 1000),
    counter('looks_total', 'Looks that succeeded.', looks),
    counter(
      'failed_looks_total',
      'Looks and connections that failed, by reason.',
      BLINDNESS.map((reason) => [{ reason }, failures[reason]]),
    ),
    counter('connections_total', 'Connections that were made to the server.', connections),
  ];
}

function ofProbe({ table, state, runs, expectedMs, measured }: RecallProbe): readonly Metric[] {
  const of = (value: number | null | undefined): Samples => [[{ table }, value ?? null]];
  return [
    gauge(
      'recall_probe_state',
      'What became of the last recall probe: 1 for its state, 0 for all others.',
      PROBE_STATES.map((one) => [{ table, state: one }, Number(one === state)]),
    ),
    counter('recall_probes_total', 'Recall probes that were begun.', of(runs)),
    gauge(
      'recall_probe_expected_seconds',
      'What the exact scans of a recall probe are expected to take.',
      of(inSeconds(expectedMs)),
    ),
    gauge(
      'recall_probe_timestamp_seconds',
      'When recall was last measured.',
      of(measured === null ? null : measured.atMs / 1000),
    ),
    gauge('recall_ratio', 'Mean recall against an exact scan, as last measured.', of(measured?.recall.value)),
    gauge('recall_lower_ratio', 'Lower end of the 95 % interval of the recall.', of(measured?.recall.low)),
    gauge('recall_upper_ratio', 'Upper end of the 95 % interval of the recall.', of(measured?.recall.high)),
    gauge('recall_queries', 'Queries that the recall rests on.', of(measured?.queries)),
    gauge('recall_completeness_ratio', 'Rows returned over rows that exist, mean.', of(measured?.completeness)),
    gauge(
      'recall_latency_median_seconds',
      'Median latency of a query of the recall probe.',
      of(inSeconds(measured?.medianMs)),
    ),
    gauge('recall_buffers_per_query', 'Mean number of 8 kB buffers that a query touches.', of(measured?.buffers)),
  ];
}

const ofServer = (seen: SeenServer): readonly Metric[] => [
  ...ofWholeServer(seen),
  ...ofSessions(seen),
  ...ofDatabase(seen),
  ...ofHorizon(seen),
  ...ofReplication(seen),
  ...ofTables(seen),
  ...ofStatements(seen),
  ...ofVectorIndexes(seen),
  ...ofBuilds(seen),
];

function ofWholeServer({ look }: SeenServer): readonly Metric[] {
  const { server, pgvector, settings } = look;
  const setting = (name: string): number | null => (settings[name] === undefined ? null : Number(settings[name]));
  const reserved = ['superuser_reserved_connections', 'reserved_connections'].map((name) => setting(name) ?? 0);
  const { standbys, sessions, horizons, statements } = look;
  return [
    gauge('server_info', 'The server, in words; the value is 1.', [
      [
        {
          server: server.label,
          database: server.database,
          version: server.version,
          pgvector: isUnread(pgvector) ? '' : pgvector.version,
        },
        1,
      ],
    ]),
    gauge('server_standby', 'Whether the server is a standby: 1 or 0.', Number(server.standby)),
    gauge('server_start_timestamp_seconds', 'When the server started.', seconds(server.startedAt)),
    gauge(
      'shared_buffers_bytes',
      'The setting shared_buffers.',
      settings['shared_buffers'] === undefined ? null : parseBytes(settings['shared_buffers']),
    ),
    gauge('max_connections', 'The setting max_connections.', setting('max_connections')),
    gauge(
      'reserved_connections',
      'Connections that only privileged roles get.',
      reserved.reduce((sum, value) => sum + value, 0),
    ),
    gauge('freeze_max_age', 'The setting autovacuum_freeze_max_age.', setting('autovacuum_freeze_max_age')),
    gauge(
      'unread',
      'Whether series are missing because the role may not see them, or the server does not record them: 1 or 0.',
      Object.entries({ standbys, sessions, horizons, statements }).map(([part, value]) =>
        isUnread(value) ? [{ part, reason: value.unread }, 1] : [{ part, reason: '' }, 0],
      ),
    ),
  ];
}

/** As PostgreSQL names them. */
const STATES = [
  'active',
  'idle',
  'idle in transaction',
  'idle in transaction (aborted)',
  'fastpath function call',
  'disabled',
];

function ofSessions({ look: { sessions, activity } }: SeenServer): readonly Metric[] {
  const connections = gauge('connections', 'Client connections of all databases.', activity.connections);
  if (isUnread(sessions)) return [connections];
  const longest = (all: readonly (number | null)[]): number => Math.max(0, ...all.map((value) => value ?? 0));
  return [
    connections,
    gauge(
      'sessions',
      'Client sessions by state, but this one.',
      STATES.map((state) => [{ state }, sessions.filter((session) => session.state === state).length]),
    ),
    gauge(
      'sessions_waiting_for_lock',
      'Client sessions that wait for a lock.',
      sessions.filter(({ waitsForLock }) => waitsForLock).length,
    ),
    gauge(
      'longest_transaction_seconds',
      'Age of the oldest transaction of a client.',
      longest(sessions.map(({ transactionSeconds }) => transactionSeconds)),
    ),
    gauge(
      'longest_idle_in_transaction_seconds',
      'Time since the client of an open transaction last sent something, the longest.',
      longest(
        sessions.flatMap(({ state, stateSeconds }) => (state.startsWith('idle in transaction') ? [stateSeconds] : [])),
      ),
    ),
  ];
}

function ofDatabase({ look, database }: SeenServer): readonly Metric[] {
  // One database has one row.
  const counted = [...database.named.values()][0] ?? database.other;
  const hasTimes = look.activity.activeMs !== null;
  const of = (name: string, help: string, value: number | null): Metric =>
    counter(`database_${name}_total`, help, value);
  return [
    of('commits', 'Transactions committed.', counted.commits),
    of('rollbacks', 'Transactions rolled back.', counted.rollbacks),
    of('blocks_hit', 'Buffers found in shared_buffers.', counted.blocksHit),
    of('blocks_read', 'Buffers read from the operating system.', counted.blocksRead),
    of('deadlocks', 'Deadlocks.', counted.deadlocks),
    of('temporary_files', 'Temporary files created.', counted.temporaryFiles),
    of('temporary_bytes', 'Bytes written to temporary files.', counted.temporaryBytes),
    of('active_seconds', 'Time that sessions spent in statements.', hasTimes ? counted.activeMs / 1000 : null),
    of(
      'idle_in_transaction_seconds',
      'Time that sessions spent idle in transactions.',
      hasTimes ? counted.idleInTransactionMs / 1000 : null,
    ),
    counter('checkpoints_total', 'Checkpoints by cause.', [
      [{ cause: 'timed' }, counted.timedCheckpoints],
      [{ cause: 'requested' }, counted.requestedCheckpoints],
    ]),
    gauge('oldest_xid_age', 'Transactions since the oldest unfrozen one, of all databases.', oldest(look, 'xidAge')),
    gauge('oldest_multixact_age', 'The same of multixacts.', oldest(look, 'multixactAge')),
  ];
}

const oldest = ({ databases }: SeenServer['look'], age: 'xidAge' | 'multixactAge'): number =>
  Math.max(0, ...databases.map((database) => database[age]));

function ofHorizon({ look: { horizons } }: SeenServer): readonly Metric[] {
  if (isUnread(horizons)) return [];
  const kinds = ['session', 'prepared-transaction', 'replication-slot', 'standby'] as const;
  const most = (kind: (typeof kinds)[number], figure: 'xidAge' | 'seconds'): number =>
    Math.max(0, ...horizons.flatMap((horizon) => (horizon.kind === kind ? [horizon[figure] ?? 0] : [])));
  return [
    gauge(
      'horizon_xid_age',
      'Transactions since the oldest one whose effects must stay visible, so that VACUUM removes nothing newer.',
      kinds.map((kind) => [{ kind }, most(kind, 'xidAge')]),
    ),
    gauge(
      'horizon_seconds',
      'For how long it has been there.',
      kinds
        .filter((kind) => kind === 'session' || kind === 'prepared-transaction')
        .map((kind) => [{ kind }, most(kind, 'seconds')]),
    ),
  ];
}

const ofReplication = ({ look: { slots, standbys } }: SeenServer): readonly Metric[] => [
  gauge(
    'replication_slots',
    'Replication slots.',
    [true, false].map((active) => [{ active: String(active) }, slots.filter((slot) => slot.active === active).length]),
  ),
  gauge(
    'replication_slot_retained_bytes',
    'WAL that the server keeps for a replication slot, the most.',
    Math.max(0, ...slots.map(({ retainedBytes }) => retainedBytes)),
  ),
  ...(isUnread(standbys)
    ? []
    : [
        gauge('standbys', 'Standbys that are connected.', standbys.length),
        gauge(
          'standby_lag_bytes',
          'WAL that a standby has not replayed, the most.',
          Math.max(0, ...standbys.map(({ lagBytes }) => lagBytes)),
        ),
      ]),
];

/** One metric over the named objects, and over the others together. */
const ofCounters = <Name extends string>(
  { named, other }: CounterTotals<Name>,
  labels: (key: string) => Labels,
  otherLabels: Labels,
) => {
  return (name: string, help: string, value: (values: Readonly<Record<Name, number>>) => number): Metric =>
    counter(name, help, [
      ...[...named].map(([key, values]) => [labels(key), value(values)] as const),
      [otherLabels, value(other)],
    ]);
};

const OTHER_TABLES = { schema: '', table: 'other' };

function ofTables({ look, tables }: SeenServer): readonly Metric[] {
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

function ofStatements({ look, statements, texts }: SeenServer): readonly Metric[] {
  if (isUnread(look.statements)) return [];
  const counted = ofCounters(statements, (queryid) => ({ queryid }), { queryid: 'other' });
  return [
    gauge(
      'statement_info',
      'The beginning of a statement without its constants; the value is 1.',
      [...texts].map(([queryid, statement]) => [{ queryid, statement }, 1]),
    ),
    counted('statement_calls_total', 'Executions.', ({ calls }) => calls),
    counted('statement_execution_seconds_total', 'Time of execution.', ({ executionMs }) => executionMs / 1000),
    counted(
      'statement_planning_seconds_total',
      'Time of planning, where pg_stat_statements.track_planning is on.',
      ({ planningMs }) => planningMs / 1000,
    ),
    counted('statement_rows_total', 'Rows returned or changed.', ({ rows }) => rows),
    counted('statement_blocks_hit_total', 'Buffers found in shared_buffers.', ({ blocksHit }) => blocksHit),
    counted('statement_blocks_read_total', 'Buffers read from the operating system.', ({ blocksRead }) => blocksRead),
    counted(
      'statement_temporary_blocks_written_total',
      'Buffers written to temporary files.',
      ({ temporaryBlocksWritten }) => temporaryBlocksWritten,
    ),
  ];
}

const OTHER_INDEXES = { schema: '', table: 'other', index: 'other', method: '' };
/** pgvector's own. */
const DEFAULT_EF_SEARCH = 40;

function ofVectorIndexes({ look, indexes }: SeenServer): readonly Metric[] {
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

const BUILD_STATES = ['progressing', 'working', 'waiting', 'stalled'] as const;

function ofBuilds({ look: { builds, hiddenBuilds } }: SeenServer): readonly Metric[] {
  const labelsOf = ({ last }: (typeof builds)[number]): Labels => ({
    table: last.table ?? '',
    index: last.index ?? '',
    method: last.method ?? '',
  });
  const each = (name: string, help: string, value: (build: (typeof builds)[number]) => number | null): Metric =>
    gauge(
      `index_build_${name}`,
      help,
      builds.map((build) => [labelsOf(build), value(build)]),
    );
  return [
    gauge('index_builds', 'CREATE INDEX and REINDEX that run on the server.', builds.length + hiddenBuilds),
    each('elapsed_seconds', 'For how long a build runs.', ({ last }) => last.elapsedMs / 1000),
    each('phase_progress_ratio', 'Share of its running phase that is done.', ({ forecast }) => forecast.share),
    each('phase_left_seconds', 'Time left of its running phase, at the present pace.', ({ forecast }) =>
      forecast.leftMs === null ? null : forecast.leftMs.value / 1000,
    ),
    gauge(
      'index_build_state',
      'Whether a build gets on: 1 for its state, 0 for all others.',
      builds.flatMap((build) =>
        BUILD_STATES.map((state) => [{ ...labelsOf(build), state }, Number(build.state.code === state)] as const),
      ),
    ),
  ];
}
