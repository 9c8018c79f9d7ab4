import { ident, type Session, type Settings, storageParameters } from '../../postgres/index.js';

export interface VectorIndex {
  readonly name: string;
  /** Of the leaf that it is on. */
  readonly table: number;
  readonly method: string;
  /** The extension that the access method belongs to; null for one that belongs to none. */
  readonly extension: string | null;
  readonly opclass: string;
  /** Without schema: `<=>`. */
  readonly operator: string;
  /** As a query has to write it: `OPERATOR(public.<=>)`. */
  readonly qualifiedOperator: string;
  /** What a query has to order by for the index to serve it: the quoted column, or an expression on it. */
  readonly expression: string;
  /** Type of the expression, with its modifier: what the query vector has to be. */
  readonly operandType: string;
  /** True when it is on an expression, not on the column itself. */
  readonly isExpression: boolean;
  /** Of a partial index; null for one over all rows. */
  readonly predicate: string | null;
  readonly reloptions: Settings;
  /** False after an interrupted CREATE INDEX CONCURRENTLY: the planner ignores such an index without a word. */
  readonly valid: boolean;
  readonly bytes: number;
  /** Scans since the statistics were reset. */
  readonly scans: number;
}

/** Name of the extension that an access method belongs to, as SQL; null for one that belongs to none. @param oid of the method */
export const extensionOf = (oid: string): string =>
  `(SELECT e.extname::text FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
     WHERE d.classid = 'pg_am'::regclass AND d.objid = ${oid} AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e')`;

/**
 * An index can order by distance when the operator class of its first key has an ordering operator for its own type.
 * Keys that follow are what some access methods filter by.
 */
export async function readVectorIndexes(
  session: Session,
  leaves: readonly number[],
  column: string,
): Promise<readonly VectorIndex[]> {
  const rows = await session.query<{
    name: string;
    table: number;
    method: string;
    extension: string | null;
    opclass: string;
    operator: string;
    schema: string;
    expression: string;
    operandType: string;
    isExpression: boolean;
    predicate: string | null;
    reloptions: string[] | null;
    valid: boolean;
    bytes: string;
    scans: string | null;
  }>(
    `SELECT c.relname AS name, i.indrelid AS table, am.amname AS method,
            ${extensionOf('am.oid')} AS extension, oc.opcname AS opclass,
            o.oprname AS operator, os.nspname AS schema, pg_get_indexdef(c.oid, 1, true) AS expression,
            format_type(k.atttypid, k.atttypmod) AS "operandType", i.indkey[0] = 0 AS "isExpression",
            pg_get_expr(i.indpred, i.indrelid, true) AS predicate, c.reloptions,
            i.indisvalid AND i.indisready AS valid, pg_relation_size(c.oid) AS bytes, s.idx_scan AS scans
       FROM pg_index i
       JOIN pg_class c ON c.oid = i.indexrelid
       JOIN pg_am am ON am.oid = c.relam
       JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = 1
       JOIN pg_opclass oc ON oc.oid = i.indclass[0]
       JOIN pg_amop ao ON ao.amopfamily = oc.opcfamily AND ao.amoppurpose = 'o'
                      AND ao.amoplefttype = oc.opcintype AND ao.amoprighttype = oc.opcintype
       JOIN pg_operator o ON o.oid = ao.amopopr
       JOIN pg_namespace os ON os.oid = o.oprnamespace
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = $2
       LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = c.oid
      WHERE i.indrelid = ANY ($1::oid[])
        AND (i.indkey[0] = a.attnum OR i.indkey[0] = 0 AND EXISTS (
              SELECT FROM pg_depend d
               WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjid = i.indrelid
                 AND d.refobjsubid = a.attnum))
      ORDER BY i.indrelid, c.relname`,
    [leaves, column],
  );
  return rows.map(({ schema, reloptions, bytes, scans, ...row }) => ({
    ...row,
    qualifiedOperator: `OPERATOR(${ident(schema)}.${row.operator})`,
    reloptions: storageParameters(reloptions),
    bytes: Number(bytes),
    scans: Number(scans ?? 0),
  }));
}
