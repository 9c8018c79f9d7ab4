import type { ApplicationShape, BusyBackends, PoolAdvice, ProcessPool, ServerCapacity } from '../../capacity/index.js';
import type { LeakingSet, PoolTexts } from '../text/pool-texts.js';

/** Everything that the report on a pool is written from. */
export interface PoolView {
  readonly busy: BusyBackends;
  readonly shape: ApplicationShape;
  readonly server: ServerCapacity;
  readonly advice: PoolAdvice;
  readonly pooled: boolean;
  readonly leakingSets: readonly LeakingSet[] | null;
  readonly seesEverybody: boolean;
}

/** The report, line by line: the decision, what was seen, settings, warnings. */
export const poolLines = (view: PoolView, texts: PoolTexts): readonly string[] => [
  ...decisionLines(view, texts),
  '',
  ...seenLines(view, texts),
  '',
  ...settingsLines(view, texts),
  ...warningLines(view, texts),
];

function decisionLines({ advice, server, shape }: PoolView, texts: PoolTexts): readonly string[] {
  const { needed, useful, web, workers, poolConnections } = advice;
  const pools = [['web', web] as const, ...(workers === null ? [] : [['worker', workers] as const])];
  return [
    texts.backends(advice, shape.growth),
    texts.pools(pools, advice, server),
    ...(useful !== null && needed > useful ? [texts.beyondCores({ needed, useful, cores: server.cores ?? 0 })] : []),
    ...(advice.needsPooler ? [texts.needsPooler(poolConnections)] : []),
  ];
}

const seenLines = ({ busy, seesEverybody, pooled }: PoolView, texts: PoolTexts): readonly string[] => [
  ...texts.seen(busy),
  ...(pooled ? [`  ${texts.pooled}`] : []),
  ...(seesEverybody ? [] : [`  ${texts.onlyOwnSessions}`]),
];

/** Settings of what keeps pools, ready to paste. */
const settingsLines = ({ advice, server }: PoolView, { settings }: PoolTexts): readonly string[] => [
  settings.nodePostgres,
  ...nodePostgres(advice.web),
  settings.sqlAlchemy,
  ...sqlAlchemy(advice.web),
  ...(advice.workers === null ? [] : [settings.workers, ...sqlAlchemy(advice.workers)]),
  settings.pgBouncer,
  ...pgBouncer(advice),
  ...(advice.maxConnections > server.maxConnections ? [settings.postgres, `  ${maxConnectionsSql(advice)}`] : []),
];

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

function warningLines({ leakingSets, pooled }: PoolView, texts: PoolTexts): readonly string[] {
  if (leakingSets === null) return ['', texts.leaksNotChecked];
  return leakingSets.length === 0 ? [] : ['', texts.leaking(leakingSets, pooled)];
}
