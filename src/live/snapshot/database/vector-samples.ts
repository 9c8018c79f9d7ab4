import { estimateProportion, rowsPerValue } from '../../../analysis/index.js';
import { type DatabaseSnapshot, rowsOf, type Table, type VectorSample } from '../../../audit/index.js';
import { PgvtuneError } from '../../../errors.js';
import { unread } from '../../../findings.js';
import { PAGE_BYTES } from '../../../indexes/index.js';
import { readOnly, type Session } from '../../../postgres/index.js';
import { isOfOneStatement } from './prepared.js';
import { readAsNobodyElse } from './read-as-nobody-else.js';
import { OF_USERS } from './user-objects.js';

/** Rows of a column that are read, and pages that they are picked from: about one of a page, so that neighbours say little of each other. */
const ROWS = 1000;
const MOST_PAGES = 1000;
/** Columns that are sampled, those of the largest tables first. */
const MOST_COLUMNS = 50;
/** It takes milliseconds, unless a disk is busy; the audit does not wait for that. */
const DEADLINE_MS = 2000;
/** After this no further column is begun. */
const LONGEST_MS = 3000;
/** A length of 1, as halfvec rounds it too. */
const UNIT = 0.01;

interface VectorColumn {
  readonly tableOid: number;
  readonly columnNumber: number;
  /** Quoted, with its schema. */
  readonly table: string;
  /** Quoted. */
  readonly column: string;
  /** The functions of its type that write its bytes, and that have its length; qualified. */
  readonly send: string;
  readonly length: string;
  readonly isHidden: boolean;
}

/**
 * Reads a few rows of each column of vectors, in a read-only transaction of its own: a bounded number of pages, picked at random. Vectors stay on
 * the server, which says their lengths and which of them are equal.
 */
export async function readVectorSamples(
  session: Session,
  { tables }: Pick<DatabaseSnapshot, 'tables'>,
  deadlineMs: number,
): Promise<DatabaseSnapshot['vectorSamples']> {
  const deadline = Math.min(deadlineMs, DEADLINE_MS);
  try {
    return await readOnly(session, { deadlineMs: deadline }, async () => {
      await readAsNobodyElse(session);
      const found = await vectorColumns(session);
      if (found.some(({ isHidden }) => isHidden)) return unread('vectors-hidden');
      const sized = found
        .map((column) => ({ column, size: sizeOf(column.tableOid, tables) }))
        .toSorted((a, b) => b.size.pages - a.size.pages);
      const columns: VectorSample[] = [];
      const start = performance.now();
      let read = 0;
      for (const { column, size } of sized.slice(0, MOST_COLUMNS)) {
        if (performance.now() - start > LONGEST_MS) break;
        columns.push(...(await sampleColumn(session, column, size, deadline)));
        read++;
      }
      return { columns, leftOut: sized.length - read };
    });
  } catch (error) {
    const sqlstate = error instanceof PgvtuneError && error.code === 'server' ? error.sqlstate : undefined;
    if (sqlstate === NO_RIGHT) return unread('vectors-hidden');
    if (sqlstate === TOO_LONG || isOfOneStatement(sqlstate)) return unread('vectors-not-sampled');
    throw error;
  }
}

/** To use the schema of pgvector, for one. */
const NO_RIGHT = '42501';
const TOO_LONG = '57014';

/** Those of tables that are no part of another one, which are sampled with it. */
const vectorColumns = (session: Session): Promise<readonly VectorColumn[]> =>
  session.query<VectorColumn>(
    `SELECT c.oid::int8::float8 AS "tableOid", a.attnum AS "columnNumber", format('%I.%I', n.nspname, c.relname) AS "table",
            quote_ident(a.attname) AS "column", t.typsend::regproc::text AS send, p.oid::regproc::text AS length,
            NOT has_column_privilege(c.oid, a.attnum, 'SELECT') OR row_security_active(c.oid) AS "isHidden"
       FROM pg_attribute a
       JOIN pg_class c ON c.oid = a.attrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_type t ON t.oid = a.atttypid
       JOIN pg_proc p ON p.pronamespace = t.typnamespace AND p.pronargs = 1 AND p.proargtypes[0] = t.oid
                     AND p.proname = CASE t.typname WHEN 'vector' THEN 'vector_norm' ELSE 'l2_norm' END
      WHERE a.attnum > 0 AND NOT a.attisdropped AND t.typname IN ('vector', 'halfvec', 'sparsevec')
        AND c.relkind IN ('r', 'p', 'm') AND c.relispopulated AND ${OF_USERS}
        -- A standby has none of its rows.
        AND NOT (c.relpersistence = 'u' AND pg_is_in_recovery())
        AND NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid)
      ORDER BY n.nspname, c.relname, a.attnum`,
  );

interface Size {
  readonly pages: number;
  readonly rows: number;
}

/** Of a table and its parts. */
function sizeOf(oid: number, tables: readonly Table[]): Size {
  const own = tables.filter((table) => table.oid === oid && table.kind !== 'partitioned');
  const parts = tables.filter(({ parentOid }) => parentOid === oid).map((part) => sizeOf(part.oid, tables));
  return {
    pages: [...own.map(({ heapBytes }) => heapBytes / PAGE_BYTES), ...parts.map(({ pages }) => pages)].reduce(sum, 0),
    rows: [...own.map(rowsOf), ...parts.map(({ rows }) => rows)].reduce(sum, 0),
  };
}

const sum = (a: number, b: number): number => a + b;

/** @returns nothing where no row has a vector */
async function sampleColumn(
  session: Session,
  { tableOid, columnNumber, table, column, send, length }: VectorColumn,
  { pages, rows: estimated }: Size,
  deadlineMs: number,
): Promise<readonly VectorSample[]> {
  const share = Math.min(1, MOST_PAGES / Math.max(1, pages));
  const picked = Math.min(1, ROWS / Math.max(1, share * estimated));
  // The same rows again where the table is the same: what is new in an audit is then not the sample.
  await session.query('SELECT setseed(0)');
  const groups = await session.query<{ length: number; rows: number }>(
    `SELECT length, count(*)::int AS rows
       FROM (SELECT sha256(${send}(${column})) AS bytes, ${length}(${column}) AS length
               FROM ${table} TABLESAMPLE SYSTEM (${100 * share}) REPEATABLE (1)
              WHERE ${column} IS NOT NULL AND random() < ${picked}
              LIMIT ${2 * ROWS}) AS "pgvtune_sample"
      GROUP BY bytes, length`,
    [],
    { deadlineMs },
  );
  const rows = groups.map((group) => group.rows).reduce(sum, 0);
  if (rows === 0) return [];
  const isWhole = share === 1 && picked === 1 && rows < 2 * ROWS;
  const of = (isCounted: (length: number) => boolean) => {
    const counted = groups.filter((group) => isCounted(group.length)).map((group) => group.rows);
    const { value, low, high } = estimateProportion(counted.reduce(sum, 0), rows);
    return isWhole ? { value, low: value, high: value } : { value, low: low!, high: high! };
  };
  const lengths = groups.map((group) => group.length);
  const sizes = groups.map((group) => group.rows);
  const { value, low, high } = rowsPerValue(sizes, rows, isWhole ? rows : Math.max(rows, estimated));
  return [
    {
      tableOid,
      columnNumber,
      rows,
      isWhole,
      zero: of((own) => own === 0),
      notUnit: of((own) => own !== 0 && Math.abs(own - 1) > UNIT),
      lengths: [Math.min(...lengths), Math.max(...lengths)],
      rowsPerVector: { value, low: low!, high: high! },
      mostFrequent: Math.max(...sizes),
    },
  ];
}
