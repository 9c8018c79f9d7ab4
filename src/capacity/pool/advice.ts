import type { BusyBackends } from './busy.js';
import { erlangC, serversNeeded } from './erlang.js';

/** The application's processes, which have a pool each. */
export interface ApplicationShape {
  readonly webProcesses: number;
  readonly workerProcesses: number;
  /** Requests that one process serves at once. */
  readonly tasksPerProcess: number;
  /** Connections that one request holds at the same time, at most. */
  readonly connectionsPerTask: number;
  /** How many times the load seen is to be carried. */
  readonly growth: number;
}

/** Limits of the server. */
export interface ServerCapacity {
  readonly maxConnections: number;
  /** Kept for superusers and for roles with `pg_use_reserved_connections`. */
  readonly reservedConnections: number;
  /** Null when not known. */
  readonly cores: number | null;
}

/** A pool of each process of a kind. */
export interface ProcessPool {
  readonly processes: number;
  readonly perProcess: number;
  /** Fewer, and requests that hold several connections can wait for one another for ever. */
  readonly deadlockFloor: number;
}

/** How many connections to keep, and where. */
export interface PoolAdvice {
  /** Offered load that the sizes are for: busy backends, growth included. */
  readonly load: number;
  /** Backends at which at most 5 % of the statements wait for a free one. */
  readonly needed: number;
  /** Backends beyond which more only wait for one another on the server; null when the cores are not known. */
  readonly useful: number | null;
  /** Backends to keep in all. */
  readonly backends: number;
  /** Share of the statements that find all backends busy. */
  readonly waitingShare: number;
  readonly web: ProcessPool;
  /** Null without worker processes. */
  readonly workers: ProcessPool | null;
  /** Connections of all pools. */
  readonly poolConnections: number;
  /** `max_connections` that leaves room for them and for people. */
  readonly maxConnections: number;
  /** True where the pools of all processes together exceed what is useful: put PgBouncer between. */
  readonly needsPooler: boolean;
}

const MOST_WAITING = 0.05;
/** For migrations, monitoring, psql. */
const PEOPLE = 5;

/**
 * Sizes of pools for a load.
 *
 * - *needed*: Erlang's C formula at the higher of the mean and half the peak seen, times the growth.
 * - *useful*: cores × 2 + 1 (PostgreSQL wiki, Number Of Database Connections): statements that are in memory only
 *   compete for cores.
 * - *deadlock floor*: tasks × (connections − 1) + 1 (HikariCP wiki, About Pool Sizing).
 */
export function poolAdvice(busy: BusyBackends, shape: ApplicationShape, server: ServerCapacity): PoolAdvice {
  const load = shape.growth * Math.max(busy.mean ?? 0, busy.peak / 2);
  const needed = serversNeeded(load, MOST_WAITING);
  const useful = server.cores === null ? null : 2 * server.cores + 1;
  const backends = Math.min(needed, useful ?? Infinity);
  const processes = shape.webProcesses + shape.workerProcesses;
  const floor = shape.tasksPerProcess * (shape.connectionsPerTask - 1) + 1;
  const poolOf = (count: number): ProcessPool => ({
    processes: count,
    perProcess: Math.max(floor, Math.ceil(backends / processes)),
    deadlockFloor: floor,
  });
  const web = poolOf(shape.webProcesses);
  const workers = shape.workerProcesses === 0 ? null : poolOf(shape.workerProcesses);
  const poolConnections = [web, workers].reduce((sum, pool) => sum + (pool ? pool.processes * pool.perProcess : 0), 0);
  const needsPooler = useful !== null && poolConnections > 2 * useful;
  const fromPools = needsPooler ? backends : poolConnections;
  return {
    load,
    needed,
    useful,
    backends,
    waitingShare: erlangC(load, backends),
    web,
    workers,
    poolConnections,
    maxConnections: 10 * Math.ceil((fromPools + server.reservedConnections + PEOPLE) / 10),
    needsPooler,
  };
}
