import type { DatabaseSnapshot } from '../../../audit/index.js';
import { unread } from '../../../findings.js';
import type { Session } from '../../../postgres/index.js';

/** Settings that checks look at. None holds a secret: commands and connection strings are never read. */
const SETTINGS = [
  'autovacuum',
  'autovacuum_analyze_scale_factor',
  'autovacuum_analyze_threshold',
  'autovacuum_freeze_max_age',
  'autovacuum_max_workers',
  'autovacuum_multixact_freeze_max_age',
  'autovacuum_vacuum_cost_limit',
  'autovacuum_vacuum_max_threshold',
  'autovacuum_vacuum_scale_factor',
  'autovacuum_vacuum_threshold',
  'autovacuum_work_mem',
  'checkpoint_completion_target',
  'checkpoint_timeout',
  'compute_query_id',
  'data_checksums',
  'default_toast_compression',
  'deadlock_timeout',
  'effective_cache_size',
  'fsync',
  'full_page_writes',
  'hash_mem_multiplier',
  'idle_in_transaction_session_timeout',
  'jit',
  'lock_timeout',
  'log_autovacuum_min_duration',
  'log_checkpoints',
  'log_destination',
  'log_line_prefix',
  'log_lock_waits',
  'log_min_duration_sample',
  'log_min_duration_statement',
  'log_statement',
  'log_statement_sample_rate',
  'log_temp_files',
  'log_timezone',
  'log_transaction_sample_rate',
  'logging_collector',
  'maintenance_work_mem',
  'max_connections',
  'max_parallel_maintenance_workers',
  'max_parallel_workers',
  'max_slot_wal_keep_size',
  'max_wal_size',
  'max_worker_processes',
  'random_page_cost',
  'reserved_connections',
  'shared_buffers',
  'statement_timeout',
  'superuser_reserved_connections',
  'synchronous_commit',
  'track_activities',
  'track_counts',
  'track_functions',
  'track_io_timing',
  'wal_compression',
  'work_mem',
  'pg_stat_statements.max',
  'pg_stat_statements.track',
  'pg_stat_statements.track_planning',
];

export async function readSettings(session: Session): Promise<DatabaseSnapshot['settings']> {
  // shared_preload_libraries and the like are only shown to members of pg_read_all_settings.
  const rows = await session.query<{ name: string; value: string }>(
    `SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY($1)`,
    [SETTINGS],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** What roles and databases set for vectors; each once. */
export async function readVectorSettings(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ setting: string }>(
    `SELECT DISTINCT setting FROM pg_db_role_setting, unnest(setconfig) AS setting
      WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND setting ~ '^(hnsw|ivfflat)\\.'
     UNION SELECT name || '=' || setting FROM pg_settings
      WHERE name ~ '^(hnsw|ivfflat)\\.' AND source NOT IN ('default', 'database', 'user', 'database user')
      ORDER BY 1`,
  );
  return rows.map(({ setting }) => setting);
}

export async function readPgvector(session: Session): Promise<DatabaseSnapshot['pgvector']> {
  const [row] = await session.query<{ version: string; available: string | null }>(
    `SELECT extversion AS version,
            (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS available
       FROM pg_extension WHERE extname = 'vector'`,
  );
  return row ?? unread('no-extension');
}
