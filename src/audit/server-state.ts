import { isUnread } from '../findings.js';
import { autovacuumThreshold } from './autovacuum-threshold.js';
import { demandedBytes, type MemoryDemand, memoryDemandOf } from './memory-demand.js';
import type { Horizon } from './snapshot/activity.js';
import { countersSince, type DatabaseSnapshot } from './snapshot/database.js';
import { plainName } from './sql.js';

/** How a server is, subject by subject, whether or not anything is wrong with it. */
export type ServerState =
  /** RAM is null where the machine is not visible. */
  | {
      readonly code: 'memory';
      readonly data: MemoryDemand & { readonly sumBytes: number; readonly memoryBytes: number | null };
    }
  /** Since its counters count; no share where nothing was read. */
  | {
      readonly code: 'cache';
      readonly data: {
        readonly hitShare: number | null;
        readonly blocksRead: number;
        readonly sharedBuffersBytes: number;
      };
    }
  | {
      readonly code: 'checkpoints';
      readonly data: { readonly timed: number; readonly requested: number; readonly maxWalSize: string };
    }
  /** Tables with more dead rows than autovacuum leaves. */
  | {
      readonly code: 'autovacuum';
      readonly data: { readonly isOn: boolean; readonly due: number; readonly tables: number };
    }
  /** Dead rows that VACUUM has not removed, and the table with most of them. */
  | {
      readonly code: 'bloat';
      readonly data: {
        readonly deadRows: number;
        readonly liveRows: number;
        readonly worst: { readonly table: string; readonly deadRows: number } | null;
      };
    }
  /** Sessions that wait, and what holds VACUUM back longest; null where the role may not see sessions. */
  | {
      readonly code: 'locks';
      readonly data: {
        readonly waiting: number;
        readonly oldest: Pick<Horizon, 'kind' | 'name' | 'xidAge'> | null;
      } | null;
    }
  | {
      readonly code: 'connections';
      readonly data: { readonly connections: number; readonly most: number; readonly idleInTransaction: number | null };
    }
  /** The database whose oldest rows are oldest, with the share of the age at which the server stops to write. */
  | {
      readonly code: 'wraparound';
      readonly data: { readonly database: string; readonly xidAge: number; readonly share: number };
    }
  /** Standbys are null where the role may not see them. */
  | {
      readonly code: 'replication';
      readonly data: {
        readonly standbys: number | null;
        readonly mostLagBytes: number;
        readonly slots: number;
        readonly retainedBytes: number;
      };
    };

/** Source: PostgreSQL manual, "Preventing Transaction ID Wraparound Failures". */
const MOST_AGE = 2 ** 31;

/** In the order of a report, with the moment since when counters count. */
export function serverState(snapshot: DatabaseSnapshot): {
  readonly since: string;
  readonly states: readonly ServerState[];
} {
  const { server, settings, memoryBytes, activity, checkpoints, databases, sessions, slots, standbys } = snapshot;
  const demand = memoryDemandOf(server, settings);
  const tables = snapshot.tables.filter(({ kind }) => kind !== 'partitioned');
  const worst = tables.toSorted((a, b) => b.activity.deadRows - a.activity.deadRows)[0];
  const oldest = databases.toSorted((a, b) => b.xidAge - a.xidAge)[0];
  const blocksAsked = activity.blocksHit + activity.blocksRead;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const states: readonly ServerState[] = [
    {
      code: 'memory',
      data: { ...demand, sumBytes: demandedBytes(demand), memoryBytes: isUnread(memoryBytes) ? null : memoryBytes },
    },
    {
      code: 'cache',
      data: {
        hitShare: blocksAsked === 0 ? null : activity.blocksHit / blocksAsked,
        blocksRead: activity.blocksRead,
        sharedBuffersBytes: demand.sharedBuffersBytes,
      },
    },
    {
      code: 'checkpoints',
      data: { timed: checkpoints.timed, requested: checkpoints.requested, maxWalSize: settings['max_wal_size'] ?? '' },
    },
    {
      code: 'autovacuum',
      data: {
        isOn: settings['autovacuum'] === 'on',
        due: tables.filter((table) => table.activity.deadRows > autovacuumThreshold(table, settings)).length,
        tables: tables.length,
      },
    },
    {
      code: 'bloat',
      data: {
        deadRows: sum(tables.map((table) => table.activity.deadRows)),
        liveRows: sum(tables.map((table) => table.activity.liveRows)),
        worst:
          worst && worst.activity.deadRows > 0 ? { table: plainName(worst), deadRows: worst.activity.deadRows } : null,
      },
    },
    { code: 'locks', data: locks(snapshot) },
    {
      code: 'connections',
      data: {
        connections: activity.connections,
        most: demand.maxConnections,
        idleInTransaction: isUnread(sessions)
          ? null
          : sessions.filter(({ state }) => state.startsWith('idle in transaction')).length,
      },
    },
    ...(oldest
      ? [
          {
            code: 'wraparound' as const,
            data: {
              database: oldest.name,
              xidAge: oldest.xidAge,
              share: Math.max(oldest.xidAge, oldest.multixactAge) / MOST_AGE,
            },
          },
        ]
      : []),
    {
      code: 'replication',
      data: {
        standbys: isUnread(standbys) ? null : standbys.length,
        mostLagBytes: isUnread(standbys) ? 0 : Math.max(0, ...standbys.map(({ lagBytes }) => lagBytes)),
        slots: slots.length,
        retainedBytes: sum(slots.map(({ retainedBytes }) => retainedBytes)),
      },
    },
  ];
  return { since: countersSince(server), states };
}

function locks({ sessions, horizons }: DatabaseSnapshot): Extract<ServerState, { readonly code: 'locks' }>['data'] {
  if (isUnread(sessions) || isUnread(horizons)) return null;
  return { waiting: sessions.filter(({ waitsForLock }) => waitsForLock).length, oldest: horizons[0] ?? null };
}
