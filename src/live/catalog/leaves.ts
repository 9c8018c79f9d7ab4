import { PgvtuneError } from '../../errors.js';
import { ident, qualified, type Session } from '../../postgres/index.js';
import type { FoundTable } from './find-table.js';

export interface LeafTable {
  readonly oid: number;
  readonly name: string;
  readonly quoted: string;
  /** What its rows are read from: itself, or the table above it, where this role has rights on that one only. */
  readonly from: string;
  /** Pages of the table without its TOAST table, now. */
  readonly blocks: number;
  /** The planner's count of rows; −1 when the table was never analysed. */
  readonly estimatedRows: number;
  /** With TOAST, without indexes. */
  readonly bytes: number;
  readonly liveRows: number;
  readonly deadRows: number;
  /** When it was last analysed, by hand or by autovacuum; null: never, as far as the statistics go. */
  readonly analyzed: Date | null;
}

export async function readLeaves(session: Session, root: FoundTable): Promise<readonly LeafTable[]> {
  const rows = await session.query<{
    oid: number;
    schema: string;
    name: string;
    kind: string;
    readable: boolean;
    blocks: string;
    tuples: number;
    bytes: string;
    live: string | null;
    dead: string | null;
    analyzed: Date | null;
  }>(
    `WITH RECURSIVE tree(oid) AS (
       SELECT $1::oid UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)
     SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.reltuples AS tuples,
            has_table_privilege(c.oid, 'SELECT') AS readable,
            pg_relation_size(c.oid) / current_setting('block_size')::int AS blocks, pg_table_size(c.oid) AS bytes,
            s.n_live_tup AS live, s.n_dead_tup AS dead, greatest(s.last_analyze, s.last_autoanalyze) AS analyzed
       FROM tree JOIN pg_class c ON c.oid = tree.oid JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
      WHERE c.relkind <> 'p' ORDER BY c.oid`,
    [root.oid],
  );
  const foreign = rows.find(({ kind }) => kind === 'f');
  if (foreign) {
    throw new PgvtuneError('usage', `The partition ${foreign.schema}.${foreign.name} is a foreign table.`, {
      hint: 'Name the partitions that lie on this server.',
    });
  }
  return rows.map(({ oid, schema, name, readable, blocks, tuples, bytes, live, dead, analyzed }) => ({
    oid,
    name,
    quoted: qualified(schema, name),
    from: readable
      ? `ONLY ${qualified(schema, name)}`
      : `(SELECT ctid, * FROM ${root.quoted} WHERE tableoid = ${oid}) AS ${ident(name)}`,
    blocks: Number(blocks),
    estimatedRows: tuples,
    bytes: Number(bytes),
    liveRows: Number(live ?? 0),
    deadRows: Number(dead ?? 0),
    analyzed,
  }));
}
