import { PgvtuneError } from '../errors.js';
import type { Session } from './session.js';
import { readDecidingSettings } from './deciding-settings.js';
import type { Settings } from './settings.js';
import { storageParameters } from './storage-parameters.js';

/** An index as the catalog describes it after the fact. */
export interface IndexFacts {
  readonly name: string;
  readonly definition: string;
  readonly opclass: string;
  readonly reloptions: Settings;
  /** False after an interrupted CREATE INDEX CONCURRENTLY: the planner ignores such an index without a word. */
  readonly valid: boolean;
  readonly bytes: number;
  /** Number of its file: another one after REINDEX, or when it was dropped and made again. 0: it is partitioned and has none. */
  readonly filenode: number;
}

/** Reads one index of a schema; null when there is none of that name. */
export async function readIndex(session: Session, schema: string, name: string): Promise<IndexFacts | null> {
  const rows = await session.query<{
    definition: string;
    opclass: string;
    reloptions: string[] | null;
    valid: boolean;
    bytes: string;
    filenode: string;
  }>(
    `SELECT pg_get_indexdef(i.indexrelid) AS definition, o.opcname AS opclass, c.reloptions,
            i.indisvalid AND i.indisready AS valid, pg_relation_size(i.indexrelid) AS bytes,
            pg_relation_filenode(i.indexrelid)::bigint AS filenode
       FROM pg_index i
       JOIN pg_class c ON c.oid = i.indexrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_opclass o ON o.oid = i.indclass[0]
      WHERE n.nspname = $1 AND c.relname = $2`,
    [schema, name],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    name,
    definition: row.definition,
    opclass: row.opclass,
    reloptions: storageParameters(row.reloptions),
    valid: row.valid,
    bytes: Number(row.bytes),
    filenode: Number(row.filenode),
  };
}

/** An index on one partition, part of the index on the partitioned table. */
export interface PartitionIndex extends IndexFacts {
  /** The partition, unquoted. */
  readonly table: string;
  /** Of the partition, as they were counted when the index was built. */
  readonly rows: number;
}

/** What a partitioned index consists of, in the order of the partitions' names; empty for any other. */
export async function readPartitionIndexes(
  session: Session,
  schema: string,
  name: string,
): Promise<readonly PartitionIndex[]> {
  const rows = await session.query<{ name: string; table: string; rows: number }>(
    `SELECT c.relname AS name, t.relname AS table, t.reltuples::float8 AS rows
       FROM pg_class p
       JOIN pg_namespace n ON n.oid = p.relnamespace
       JOIN pg_inherits h ON h.inhparent = p.oid
       JOIN pg_class c ON c.oid = h.inhrelid
       JOIN pg_index i ON i.indexrelid = c.oid
       JOIN pg_class t ON t.oid = i.indrelid
      WHERE n.nspname = $1 AND p.relname = $2 AND p.relkind = 'I'
      ORDER BY length(t.relname), t.relname`,
    [schema, name],
  );
  const indexes: PartitionIndex[] = [];
  for (const row of rows) {
    const index = await readIndex(session, schema, row.name);
    if (index) indexes.push({ ...index, table: row.table, rows: row.rows });
  }
  return indexes;
}

/** Names (unquoted) of a table's indexes beside its primary key, without those that are a part of a partitioned one. `table` is quoted and qualified. */
export async function listIndexes(session: Session, table: string): Promise<string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
      WHERE i.indrelid = $1::regclass AND NOT i.indisprimary AND NOT c.relispartition ORDER BY c.relname`,
    [table],
  );
  return rows.map(({ name }) => name);
}

/** Bytes of a table with its TOAST and its partitions, without indexes. `table` is quoted and qualified. */
export async function tableBytes(session: Session, table: string): Promise<number> {
  const rows = await session.query<{ bytes: string }>(
    `WITH RECURSIVE tree AS (
       SELECT $1::regclass::oid AS oid UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)
     SELECT sum(pg_table_size(oid)) AS bytes FROM tree`,
    [table],
  );
  return Number(rows[0]?.bytes);
}

/** Version and settings of a server, as a run's manifest keeps them. */
export interface ServerFacts {
  readonly version: string;
  /** As `server_version_num`: 150018 is 15.18. */
  readonly versionNumber: number;
  readonly pgvector: string;
  /** Versions of all extensions of the database, by their names. */
  readonly extensions: Readonly<Record<string, string>>;
  /** See {@link readDecidingSettings}. */
  readonly settings: Settings;
}

/** @throws {PgvtuneError} `server` when the extension is missing */
export async function readServerFacts(session: Session): Promise<ServerFacts> {
  const [server] = await session.query<{ version: string; number: string; extensions: Record<string, string> }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num') AS number,
            (SELECT json_object_agg(extname, extversion) FROM pg_extension) AS extensions`,
  );
  const pgvector = server?.extensions['vector'];
  if (!server || pgvector === undefined) {
    throw new PgvtuneError('server', 'The database has no extension "vector".', {
      hint: 'Run CREATE EXTENSION vector; as a role that may.',
    });
  }
  return {
    version: server.version,
    versionNumber: Number(server.number),
    pgvector,
    extensions: server.extensions,
    settings: await readDecidingSettings(session),
  };
}
