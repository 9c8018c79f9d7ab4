import type { Dataset } from '../../datasets/index.js';
import { exactTruth, rowBitmap, type Truth } from '../../exact/index.js';
import type { Session, Workspace } from '../../postgres/index.js';
import type { QuerySet } from '../../query-set.js';
import { createRandom } from '../../random.js';
import type { Layout, Metric } from '../../vocabulary.js';
import { createTable, TABLE } from './load.js';

/** A table of a random subset of the rows, or of all of them, and the exact neighbours among these. */
export interface SubsetTable {
  /** Unquoted. */
  readonly name: string;
  readonly truth: Truth;
}

export interface SubsetContext {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly dataset: Dataset;
  readonly metric: Metric;
  readonly layout: Layout;
  readonly queries: QuerySet;
  /** Exact neighbours in the whole table. */
  readonly truth: Truth;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/**
 * Tables of a random subset of the rows, for builds that cost a fraction of the real one. Subsets are nested: a smaller
 * one is a part of every larger one. Rows keep their numbers.
 *
 * @returns the table with that many rows; undefined means all of them
 */
export function createSubsetTables(context: SubsetContext): (rows: number | undefined) => Promise<SubsetTable> {
  const { dataset, metric, queries, signal } = context;
  const made = new Map<number, SubsetTable>();
  let permutation: readonly number[] | undefined;

  return async (rows) => {
    if (rows === undefined || rows >= dataset.manifest.rows) return { name: TABLE, truth: context.truth };
    const before = made.get(rows);
    if (before) return before;
    permutation ??= createRandom(context.seed)
      .fork('fidelity')
      .shuffle(Array.from({ length: dataset.manifest.rows }, (_, row) => row));
    const chosen = permutation.slice(0, rows);
    const members = new Set(chosen);
    const bitmap = rowBitmap(dataset.manifest.rows, (row) => members.has(row));
    const filter = { bitmaps: [bitmap], ofQuery: new Int32Array(queries.size) };
    const truth = await exactTruth(dataset, { metric, k: context.truth.k, queries: queries.order, filter, signal });
    const table = { name: `${TABLE}_${rows}`, truth };
    await makeTable(context, table.name, chosen);
    made.set(rows, table);
    return table;
  };
}

/** Copies the chosen rows on the server; a table that an interruption left half-made is not there at all. */
async function makeTable(
  { session, workspace, layout }: SubsetContext,
  name: string,
  rows: readonly number[],
): Promise<void> {
  const table = workspace.quote(name);
  const [found] = await session.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  if (!found?.there) {
    await session.transaction(async () => {
      const content = `LIKE ${workspace.quote(TABLE)} INCLUDING ALL EXCLUDING INDEXES`;
      await createTable(session, workspace, name, { content, layout });
      await session.query(`ALTER TABLE ${table} ADD PRIMARY KEY (id)`);
      await session.query(
        `INSERT INTO ${table} (id, embedding) SELECT i.id, i.embedding FROM ${workspace.quote(TABLE)} i
           JOIN unnest($1::bigint[]) AS chosen(id) ON chosen.id = i.id ORDER BY i.id`,
        [rows],
        { deadlineMs: Infinity },
      );
    });
  }
  await session.query(`VACUUM (ANALYZE) ${table}`, [], { deadlineMs: Infinity });
}
