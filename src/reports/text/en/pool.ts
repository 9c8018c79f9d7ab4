import type { BusyBackends, ProcessPool } from '../../../capacity/index.js';
import { formatCount, formatMs, formatPercent } from '../../../units.js';
import type { PoolTexts } from '../pool-texts.js';
import { plural } from './plural.js';

const decimals = (value: number): string => Number(value.toPrecision(3)).toString();

const SOURCES: Readonly<Record<BusyBackends['source'], string>> = {
  pg_stat_database: 'pg_stat_database.active_time',
  pg_stat_statements: 'execution time in pg_stat_statements',
  samples: 'samples of pg_stat_activity alone',
};

const LEAK_ADVICE =
  'Use SET LOCAL or set_config(name, value, true) inside the transaction, or ALTER ROLE … SET; tune prints such statements.';

const poolText = (name: string, { processes, perProcess, deadlockFloor }: ProcessPool): string =>
  `${perProcess} for each of ${formatCount(processes)} ${name} process${processes === 1 ? '' : 'es'} (deadlock floor ${deadlockFloor})`;

export const pool: PoolTexts = {
  backends: ({ backends, load, waitingShare }, growth) =>
    `${plural(backends, { one: 'backend', other: 'backends' })} for an average load of ${decimals(load)} busy backends${growth === 1 ? '' : ` (${decimals(growth)} times what was seen)`}: ${formatPercent(waitingShare)} of the statements wait for a free one.`,
  pools: (pools, { poolConnections, maxConnections }, server) => {
    const change =
      maxConnections > server.maxConnections
        ? `raise max_connections from ${server.maxConnections} to ${maxConnections} (restart)`
        : `max_connections = ${server.maxConnections} suffices (${maxConnections} would)`;
    return `Pools: ${pools.map(([kind, one]) => poolText(kind, one)).join(', ')}; ${plural(poolConnections, { one: 'connection', other: 'connections' })} in all; ${change}.`;
  },
  beyondCores: ({ needed, useful, cores }) =>
    `The load wants ${needed} backends, but ${formatCount(cores)} cores serve at most ${useful} well: more of them would only wait for one another. Make the statements cheaper, or add cores or a replica.`,
  needsPooler: (poolConnections) =>
    `The pools of all processes together hold ${poolConnections} connections, more than twice what the server can use: put PgBouncer in transaction mode between.`,
  seen: ({ mean, source, peak, looks, statementsPerSecond, statementMs, ...busy }) => [
    `Seen in ${formatMs(1000 * busy.seconds)}:`,
    `  busy backends    ${mean === null ? 'unknown' : decimals(mean)} on average (${SOURCES[source]}), at most ${peak} in ${looks} samples`,
    `  rate             ${decimals(busy.transactionsPerSecond)} transactions a second${statementsPerSecond === null || statementMs === null ? '' : `, ${decimals(statementsPerSecond)} statements of ${formatMs(statementMs)}`}`,
    `  idle in transaction  ${decimals(busy.idleInTransaction)} on average: each holds a backend and does nothing`,
    `  connections      at most ${busy.connections}; waiting for a lock: ${decimals(busy.waitingForLock)}`,
  ],
  pooled: 'A pooler shares backends among sessions (transaction pooling).',
  onlyOwnSessions: 'This role sees only its own sessions: a member of pg_read_all_stats sees them all.',
  settings: {
    nodePostgres: 'node-postgres (web):',
    sqlAlchemy: 'SQLAlchemy (web):',
    workers: 'SQLAlchemy (workers, an engine of their own):',
    pgBouncer: 'PgBouncer ([pgbouncer] section):',
    postgres: 'PostgreSQL (restart it afterwards):',
  },
  leaking: (sets, pooled) => {
    const names = sets.map(({ name, calls }) => `SET ${name} (${formatCount(calls)} calls)`).join(', ');
    return pooled
      ? `Warning: ${names} without LOCAL, behind transaction pooling: the value goes on to whoever gets the backend next. ${LEAK_ADVICE}`
      : `Warning: ${names} without LOCAL: under transaction pooling, or in a pool that does not reset sessions, the value goes on to whoever gets the connection next. ${LEAK_ADVICE}`;
  },
  leaksNotChecked: `Not checked, for want of pg_stat_statements: whether SET hnsw.* leaks between sessions of a pool. ${LEAK_ADVICE}`,
};
