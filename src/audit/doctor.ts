import { defectsOf, hnswSpillRow, isOlder, valueBytes } from '../indexes/index.js';
import type { Finding } from '../results/index.js';
import { formatBytes, formatCount, parseBytes } from '../units.js';
import type { DoctorSnapshot } from './doctor-snapshot.js';

/** Dimensions and m that "how many rows fit" is quoted for: a common embedding under pgvector's default. */
const EXAMPLE = { dimensions: 768, m: 16 };

type Check = (snapshot: DoctorSnapshot) => readonly Finding[];

const error = (code: string, text: string): Finding => ({ code, severity: 'error', text });
const warning = (code: string, text: string): Finding => ({ code, severity: 'warning', text });
const info = (code: string, text: string): Finding => ({ code, severity: 'info', text });

/** Each looks at one thing; a new check is one entry here. */
const CHECKS: readonly Check[] = [
  ({ facts }) =>
    defectsOf(facts.pgvector).map(({ code, text, fixedIn }) =>
      warning(code, `pgvector ${facts.pgvector}: ${text} Fixed in ${fixedIn}.`),
    ),
  ({ facts, pgvectorAvailable }) =>
    pgvectorAvailable && isOlder(facts.pgvector, pgvectorAvailable)
      ? [
          info(
            'extension-outdated',
            `pgvector ${facts.pgvector} is in use, ${pgvectorAvailable} is installed: ALTER EXTENSION vector UPDATE;`,
          ),
        ]
      : [],
  ({ facts }) =>
    isOlder(facts.pgvector, '0.8.0')
      ? [
          warning(
            'no-iterative-scan',
            `pgvector ${facts.pgvector} has no iterative scans, and its planner costs an HNSW scan without regard to ef_search.`,
          ),
        ]
      : [],
  ({ server }) =>
    server.capabilities.nativeTimings
      ? []
      : [
          warning(
            'not-native',
            `${server.label}: latencies are not those of a native server; recall, plans, buffers and sizes are.`,
          ),
        ],
  ({ inRecovery, settings }) =>
    inRecovery || settings['default_transaction_read_only'] === 'on'
      ? [error('read-only', 'The server is a standby or read-only: nothing can be loaded or built here.')]
      : [],
  ({ mayCreateSchema }) =>
    mayCreateSchema ? [] : [error('no-create', 'The role may not create a schema: GRANT CREATE ON DATABASE … TO …;')],
  ({ backendsSeen }) =>
    backendsSeen > 1
      ? [
          error(
            'pooler',
            'Several backends answered one connection: a pooler in transaction mode stands between. Connect to the server itself.',
          ),
        ]
      : [],
  ({ otherActiveBackends }) =>
    otherActiveBackends > 0
      ? [
          warning(
            'not-alone',
            `${otherActiveBackends} other sessions are running statements: they share processor and cache with every measurement.`,
          ),
        ]
      : [],
  ({ settings }) =>
    ['enable_seqscan', 'enable_indexscan', 'enable_sort']
      .filter((name) => settings[name] === 'off')
      .map((name) =>
        error('planner-forced', `${name} is off: plans here are not those that an application would get.`),
      ),
  ({ settings }) =>
    settings['plan_cache_mode'] !== undefined && settings['plan_cache_mode'] !== 'auto'
      ? [
          warning(
            'plan-cache-mode',
            `plan_cache_mode is ${settings['plan_cache_mode']}: prepared statements are planned otherwise than by default.`,
          ),
        ]
      : [],
  ({ settings }) =>
    settings['jit'] === 'on'
      ? [
          warning(
            'jit',
            'jit is on: an expensive plan, such as the exact scan of a large table, is compiled first, which can cost more than the query.',
          ),
        ]
      : [],
  ({ settings }) =>
    settings['autovacuum'] === 'on'
      ? [
          info(
            'autovacuum',
            'autovacuum is on: it may run in the middle of a measurement (pgvtune turns it off on its own tables only).',
          ),
        ]
      : [],
  ({ settings }) =>
    settings['log_statement'] === 'all' || settings['log_min_duration_statement'] === '0'
      ? [warning('logs-everything', 'Every statement is logged, with its vectors: each query also waits for the log.')]
      : [],
  ({ settings }) =>
    settings['auto_explain.log_min_duration'] !== undefined && settings['auto_explain.log_min_duration'] !== '-1'
      ? [warning('auto-explain', 'auto_explain is on: it instruments the queries that are measured.')]
      : [],
  ({ settings }) =>
    settings['debug_assertions'] === 'on'
      ? [error('assertions', 'The server is a debug build: its times mean nothing.')]
      : [],
  ({ settings }) =>
    settings['max_parallel_maintenance_workers'] === '0' || settings['max_parallel_workers'] === '0'
      ? [
          info(
            'serial-builds',
            'Index builds are serial: max_parallel_maintenance_workers or max_parallel_workers is 0.',
          ),
        ]
      : [],
  checkBuildMemory,
  checkSharedMemory,
  ({ settings }) =>
    bytesOf(settings['shared_buffers']) <= 128 * 1024 * 1024
      ? [
          warning(
            'small-buffers',
            `shared_buffers is ${settings['shared_buffers']}: an index larger than that is read through the operating system, or from disk.`,
          ),
        ]
      : [],
  ({ loadPerCore }) =>
    loadPerCore > 0.7
      ? [
          warning(
            'busy-machine',
            `This machine has a load of ${loadPerCore.toFixed(1)} per core: the client's own times will be noisy.`,
          ),
        ]
      : [],
];

