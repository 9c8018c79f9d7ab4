import { isUnread } from '../../findings.js';
import type { SeenServer } from '../../monitoring/index.js';
import { parseBytes } from '../../units.js';
import type { Metric } from '../exports/text-format.js';
import { counter, gauge, seconds } from './metric.js';

/** The server as a whole: settings, sessions, transactions, what holds back vacuum, replication. */
export const metricsOfServer = (seen: SeenServer): readonly Metric[] => [
  ...ofWholeServer(seen),
  ...ofSessions(seen),
  ...ofDatabase(seen),
  ...ofHorizon(seen),
  ...ofReplication(seen),
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
