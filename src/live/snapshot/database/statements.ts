import { type DatabaseSnapshot, isOfTheSystem, type Statement } from '../../../audit/index.js';
import { isUnread, type Part, unread } from '../../../findings.js';
import type { StatementCounters } from '../../../monitoring/index.js';
import { qualified, type Session } from '../../../postgres/index.js';
import { preparedText, shapesOf } from '../../../statements/index.js';

/** Statements that are read, the most expensive first. */
const MOST_STATEMENTS = 1000;

type Row = Omit<Statement, 'shape'> & { readonly hidden: boolean };

/** The condition on rows of this database. A statement that the role may not see has no number, and no text. */
const OF_DATABASE = `s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** pg_stat_statements as it is installed here. Its columns are asked for by name: its version may lag behind the server's. */
interface StatementView {
  readonly version: string;
  /** Quoted, with its schema. */
  readonly view: string;
  /** Quoted, with its schema; null where the version has none. */
  readonly info: string | null;
  /** The first of some columns that exists; otherwise 0. */
  readonly first: (...names: readonly string[]) => string;
}

async function findView(session: Session): Promise<StatementView | StatementsUnread> {
  const [extension] = await session.query<{
    version: string;
    schema: string;
    columns: readonly string[];
    info: boolean;
    usable: boolean;
  }>(
    `SELECT e.extversion AS version, n.nspname::text AS schema,
            ARRAY(SELECT a.attname::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                   WHERE c.relnamespace = n.oid AND c.relname = 'pg_stat_statements' AND a.attnum > 0) AS columns,
            EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relname = 'pg_stat_statements_info') AS info,
            has_schema_privilege(n.oid, 'USAGE') AS usable
       FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'`,
  );
  if (!extension) return unread('no-statement-statistics');
  const [loaded] = await session.query(`SELECT FROM pg_settings WHERE name = 'pg_stat_statements.max'`);
  if (!loaded) return unread('statement-statistics-not-loaded');
  const { columns, schema, version, info, usable } = extension;
  if (!usable) return unread('statement-statistics-hidden');
  return {
    version,
    view: qualified(schema, 'pg_stat_statements'),
    info: info ? qualified(schema, 'pg_stat_statements_info') : null,
    first(...names) {
      const found = names.find((name) => columns.includes(name));
      return found === undefined ? '0' : `s.${found}`;
    },
  };
}

type StatementsUnread = Extract<DatabaseSnapshot['statements'], { unread: string }>;

/** Reads pg_stat_statements wherever it is installed. */
export async function readStatements(session: Session): Promise<DatabaseSnapshot['statements']> {
  const found = await findView(session);
  if (isUnread(found)) return found;
  const { version, view, info: infoView, first } = found;
  const sum = (...groups: readonly (readonly string[])[]): string =>
    groups.map((names) => `coalesce(${first(...names)}, 0)`).join(' + ');
  const counted = await session.query<Row>(
    `SELECT s.queryid::text AS id, coalesce(r.rolname::text, '') AS role, s.query, s.calls::float8 AS calls, s.rows::float8 AS rows,
            (${first('total_exec_time', 'total_time')})::float8 AS "executionMs", (${first('total_plan_time')})::float8 AS "planningMs",
            (${first('mean_exec_time', 'mean_time')})::float8 AS "meanMs", (${first('stddev_exec_time', 'stddev_time')})::float8 AS "deviationMs",
            (${first('max_exec_time', 'max_time')})::float8 AS "maximumMs",
            s.shared_blks_hit::float8 AS "blocksHit", s.shared_blks_read::float8 AS "blocksRead",
            s.temp_blks_written::float8 AS "temporaryBlocksWritten", (${first('wal_bytes')})::float8 AS "walBytes",
            (${sum(['shared_blk_read_time', 'blk_read_time'], ['shared_blk_write_time', 'blk_write_time'])})::float8 AS "ioMs",
            (${sum(['jit_generation_time'], ['jit_inlining_time'], ['jit_optimization_time'], ['jit_emission_time'])})::float8 AS "jitMs",
            s.queryid IS NULL AS hidden
       FROM ${view} s
       LEFT JOIN pg_roles r ON r.oid = s.userid
      WHERE ${OF_DATABASE}
      ORDER BY 6 DESC, 1
      LIMIT ${MOST_STATEMENTS}`,
  );
  if (counted.some(({ hidden }) => hidden)) return unread('statements-hidden');
  const rows = counted.map((row) => ({ ...row, query: preparedText(row.query) }));
  const [info] =
    infoView === null
      ? []
      : await session.query<{ resetAt: Date; evictions: number }>(
          `SELECT stats_reset AS "resetAt", dealloc::float8 AS evictions FROM ${infoView}`,
        );
  const shapes = await shapesOf(rows.map(({ query }) => query));
  return {
    version,
    resetAt: info?.resetAt.toISOString() ?? null,
    evictions: info?.evictions ?? null,
    statements: rows.flatMap(({ hidden, ...row }, i) =>
      hidden || isOfTheSystem(row.query) ? [] : [{ ...row, shape: shapes[i]! }],
    ),
  };
}

/** Statements whose counters are read: as many as `pg_stat_statements.max` has by default. */
const MOST_COUNTED = 5000;

/** The counters alone, without texts, of each `queryid`, the most expensive first. */
export async function readStatementCounters(
  session: Session,
): Promise<Part<readonly StatementCounters[], StatementsUnread['unread']>> {
  const found = await findView(session);
  if (isUnread(found)) return found;
  const { view, first } = found;
  const rows = await session.query<StatementCounters & { id: string | null }>(
    `SELECT s.queryid::text AS id, sum(s.calls)::float8 AS calls, sum(s.rows)::float8 AS rows,
            sum(${first('total_exec_time', 'total_time')})::float8 AS "executionMs", sum(${first('total_plan_time')})::float8 AS "planningMs",
            sum(s.shared_blks_hit)::float8 AS "blocksHit", sum(s.shared_blks_read)::float8 AS "blocksRead",
            sum(s.temp_blks_written)::float8 AS "temporaryBlocksWritten"
       FROM ${view}(false) s
      WHERE ${OF_DATABASE}
      GROUP BY 1 ORDER BY 4 DESC, 1 LIMIT ${MOST_COUNTED}`,
  );
  return rows.some(({ id }) => id === null) ? unread('statements-hidden') : rows;
}

/** Of an application: a utility statement keeps its constants (ALTER ROLE … PASSWORD), and has few costs that last. */
const OF_APPLICATION = /^\s*(?:select|insert|update|delete|merge|with)\b/i;
const OF_CATALOG =
  /\bpg_(?:database|replication_slots|prepared_xacts|locks|roles|backend_pid)\b|\b(?:set_config|current_setting)\(|^SELECT \$1::/;

/** Texts of statements by their numbers: those of an application, not what pgvtune asks itself, as far as that shows. */
export async function readStatementTexts(
  session: Session,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = await findView(session);
  if (isUnread(found)) return new Map();
  const rows = await session.query<{ id: string; query: string }>(
    `SELECT s.queryid::text AS id, min(s.query) AS query FROM ${found.view} s
      WHERE ${OF_DATABASE} AND s.queryid = ANY ($1::int8[]) GROUP BY 1`,
    [ids],
  );
  const ofApplication = rows.filter(
    ({ query }) => OF_APPLICATION.test(query) && !isOfTheSystem(query) && !OF_CATALOG.test(query),
  );
  return new Map(ofApplication.map(({ id, query }) => [id, query]));
}
