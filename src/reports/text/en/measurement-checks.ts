import type { MeasurementFinding } from '../../../audit/index.js';
import { formatBytes, formatCount, formatPercent } from '../../../units.js';
import type { Catalogue } from '../catalogue.js';
import { sqlName } from '../sql-name.js';
import { knownDefects } from './known-defects.js';
import { plural } from './plural.js';

/** What distorts or prevents a measurement: the cause, its effect, the remedy. */
export const measurementChecks: Catalogue<MeasurementFinding> = {
  'auto-explain': ({ role, logMinDuration, logAnalyze }) =>
    `auto_explain is active (log_min_duration = ${logMinDuration}): ${
      logAnalyze
        ? 'with log_analyze it instruments every statement, which slows all of them down'
        : 'writing plans to the log adds to the latency of the statements that exceed it'
    }. As a superuser, run: ${setForRole(role, 'auto_explain.log_min_duration', '-1')}`,

  autovacuum: ({ workers }) =>
    `autovacuum is on: up to ${plural(workers, { one: 'worker', other: 'workers' })} may compete with a measurement for CPU and I/O. Leave it on. pgvtune disables it for its own tables only, and records the workers that run during a measurement.`,

  'build-memory': ({ m, dimensions, maintenanceWorkMemBytes, rowsInMemory, bytesForMillionRows }) =>
    `maintenance_work_mem is ${formatBytes(maintenanceWorkMemBytes)}: an HNSW build (m = ${m}, ${dimensions} dimensions) keeps the first ${formatCount(rowsInMemory)} rows in memory and inserts the others on disk, several times more slowly. A million rows need ${formatBytes(bytesForMillionRows)}. Raise it in the session that builds a larger index; pgvtune plan predicts how much the build needs.`,

  'busy-machine': ({ share, idleShare }) =>
    `This machine is busy: other programs use ${formatPercent(share)} of its CPU time, and ${formatPercent(idleShare)} is idle. That makes the client's times noisy. Stop other programs, or run pgvtune on an idle machine.`,

  'debug-build': () =>
    'The server is a debug build (debug_assertions = on): its times say nothing about a production build. Install PostgreSQL compiled without --enable-cassert.',

  'extension-outdated': ({ version, available }) =>
    `The database uses pgvector ${version}, but ${available} is installed on the server. Run: ALTER EXTENSION vector UPDATE;`,

  jit: ({ role, aboveCost }) =>
    `jit is on: a plan that costs more than ${formatCount(aboveCost)} (jit_above_cost), such as an exact scan of a large table, is compiled first, which can take longer than the query itself. Run: ${setForRole(role, 'jit', 'off')}`,

  'known-defects': ({ version, defect, fixedIn }) =>
    `pgvector ${version} has a known defect: ${knownDefects[defect](fixedIn)}`,

  'memory-sum': (sum) =>
    `The server can use ${formatBytes(sum.sumBytes)} of memory, but has ${formatBytes(sum.memoryBytes)}: ${list([
      `shared_buffers ${formatBytes(sum.sharedBuffersBytes)}`,
      `one index build ${formatBytes(sum.maintenanceWorkMemBytes)} (maintenance_work_mem)`,
      ...(sum.autovacuumWorkers > 0
        ? [
            `${plural(sum.autovacuumWorkers, { one: 'autovacuum worker', other: 'autovacuum workers' })} × ${formatBytes(sum.autovacuumWorkerBytes)}`,
          ]
        : []),
      `${plural(sum.maxConnections, { one: 'connection', other: 'connections' })} × ${formatBytes(sum.workMemBytes)} (work_mem)`,
    ])}. Under full load it may swap, or the kernel may kill it. Lower the largest of these settings.`,

  'no-create': ({ role, database }) =>
    `Role ${sqlName(role)} may not create a schema in database ${sqlName(database)}, so that tune and bench cannot load their data. As the owner of the database, run: GRANT CREATE ON DATABASE ${sqlName(database)} TO ${sqlName(role)};`,

  'no-extension': ({ database, available, postgresqlMajor }) =>
    `Database ${sqlName(database)} has no extension vector. ${
      available === null
        ? `Install pgvector on the server (Debian: postgresql-${postgresqlMajor}-pgvector), then run`
        : `Version ${available} is installed on the server. Run`
    } in this database, as its owner or a superuser: CREATE EXTENSION vector;`,

  'no-extension-usage': ({ role, schema }) =>
    `Role ${sqlName(role)} may not use schema ${sqlName(schema)}, in which pgvector is installed. As the owner of the schema, run: GRANT USAGE ON SCHEMA ${sqlName(schema)} TO ${sqlName(role)};`,

  'no-iterative-scan': ({ version, since }) =>
    `pgvector ${version} has no iterative index scans, so that filtered queries can return too few rows, and its planner ignores ef_search when it estimates the cost of an HNSW scan. Upgrade to ${since} or later.`,

  'not-native': ({ label }) =>
    `The server (${label}) does not run as native code: recall, plans, buffers and sizes are valid, latencies are not. To measure latency, choose another server: local, container, or an existing one.`,

  'old-pgvector': ({ version, oldest }) =>
    `pgvector ${version} has no HNSW indexes. Upgrade to ${oldest} or later, better to the newest version.`,

  'old-postgresql': ({ version, oldestMajor }) =>
    `PostgreSQL ${version} is too old for pgvtune, which needs ${oldestMajor} or later. Upgrade the server.`,

  'other-sessions': ({ active }) =>
    `${plural(active, { one: 'other session is running a statement', other: 'other sessions are running statements' })} and competing with every measurement for CPU, I/O and cache. Measure while the server is idle, or on a copy of it.`,

  'plan-cache-mode': ({ role, mode }) =>
    `plan_cache_mode is ${mode}: prepared statements ${mode === 'force_generic_plan' ? 'always use a generic plan, which ignores their parameters' : 'are planned again at every execution'}. Unless the application sets it as well, run: ${setForRole(role, 'plan_cache_mode', 'auto')}`,

  'planner-method-off': ({ role, setting }) =>
    `${setting} is off: the planner avoids this kind of plan node even where it is the cheapest, so that plans and times differ from those under default settings. Run: ${setForRole(role, setting, 'on')}`,

  'read-only': ({ role, standby }) =>
    standby
      ? 'The server is a standby: tune and bench cannot load data or build indexes on it. Connect to the primary.'
      : `Transactions are read-only (default_transaction_read_only = on): tune and bench cannot load data or build indexes. Use another role, or run: ${setForRole(role, 'default_transaction_read_only', 'off')}`,

  'serial-builds': ({ role, zero }) =>
    `${list(zero)} ${zero.length === 1 ? 'is' : 'are'} 0: indexes are built without parallel workers, which takes longer. ${zero
      .map((setting) => RAISE_WORKERS[setting](role))
      .join(' ')}`,

  'single-connection': ({ role, database, roleLimit, databaseLimit, maxConnections }) =>
    `The server refused a second connection: pgvtune needs one for each client, and one to watch builds. ${
      roleLimit >= 0 && roleLimit < 2
        ? `Run: ALTER ROLE ${sqlName(role)} CONNECTION LIMIT 10;`
        : databaseLimit >= 0 && databaseLimit < 2
          ? `Run: ALTER DATABASE ${sqlName(database)} CONNECTION LIMIT 10;`
          : `Close other connections, or raise the limit (${limits({ roleLimit, databaseLimit, maxConnections })}).`
    }`,

  'small-shared-buffers': ({ sharedBuffersBytes }) =>
    `shared_buffers is ${formatBytes(sharedBuffersBytes)}: a larger index is read through the operating system, or from disk, at every query. Set it in postgresql.conf to about a quarter of the memory, and restart the server.`,

  'small-shared-memory': ({ role, freeBytes, neededBytes }) =>
    `/dev/shm has ${formatBytes(freeBytes)} free, but a parallel HNSW build takes ${formatBytes(neededBytes)} (maintenance_work_mem) of it and fails with "could not resize shared memory segment". Enlarge it (docker run --shm-size), or build serially: ${setForRole(role, 'max_parallel_maintenance_workers', '0')}`,

  'statement-logging': ({ role, setting }) =>
    `${setting === 'log_statement' ? 'log_statement is all' : 'log_min_duration_statement is 0'}: every statement is written to the log with its vectors, which adds to its latency. As a superuser, run: ${setForRole(role, setting, setting === 'log_statement' ? 'none' : '-1')}`,

  'transaction-pooler': () =>
    'Sessions share backends, as behind a pooler in transaction mode: settings and prepared statements do not stay with their session. Connect to PostgreSQL directly, or through a pooler in session mode.',
};

/** To PostgreSQL's defaults. */
const RAISE_WORKERS = {
  max_parallel_maintenance_workers: (role: string) =>
    `Run: ${setForRole(role, 'max_parallel_maintenance_workers', '2')}`,
  max_parallel_workers: (role: string) => `Run: ${setForRole(role, 'max_parallel_workers', '8')}`,
  max_worker_processes: () => 'Set max_worker_processes to 8 in postgresql.conf, and restart the server.',
};

/** A setting of the role that measures leaves everybody else's as it is. */
const setForRole = (role: string, setting: string, value: string): string =>
  `ALTER ROLE ${sqlName(role)} SET ${setting} = ${value};`;

const list = (items: readonly string[]): string => new Intl.ListFormat('en').format(items);

const limits = (of: { readonly roleLimit: number; readonly databaseLimit: number; readonly maxConnections: number }) =>
  list([
    ...(of.roleLimit >= 0 ? [`${of.roleLimit} for the role`] : []),
    ...(of.databaseLimit >= 0 ? [`${of.databaseLimit} for the database`] : []),
    `max_connections = ${of.maxConnections}`,
  ]);
