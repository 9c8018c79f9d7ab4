import type { MonitoringFinding, MonitoringSetting } from '../../../../audit/index.js';
import type { FindingCatalogue } from '../../audit-texts.js';

export const monitoringTexts: FindingCatalogue<MonitoringFinding> = {
  'no-statement-statistics': {
    title: 'No statistics of statements',
    says: ({ database, installed }) =>
      installed
        ? `pg_stat_statements is installed in ${database}, but not loaded: add it to shared_preload_libraries and restart the server.`
        : `pg_stat_statements is not installed in ${database}: nobody counts what statements cost.`,
    effect: () =>
      'The slow statements, N+1 queries and missing indexes of the next audit. It needs shared_preload_libraries = pg_stat_statements, and a restart where that is not set.',
    doubt: () => 'Another system (pg_stat_monitor, an agent) may count them.',
  },
  'statement-statistics-defect': {
    title: 'Version of pg_stat_statements with a known defect',
    says: ({ version, fixedIn, isCounting }) =>
      `pg_stat_statements of PostgreSQL ${version} can overflow (CVE-2026-14676), which ${fixedIn} mends. It is loaded${isCounting ? ' and counts here' : ', though not installed in this database'}.`,
    effect: ({ fixedIn }) =>
      `The defect is gone after the upgrade to ${fixedIn} or later: new programs, and a restart.`,
    doubt: () => 'Distributions sometimes back-port a fix without changing the version.',
  },
  'logging-gap': {
    title: 'Events that leave no trace',
    says: ({ setting, value }) => `${setting} is ${value}: ${LOST[setting]}.`,
    effect: ({ setting, wanted }) => `With ${setting} = ${wanted} ${FOUND[setting]}.`,
    doubt: () => 'Another system may record the same.',
  },
};

const LOST: Readonly<Record<MonitoringSetting, string>> = {
  log_min_duration_statement: 'slow statements are not logged',
  log_lock_waits: 'waits for locks are not logged',
  log_temp_files: 'sorts and hashes that spill to disk are not logged',
  log_checkpoints: 'checkpoints are not logged',
  log_autovacuum_min_duration: 'what autovacuum does is not logged',
  track_io_timing: 'nobody knows how long reads and writes take',
};

const FOUND: Readonly<Record<MonitoringSetting, string>> = {
  log_min_duration_statement: 'each slow statement is in the log with its duration',
  log_lock_waits: 'a wait longer than deadlock_timeout is in the log, with both statements',
  log_temp_files: 'each large temporary file is in the log, with its statement',
  log_checkpoints: 'the log says why a checkpoint came and what it wrote',
  log_autovacuum_min_duration: 'the log says what a long vacuum removed and what it could not',
  track_io_timing:
    'EXPLAIN (BUFFERS) and pg_stat_statements tell I/O time from CPU time. pg_test_timing says what it costs',
};
