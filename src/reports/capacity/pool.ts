import type { ApplicationShape, BusyBackends, PoolAdvice, ProcessPool, ServerCapacity } from '../../capacity/index.js';
import { formatCount, formatMs, formatPercent } from '../../units.js';
import { plural } from '../text/en/plural.js';

/** Everything that the report on a pool is written from. */
export interface PoolView {
  readonly busy: BusyBackends;
  readonly shape: ApplicationShape;
  readonly server: ServerCapacity;
  readonly advice: PoolAdvice;
  readonly pooled: boolean;
  readonly leakingSets: readonly { readonly name: string; readonly calls: number }[] | null;
  readonly seesEverybody: boolean;
}

const decimals = (value: number): string => Number(value.toPrecision(3)).toString();

/** The report, line by line: the decision, what was seen, settings, warnings. */
export const poolLines = (view: PoolView): readonly string[] => [
  ...decisionLines(view),
  '',
  ...seenLines(view),
  '',
  ...settingsLines(view),
  ...warningLines(view),
];

function decisionLines({ advice, server, shape }: PoolView): readonly string[] {
  const { backends, load, needed, useful, waitingShare, web, workers, poolConnections, maxConnections } = advice;
  const growth = shape.growth === 1 ? '' : ` (${decimals(shape.growth)} times what was seen)`;
  const pools = [poolText('web', web), ...(workers === null ? [] : [poolText('worker', workers)])].join(', ');
  const change =
    maxConnections > server.maxConnections
      ? `raise max_connections from ${server.maxConnections} to ${maxConnections} (restart)`
      : `max_connections = ${server.maxConnections} suffices (${maxConnections} would)`;
  const limit =
    useful !== null && needed > useful
      ? [
          `The load wants ${needed} backends, but ${formatCount(server.cores ?? 0)} cores serve at most ${useful} well: more of them would only wait for one another. Make the statements cheaper, or add cores or a replica.`,
        ]
      : [];
  return [
    `${plural(backends, { one: 'backend', other: 'backends' })} for an average load of ${decimals(load)} busy backends${growth}: ${formatPercent(waitingShare)} of the statements wait for a free one.`,
    `Pools: ${pools}; ${plural(poolConnections, { one: 'connection', other: 'connections' })} in all; ${change}.`,
    ...limit,
    ...(advice.needsPooler
      ? [
          `The pools of all processes together hold ${poolConnections} connections, more than twice what the server can use: put PgBouncer in transaction mode between.`,
        ]
      : []),
  ];
}

const poolText = (name: string, { processes, perProcess, deadlockFloor }: ProcessPool): string =>
  `${perProcess} for each of ${formatCount(processes)} ${name} process${processes === 1 ? '' : 'es'} (deadlock floor ${deadlockFloor})`;

const SOURCES: Readonly<Record<BusyBackends['source'], string>> = {
  pg_stat_database: 'pg_stat_database.active_time',
  pg_stat_statements: 'execution time in pg_stat_statements',
  samples: 'samples of pg_stat_activity alone',
};

function seenLines({ busy, seesEverybody, pooled }: PoolView): readonly string[] {
  const { mean, peak, looks, seconds, source, transactionsPerSecond, statementsPerSecond, statementMs } = busy;
  return [
    `Seen in ${formatMs(1000 * seconds)}:`,
    `  busy backends    ${mean === null ? 'unknown' : decimals(mean)} on average (${SOURCES[source]}), at most ${peak} in ${looks} samples`,
    `  rate             ${decimals(transactionsPerSecond)} transactions a second${statementsPerSecond === null || statementMs === null ? '' : `, ${decimals(statementsPerSecond)} statements of ${formatMs(statementMs)}`}`,
    `  idle in transaction  ${decimals(busy.idleInTransaction)} on average: each holds a backend and does nothing`,
    `  connections      at most ${busy.connections}; waiting for a lock: ${decimals(busy.waitingForLock)}`,
    ...(pooled ? ['  A pooler shares backends among sessions (transaction pooling).'] : []),
    ...(seesEverybody ? [] : ['  This role sees only its own sessions: a member of pg_read_all_stats sees them all.']),
  ];
}

/** Settings of what keeps pools, ready to paste. */
function settingsLines({ advice, server }: PoolView): readonly string[] {
  return [
    'node-postgres (web):',
    ...nodePostgres(advice.web),
    'SQLAlchemy (web):',
    ...sqlAlchemy(advice.web),
    ...(advice.workers === null
      ? []
      : ['SQLAlchemy (workers, an engine of their own):', ...sqlAlchemy(advice.workers)]),
    'PgBouncer ([pgbouncer] section):',
    ...pgBouncer(advice),
    ...(advice.maxConnections > server.maxConnections
      ? ['PostgreSQL (restart it afterwards):', `  ${maxConnectionsSql(advice)}`]
      : []),
  ];
}

const nodePostgres = ({ perProcess }: ProcessPool): readonly string[] => [
  `  new Pool({ max: ${perProcess}, connectionTimeoutMillis: 5000, idleTimeoutMillis: 30000, maxLifetimeSeconds: 1800 })`,
];

/** What SQLAlchemy keeps, and what it may open beyond: together the pool's size. */
function sqlAlchemy({ perProcess, deadlockFloor }: ProcessPool): readonly string[] {
  const kept = Math.max(deadlockFloor, Math.ceil(0.75 * perProcess));
  return [
    `  create_engine(url, pool_size=${kept}, max_overflow=${perProcess - kept}, pool_timeout=5, pool_pre_ping=True, pool_recycle=1800)`,
  ];
}

const pgBouncer = ({ backends, poolConnections }: PoolAdvice): readonly string[] => [
  '  pool_mode = transaction',
  `  default_pool_size = ${backends}`,
  `  reserve_pool_size = ${Math.max(1, Math.ceil(backends / 5))}`,
  `  max_client_conn = ${100 * Math.ceil((2 * poolConnections) / 100)}`,
  '  server_idle_timeout = 600',
];

/** Runs verbatim. */
const maxConnectionsSql = ({ maxConnections }: PoolAdvice): string =>
  `ALTER SYSTEM SET max_connections = ${maxConnections};`;

function warningLines({ leakingSets, pooled }: PoolView): readonly string[] {
  const advice =
    'Use SET LOCAL or set_config(name, value, true) inside the transaction, or ALTER ROLE … SET; tune prints such statements.';
  if (leakingSets !== null && leakingSets.length > 0) {
    const names = leakingSets.map(({ name, calls }) => `SET ${name} (${formatCount(calls)} calls)`).join(', ');
    return [
      '',
      pooled
        ? `Warning: ${names} without LOCAL, behind transaction pooling: the value goes on to whoever gets the backend next. ${advice}`
        : `Warning: ${names} without LOCAL: under transaction pooling, or in a pool that does not reset sessions, the value goes on to whoever gets the connection next. ${advice}`,
    ];
  }
  return leakingSets === null
    ? [
        '',
        `Not checked, for want of pg_stat_statements: whether SET hnsw.* leaks between sessions of a pool. ${advice}`,
      ]
    : [];
}
