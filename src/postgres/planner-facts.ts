import { PgvtuneError } from '../errors.js';
import type { Session } from './session.js';

/** What the planner goes by when it chooses between an index and the table, besides the query. */
export interface PlannerFacts {
  /** Its row estimate: `reltuples`, scaled to the number of pages that the table has now. */
  readonly rows: number;
  /** Pages of the table, or of its partitions, without TOAST tables. */
  readonly heapPages: number;
  readonly indexPages: number;
  /** Settings by their names; sizes in bytes. */
  readonly settings: Readonly<Record<(typeof NUMBERS)[number] | (typeof SIZES)[number], number>>;
}

const NUMBERS = [
  'seq_page_cost',
  'random_page_cost',
  'cpu_tuple_cost',
  'cpu_index_tuple_cost',
  'cpu_operator_cost',
  'parallel_setup_cost',
  'parallel_tuple_cost',
  'max_parallel_workers_per_gather',
] as const;
const SIZES = ['effective_cache_size', 'min_parallel_table_scan_size'] as const;

/**
 * Source of the row estimate: PostgreSQL `tableam.c` table_block_relation_estimate_size, for an analysed table.
 *
 * @param table quoted and qualified, as `index`
 * @throws {PgvtuneError} `server` when the table was never analysed
 */
export async function readPlannerFacts(session: Session, table: string, index: string): Promise<PlannerFacts> {
  const settings = [
    ...NUMBERS.map((name) => `'${name}', current_setting('${name}')::float8`),
    ...SIZES.map((name) => `'${name}', pg_size_bytes(current_setting('${name}'))`),
  ];
  const [row] = await session.query<{
    analysed: boolean;
    rows: number | null;
    heap_pages: number;
    index_pages: number;
    settings: PlannerFacts['settings'];
  }>(
    `WITH RECURSIVE tree AS (
       SELECT root.oid, root.place FROM (VALUES ($1::regclass::oid, 'table'), ($2::regclass::oid, 'index')) AS root (oid, place)
       UNION ALL SELECT i.inhrelid, tree.place FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid),
     stored AS (
       SELECT place, reltuples::float8 AS tuples, relpages AS analysed_pages,
              pg_relation_size(c.oid) / current_setting('block_size')::int AS pages
         FROM tree JOIN pg_class c USING (oid) WHERE c.relkind IN ('r', 'm', 'i'))
     SELECT min(tuples) FILTER (WHERE place = 'table') >= 0 AS analysed,
            sum(tuples / nullif(analysed_pages, 0) * pages) FILTER (WHERE place = 'table') AS rows,
            sum(pages) FILTER (WHERE place = 'table')::float8 AS heap_pages,
            sum(pages) FILTER (WHERE place = 'index')::float8 AS index_pages,
            json_build_object(${settings.join(', ')}) AS settings
       FROM stored`,
    [table, index],
  );
  if (!row?.analysed) throw new PgvtuneError('server', `${table} was never analysed.`, { hint: 'ANALYZE it.' });
  return {
    rows: Math.round(row.rows ?? 0),
    heapPages: row.heap_pages,
    indexPages: row.index_pages,
    settings: row.settings,
  };
}
