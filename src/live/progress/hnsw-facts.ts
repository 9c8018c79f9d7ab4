import type { BuildSample, HnswBuildFacts } from '../../capacity/index.js';
import { readOnly, type Session } from '../../postgres/index.js';

const DEADLINE_MS = 10_000;
/** pgvector's own. */
const DEFAULT_M = 16;
const TYPES = ['vector', 'halfvec', 'bit'] as const;

/*
 * The statement shows the type that the operator class is for and m; the table shows the dimensions, where it has one
 * column of vectors. An index that can be seen shows all of it itself.
 */
const FACTS = `
  SELECT current_setting('server_version_num')::int / 10000 AS version,
         (SELECT setting::bigint * 1024 FROM pg_settings WHERE name = 'maintenance_work_mem') AS memory,
         (SELECT count(*) FROM pg_stat_activity w WHERE w.leader_pid = $1) AS workers,
         coalesce((SELECT substring(option FROM '^m=(\\d+)$') FROM pg_class i, unnest(i.reloptions) option
                    WHERE i.oid = $3::oid AND option ~ '^m='),
                  substring(q.query FROM '(?i)\\mm\\s*=\\s*''?(\\d+)')) AS m,
         coalesce((SELECT format_type(x.atttypid, x.atttypmod) FROM pg_attribute x WHERE x.attrelid = $3::oid AND x.attnum = 1),
                  lower(substring(q.query FROM '(?i)\\m(vector|halfvec|bit)_\\w+_ops'))) AS type,
         (SELECT max(a.atttypmod) FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
           WHERE a.attrelid = $2::oid AND t.typname IN ('vector', 'halfvec', 'bit') AND NOT a.attisdropped
          HAVING count(*) = 1) AS dimensions
    FROM (SELECT) AS one LEFT JOIN pg_stat_activity q ON q.pid = $1`;

interface Row {
  readonly version: number;
  readonly memory: string;
  readonly workers: string;
  readonly m: string | null;
  readonly type: string | null;
  readonly dimensions: number | null;
}

/**
 * What decides when an HNSW build outgrows its memory; null for other methods, or where it does not show. The memory is
 * that of this session: another's cannot be read.
 *
 * @throws {PgvtuneError} `server`
 */
export async function readHnswFacts(
  session: Session,
  { pid, method, table, tableOid, indexOid }: BuildSample,
): Promise<HnswBuildFacts | null> {
  if (method !== 'hnsw' || table === null) return null;
  const [row] = await readOnly(session, { deadlineMs: DEADLINE_MS }, () =>
    session.query<Row>(FACTS, [pid, tableOid, indexOid]),
  );
  if (!row) return null;
  const [, name, own] = /^(\w+)(?:\((\d+)\))?$/.exec(row.type ?? '') ?? [];
  const type = TYPES.find((known) => known === name);
  const dimensions = own === undefined ? (row.dimensions ?? -1) : Number(own);
  if (type === undefined || dimensions <= 0) return null;
  return {
    type,
    dimensions,
    m: row.m === null ? DEFAULT_M : Number(row.m),
    parallelWorkers: Number(row.workers),
    pgVersion: row.version,
    maintenanceWorkMemBytes: Number(row.memory),
  };
}