/** What on this server would spoil a measurement, worst first. */
export function doctor(snapshot: DoctorSnapshot): readonly Finding[] {
  const rank = { error: 0, warning: 1, info: 2 };
  return CHECKS.flatMap((check) => check(snapshot)).sort((a, b) => rank[a.severity] - rank[b.severity]);
}

/** `512MB` as PostgreSQL shows it → bytes; 0 when the setting is not there. */
const bytesOf = (setting: string | undefined): number => (setting === undefined ? 0 : parseBytes(setting));

function checkBuildMemory({ settings, facts }: DoctorSnapshot): readonly Finding[] {
  const memory = bytesOf(settings['maintenance_work_mem']);
  const parallel = Number(settings['max_parallel_maintenance_workers'] ?? 0) > 0;
  const build = {
    m: EXAMPLE.m,
    valueBytes: valueBytes({ type: 'vector', dimensions: EXAMPLE.dimensions }),
    parallelWorkers: parallel ? 1 : 0,
    pgVersion: Math.floor(facts.versionNumber / 10_000),
  };
  const spill = hnswSpillRow(build, Number.MAX_SAFE_INTEGER, memory) ?? Infinity;
  const text = `With maintenance_work_mem ${settings['maintenance_work_mem']}, an HNSW build (m ${EXAMPLE.m}, ${EXAMPLE.dimensions} dimensions) goes to disk after ${formatCount(spill)} rows, and is several times slower from there.`;
  return [spill < 100_000 ? warning('build-memory', text) : info('build-memory', text)];
}

function checkSharedMemory({ settings, sharedMemoryBytes }: DoctorSnapshot): readonly Finding[] {
  const memory = bytesOf(settings['maintenance_work_mem']);
  const parallel = Number(settings['max_parallel_maintenance_workers'] ?? 0) > 0;
  if (sharedMemoryBytes === null || !parallel || settings['dynamic_shared_memory_type'] !== 'posix') return [];
  if (sharedMemoryBytes >= memory) return [];
  return [
    error(
      'small-shm',
      `/dev/shm has ${formatBytes(sharedMemoryBytes)} and maintenance_work_mem is ${formatBytes(memory)}: a parallel build fails with "could not resize shared memory segment". Enlarge it (--shm-size), or set max_parallel_maintenance_workers = 0.`,
    ),
  ];
}
