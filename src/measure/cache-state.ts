import { PgvtuneError } from '../errors.js';
import { findExtension, type Session } from '../postgres/index.js';
import type { CacheState } from '../vocabulary.js';

/** What can be done to the caches of a server. */
export interface CacheTools {
  /** Quoted schema of pg_prewarm; null: pages get into the cache by queries alone. */
  readonly prewarm: string | null;
  /** How relations can be put out of shared_buffers; null: not at all. */
  readonly emptying: Emptying | null;
}

type Emptying =
  /** Buffer by buffer: pg_buffercache_evict. */
  | { readonly by: 'evict'; readonly schema: string }
  /** By copying the relation's file to another tablespace and back, file by file, past the buffers. */
  | { readonly by: 'move' };

/** Indexes and tables, as quoted and qualified names; of a partitioned one its partitions are meant. */
export interface Relations {
  readonly tables: readonly string[];
  readonly indexes: readonly string[];
}

const TABLESPACE = 'pgvtune_cold';

/**
 * Finds out how the caches of a server can be brought into a state. Extensions are created, and a tablespace made, only
 * on a server that belongs to this run.
 *
 * @throws {PgvtuneError} `environment` when `state` cannot be had there
 */
export async function findCacheTools(
  session: Session,
  state: CacheState,
  { disposable }: { readonly disposable: boolean },
): Promise<CacheTools> {
  const tools = {
    prewarm: await findExtension(session, 'pg_prewarm', { create: disposable }),
    emptying: await findEmptying(session, disposable),
  };
  if (state === 'prewarmed' && tools.prewarm === null) {
    throw notMeasurable('prewarmed', 'the extension pg_prewarm is not there', 'CREATE EXTENSION pg_prewarm;');
  }
  if (state === 'cold' && tools.emptying === null) {
    throw notMeasurable(
      'cold',
      'table and index cannot be put out of shared_buffers',
      'Use the server local, container or embedded; on PostgreSQL 17 or newer, CREATE EXTENSION pg_buffercache; and a superuser will do.',
    );
  }
  return tools;
}

const notMeasurable = (state: CacheState, why: string, hint: string): PgvtuneError =>
  new PgvtuneError('environment', `A ${state} cache is not measurable here: ${why}.`, { hint });

async function findEmptying(session: Session, disposable: boolean): Promise<Emptying | null> {
  const schema = await findExtension(session, 'pg_buffercache', { create: disposable });
  const [may] = await session.query<{ evict: boolean | null; place: string | null }>(
    `SELECT has_function_privilege(to_regprocedure($1 || '.pg_buffercache_evict(integer)'), 'EXECUTE')
              AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS evict,
            current_setting('allow_in_place_tablespaces', true) AS place`,
    [schema ?? 'none'],
  );
  if (schema !== null && may?.evict) return { by: 'evict', schema };
  if (!disposable || may?.place === null || may?.place === undefined) return null;
  const there = await session.query('SELECT FROM pg_tablespace WHERE spcname = $1', [TABLESPACE]);
  if (there.length === 0) {
    await session.query('SET allow_in_place_tablespaces = on');
    await session.query(`CREATE TABLESPACE ${TABLESPACE} LOCATION ''`);
  }
  return { by: 'move' };
}

/** Reads every page of the relations into shared_buffers; does nothing where there is no pg_prewarm. */
export async function prewarm(session: Session, { prewarm }: CacheTools, relations: Relations): Promise<void> {
  if (prewarm === null) return;
  const names = await withToast(session, relations);
  // The index comes last: what does not fit goes at the table's expense.
  for (const name of names)
    await session.query(`SELECT ${prewarm}.pg_prewarm($1::oid::regclass)`, [name], { deadlineMs: Infinity });
}

/**
 * Puts the relations out of shared_buffers; the operating system keeps what it has. To be called inside a transaction
 * that is rolled back.
 *
 * @throws {PgvtuneError} `server`
 */
export async function emptyCaches(session: Session, tools: CacheTools, relations: Relations): Promise<void> {
  const { emptying } = tools;
  if (emptying === null) throw new TypeError('Nothing can empty the caches of this server.');
  const options = { deadlineMs: Infinity };
  if (emptying.by === 'evict') {
    await session.query(
      `SELECT count(${emptying.schema}.pg_buffercache_evict(b.bufferid)) FROM ${emptying.schema}.pg_buffercache AS b
        WHERE b.reldatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND b.relfilenode IN (SELECT pg_relation_filenode(name) FROM unnest($1::oid[]) AS name)`,
      [await withToast(session, relations)],
      options,
    );
    return;
  }
  const stored = await session.query<{ kind: string; name: string; moved: boolean }>(
    `${STORED} SELECT CASE place WHEN 1 THEN 'TABLE' ELSE 'INDEX' END AS kind, oid::regclass::text AS name,
            reltablespace <> 0 AS moved FROM stored ORDER BY place`,
    [relations.tables, relations.indexes],
  );
  for (const { kind, name, moved } of stored) {
    await session.query(`ALTER ${kind} ${name} SET TABLESPACE ${moved ? 'pg_default' : TABLESPACE}`, [], options);
  }
}

/** The tables ($1) and indexes ($2) that have pages: themselves, or their partitions. */
const STORED = `WITH RECURSIVE tree AS (
    SELECT 1 AS place, name::regclass::oid AS oid FROM unnest($1::text[]) AS name
    UNION ALL SELECT 4, name::regclass FROM unnest($2::text[]) AS name
    UNION ALL SELECT tree.place, i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid),
  stored AS (
    SELECT DISTINCT place, oid, reltoastrelid, reltablespace FROM tree JOIN pg_class USING (oid) WHERE relkind NOT IN ('p', 'I'))`;

/** Object ids of the tables, their TOAST tables with indexes, and the indexes, in this order. */
async function withToast(session: Session, { tables, indexes }: Relations): Promise<readonly number[]> {
  const rows = await session.query<{ oid: string }>(
    `${STORED} SELECT oid::bigint FROM (
         SELECT place, oid FROM stored
         UNION ALL SELECT 2, reltoastrelid FROM stored WHERE reltoastrelid <> 0
         UNION ALL SELECT 3, i.indexrelid FROM stored JOIN pg_index i ON i.indrelid = reltoastrelid) AS relations
      ORDER BY place`,
    [tables, indexes],
  );
  return rows.map(({ oid }) => Number(oid));
}
