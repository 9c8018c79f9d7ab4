import { PgvtuneError } from '../errors.js';
import type { Session } from './session.js';

/** What the planner goes by when it chooses between an index and the table, besides the query. */
export interface PlannerFacts {
  /** Its row estimate: `reltuples`, scaled to the number of pages that the table has now. */
  readonly rows: number;
  /** Pages of the table without its TOAST table. */
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
    tuples: number;
    analysed_pages: number;
    heap_pages: string;
    index_pages: string;
    settings: PlannerFacts['settings'];
  }>(
    `SELECT reltuples AS tuples, relpages AS analysed_pages,
            pg_relation_size(oid) / current_setting('block_size')::int AS heap_pages,
            pg_relation_size($2::regclass) / current_setting('block_size')::int AS index_pages,
            json_build_object(${settings.join(', ')}) AS settings
       FROM pg_class WHERE oid = $1::regclass`,
    [table, index],
  );
  if (!row || row.tuples < 0) throw new PgvtuneError('server', `${table} was never analysed.`, { hint: 'ANALYZE it.' });
  const heapPages = Number(row.heap_pages);
  const density = row.analysed_pages > 0 ? row.tuples / row.analysed_pages : 0;
  return {
    rows: Math.round(density * heapPages),
    heapPages,
    indexPages: Number(row.index_pages),
    settings: row.settings,
  };
}
