import type { Session } from './session.js';
import type { Settings } from './settings.js';

/** Recorded even at their defaults. */
const ALWAYS = [
  'autovacuum',
  'effective_cache_size',
  'fsync',
  'io_method',
  'jit',
  'maintenance_work_mem',
  'max_parallel_maintenance_workers',
  'max_parallel_workers',
  'max_parallel_workers_per_gather',
  'plan_cache_mode',
  'random_page_cost',
  'seq_page_cost',
  'shared_buffers',
  'work_mem',
] as const;

/**
 * Settings that decide plans, builds or what a query costs, recorded where they are not at their defaults. A list of what
 * is allowed, for others hold credentials (`archive_command`, `primary_conninfo`, what extensions bring) or name people,
 * hosts and paths; and what is neither a number, a switch nor one of a few words is left out but for the libraries.
 */
const ALLOWED = new RegExp(
  `^(?:${[
    'enable_.*|cpu_.*|jit.*|geqo.*|parallel_.*|cursor_tuple_fraction|constraint_exclusion|from_collapse_limit',
    'join_collapse_limit|default_statistics_target|recursive_worktable_factor|plan_cache_mode|debug_parallel_query',
    'force_parallel_mode|min_parallel_.*|max_parallel_.*|max_worker_processes|random_page_cost|seq_page_cost',
    'shared_buffers|shared_memory_type|dynamic_shared_memory_type|huge_page.*|temp_buffers|work_mem|hash_mem_multiplier',
    'maintenance_work_mem|maintenance_io_concurrency|effective_.*|logical_decoding_work_mem|vacuum_.*|autovacuum.*',
    'io_.*|backend_flush_after|bgwriter_.*|checkpoint_.*|commit_.*|fsync|full_page_writes|synchronous_commit|wal_.*',
    'max_wal_size|min_wal_size|max_connections|track_.*|compute_query_id|data_checksums|block_size|gin_.*',
    'default_toast_compression|hnsw\\..*|ivfflat\\..*|shared_preload_libraries|session_preload_libraries',
    'statement_timeout|lock_timeout|idle_.*timeout|row_security|default_text_search_config',
  ].join('|')})$`,
);

/** Settings of those kinds that are free text, and yet say nothing but names of libraries and languages. */
const TEXTS = ['shared_preload_libraries', 'session_preload_libraries', 'default_text_search_config'];

/** What of a server's settings a run keeps: see {@link ALLOWED}. */
export async function readDecidingSettings(session: Session): Promise<Settings> {
  const rows = await session.query<{ name: string; setting: string }>(
    `SELECT name, current_setting(name) AS setting FROM pg_settings
      WHERE (source NOT IN ('default', 'override', 'session', 'client') AND (vartype <> 'string' OR name = ANY($2)))
         OR name = ANY($1)
      ORDER BY name`,
    [[...ALWAYS], TEXTS],
  );
  return Object.fromEntries(rows.filter(({ name }) => ALLOWED.test(name)).map(({ name, setting }) => [name, setting]));
}
