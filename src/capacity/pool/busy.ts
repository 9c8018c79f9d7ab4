/** Counters of one database at a moment, which only grow. Null where the server has them not, or not for this role. */
export interface PoolCounters {
  /** Milliseconds, by the server's clock. */
  readonly atMs: number;
  readonly transactions: number;
  /** Time that sessions spent executing statements, milliseconds: from PostgreSQL 14 on, `pg_stat_database.active_time`. */
  readonly activeMs: number | null;
  readonly idleInTransactionMs: number | null;
  /** Of all statements of the database in `pg_stat_statements`. */
  readonly statements: { readonly calls: number; readonly executionMs: number } | null;
  /** When the counters were last set to zero. */
  readonly resetAt: string | null;
}

/** Client backends of the database at one look. */
export interface BackendCounts {
  readonly active: number;
  readonly idle: number;
  readonly idleInTransaction: number;
  /** Of the active ones, those that wait for a lock. */
  readonly waitingForLock: number;
}

/** How busy the database was between two snapshots. */
export interface BusyBackends {
  readonly seconds: number;
  /** Backends that execute a statement, on average; null when neither view shows it. */
  readonly mean: number | null;
  /** Where the mean is from. */
  readonly source: 'pg_stat_database' | 'pg_stat_statements' | 'samples';
  /** The most that one look saw, of `looks`. */
  readonly peak: number;
  readonly looks: number;
  /** Backends that hold a transaction open and execute nothing, on average. */
  readonly idleInTransaction: number;
  readonly transactionsPerSecond: number;
  readonly statementsPerSecond: number | null;
  /** Mean time of a statement on the server; null where `pg_stat_statements` is not there. */
  readonly statementMs: number | null;
  /** The most backends of all states that one look saw. */
  readonly connections: number;
  readonly waitingForLock: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const most = (values: readonly number[]): number => Math.max(0, ...values);

/**
 * Mean busy backends by Little's law: the time that statements took, over the time in which they did.
 *
 * Source: Little, A Proof for the Queuing Formula L = λW, Operations Research 9, 1961. Counters are written when a
 * statement ends, so one that runs for longer than the interval counts where it ends; the looks see it.
 *
 * @param looks at least one, between both snapshots
 */
export function busyBackends(before: PoolCounters, after: PoolCounters, looks: readonly BackendCounts[]): BusyBackends {
  const ms = after.atMs - before.atMs;
  const wasReset = before.resetAt !== after.resetAt;
  const over = (value: (counters: PoolCounters) => number | null): number | null => {
    const [from, to] = [value(before), value(after)];
    return wasReset || from === null || to === null || to < from ? null : to - from;
  };
  const active = over(({ activeMs }) => activeMs);
  const execution = over(({ statements }) => statements?.executionMs ?? null);
  const calls = over(({ statements }) => statements?.calls ?? null);
  const idleMs = over(({ idleInTransactionMs }) => idleInTransactionMs);
  const seen = mean(looks.map((look) => look.active));
  const busyMs = active ?? execution;
  return {
    seconds: ms / 1000,
    mean: busyMs === null ? seen : busyMs / ms,
    source: active === null ? (execution === null ? 'samples' : 'pg_stat_statements') : 'pg_stat_database',
    peak: most(looks.map((look) => look.active)),
    looks: looks.length,
    idleInTransaction: idleMs === null ? mean(looks.map((look) => look.idleInTransaction)) : idleMs / ms,
    transactionsPerSecond: (1000 * Math.max(0, after.transactions - before.transactions)) / ms,
    statementsPerSecond: calls === null ? null : (1000 * calls) / ms,
    statementMs: calls === null || calls === 0 || execution === null ? null : execution / calls,
    connections: most(looks.map((look) => look.active + look.idle + look.idleInTransaction)),
    waitingForLock: mean(looks.map((look) => look.waitingForLock)),
  };
}
