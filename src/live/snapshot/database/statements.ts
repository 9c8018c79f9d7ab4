import { type DatabaseSnapshot, isOfTheSystem, type Statement } from '../../../audit/index.js';
import { unread } from '../../../findings.js';
import { qualified, type Session } from '../../../postgres/index.js';
import { shapesOf } from '../../../statements/index.js';

/** Statements that are read, the most expensive first. */
const MOST_STATEMENTS = 1000;

type Row = Omit<Statement, 'shape'> & { readonly hidden: boolean };

/**
 * Reads pg_stat_statements wherever it is installed. Its columns are asked for by name: its version may lag behind the server's.
 */
export async function readStatements(session: Session): Promise<DatabaseSnapshot['statements']> {
  const [extension] = await session.query<{
    version: string;
    schema: string;
    columns: readonly string[];
    info: boolean;
  }>(
    `SELECT e.extversion AS version, n.nspname::text AS schema,
            ARRAY(SELECT a.attname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                   WHERE c.relnamespace = n.oid AND c.relname = 'pg_stat_statements' AND a.attnum > 0) AS columns,
            EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'pg_stat_statements_info') AS info
       FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'`,
  );
  if (!extension) return unread('no-statement-statistics');
  const [loaded] = await session.query(`SELECT FROM pg_settings WHERE name = 'pg_stat_statements.max'`);
  if (!loaded) return unread('statement-statistics-not-loaded');
  const { columns, schema, version } = extension;
  /** The first of some columns that exists; otherwise 0. */
  const first = (...names: readonly string[]): string => {
    const found = names.find((name) => columns.includes(name));
    return found === undefined ? '0' : `s.${found}`;
  };
  const sum = (...groups: readonly (readonly string[])[]): string =>
    groups.map((names) => `coalesce(${first(...names)}, 0)`).join(' + ');
  const rows = await session.query<Row>(
    `SELECT s.queryid::text AS id, coalesce(r.rolname::text, '') AS role, s.query, s.calls::float8 AS calls, s.rows::float8 AS rows,
            (${first('total_exec_time', 'total_time')})::float8 AS "executionMs", (${first('total_plan_time')})::float8 AS "planningMs",
            (${first('mean_exec_time', 'mean_time')})::float8 AS "meanMs", (${first('stddev_exec_time', 'stddev_time')})::float8 AS "deviationMs",
            (${first('max_exec_time', 'max_time')})::float8 AS "maximumMs",
            s.shared_blks_hit::float8 AS "blocksHit", s.shared_blks_read::float8 AS "blocksRead",
            s.temp_blks_written::float8 AS "temporaryBlocksWritten", (${first('wal_bytes')})::float8 AS "walBytes",
            (${sum(['shared_blk_read_time', 'blk_read_time'], ['shared_blk_write_time', 'blk_write_time'])})::float8 AS "ioMs",
            (${sum(['jit_generation_time'], ['jit_inlining_time'], ['jit_optimization_time'], ['jit_emission_time'])})::float8 AS "jitMs",
            s.query = '<insufficient privilege>' AS hidden
       FROM ${qualified(schema, 'pg_stat_statements')} s
       LEFT JOIN pg_roles r ON r.oid = s.userid
      WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND s.queryid IS NOT NULL
      ORDER BY 6 DESC, 1
      LIMIT ${MOST_STATEMENTS}`,
  );
  if (rows.some(({ hidden }) => hidden)) return unread('statements-hidden');
  const [info] = extension.info
    ? await session.query<{ resetAt: Date; evictions: number }>(
        `SELECT stats_reset AS "resetAt", dealloc::float8 AS evictions FROM ${qualified(schema, 'pg_stat_statements_info')}`,
      )
    : [];
  const shapes = await shapesOf(rows.map(({ query }) => query));
  return {
    version,
    resetAt: info?.resetAt.toISOString() ?? null,
    evictions: info?.evictions ?? null,
    statements: rows
      .filter(({ query }) => !isOfTheSystem(query))
      .map((row) => ({
        id: row.id,
        role: row.role,
        query: row.query,
        shape: shapes[rows.indexOf(row)]!,
        calls: row.calls,
        rows: row.rows,
        executionMs: row.executionMs,
        planningMs: row.planningMs,
        meanMs: row.meanMs,
        deviationMs: row.deviationMs,
        maximumMs: row.maximumMs,
        blocksHit: row.blocksHit,
        blocksRead: row.blocksRead,
        temporaryBlocksWritten: row.temporaryBlocksWritten,
        walBytes: row.walBytes,
        ioMs: row.ioMs,
        jitMs: row.jitMs,
      })),
  };
}
