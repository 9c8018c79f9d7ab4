import type { Random } from '../../random.js';
import { explainQuery, ident } from '../../postgres/index.js';
import type { LeafTable } from '../catalog/leaves.js';
import type { LiveTable } from '../catalog/table.js';
import type { QueryOptions, Session } from '../../postgres/index.js';

export interface SampleOptions {
  /** How many rows; all there are when there are fewer. */
  readonly rows: number;
  /** Condition on the rows, in parentheses (see `predicate`); null: every row with a vector. */
  readonly where: string | null;
  readonly random: Random;
  readonly deadlineMs: number;
}

/** A simple random sample of the rows that have a vector and meet the condition, without replacement. */
export interface RowSample {
  /** Where the rows stand, in random order; see {@link fetchRows}. They hold for the snapshot they were drawn on. */
  readonly positions: Float64Array;
  readonly method: 'pages' | 'scan';
  /** Rows that meet the condition among those looked at: the pages drawn, or the whole table. */
  readonly seen: number;
  /** Those of them whose vector is NULL. */
  readonly nulls: number;
}

/** What the sampler needs to know of a table. */
export type SampledTable = Pick<LiveTable, 'leaves' | 'column'>;

/*
 * A position is one number for the place of a row in a table and all its partitions: the pages of the leaves are
 * numbered through, and a page has fewer than 2^16 rows.
 */
const ROWS_A_PAGE = 65_536;

/**
 * Draws rows at random, each with the same chance, whichever is cheaper by the planner's estimate: from pages drawn at
 * random, or from all rows in one pass. Nothing is sorted on the server, and no vector is read.
 *
 * The caller holds a snapshot (see `readOnly`) that the table was read on.
 */
export async function sampleRows(session: Session, table: SampledTable, options: SampleOptions): Promise<RowSample> {
  const draws = await affordableDraws(session, table, options);
  const sample = draws > 0 ? await sampleFromPages(session, table, options, draws) : null;
  return sample ?? sampleFromScan(session, table, options);
}

/** How many pages may be drawn before one pass over the table is cheaper; 0 when it is from the start. */
async function affordableDraws(
  session: Session,
  { leaves, column }: SampledTable,
  options: SampleOptions,
): Promise<number> {
  // Before PostgreSQL 14 there is no scan of a range of pages.
  const [server] = await session.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  const [largest] = leaves.toSorted((a, b) => b.blocks - a.blocks);
  if (!largest || largest.blocks === 0 || Number(server?.version) < 140_000) return 0;

  let scanCost = 0;
  let matches = 0;
  for (const leaf of leaves) {
    const scan = await explainQuery(session, scanText(leaf, column.quoted, options.where));
    scanCost += scan.totalCost;
    matches += scan.estimatedRows;
  }
  const page = await explainQuery(session, drawText(largest, column.quoted, options.where), [[0], [0]]);
  const blocks = blocksOf(leaves);
  const expected = (options.rows * 1.5) / Math.min(1, Math.max(matches, 1) / blocks);
  const affordable = Math.floor(scanCost / page.totalCost);
  // The estimate of matching rows may be wrong; what was drawn in vain until then must not cost more than the scan.
  return expected < affordable ? Math.min(affordable, Math.ceil(4 * expected) + SMALLEST_BATCH) : 0;
}

/** Pages drawn by one statement. */
const SMALLEST_BATCH = 32;
const LARGEST_BATCH = 512;

interface Draw {
  readonly position: number;
  /** Rows of the page that could have been drawn. */
  readonly candidates: number;
  /** Uniform in [0, 1): the draw counts when it is below candidates / most candidates of any page. */
  readonly luck: number;
}

/**
 * Draws a page, and one of its rows. Alone that would prefer rows on sparse pages; so a draw counts only with a chance
 * proportional to the number of rows on its page (acceptance–rejection). The densest page among those drawn stands for
 * the densest of the table: pages that are denser, and were never drawn, are under-represented, by no more than their
 * share of the rows.
 *
 * @returns null when `draws` pages did not yield enough rows
 */
export async function sampleFromPages(
  session: Session,
  { leaves, column }: SampledTable,
  { rows, where, random, deadlineMs }: SampleOptions,
  draws: number,
): Promise<RowSample | null> {
  const blocks = blocksOf(leaves);
  const drawn: Draw[] = [];
  let [seen, nulls, left] = [0, 0, draws];
  for (;;) {
    const accepted = acceptedOf(drawn);
    if (accepted.length >= rows) {
      return { positions: Float64Array.from(accepted.slice(0, rows)), method: 'pages', seen, nulls };
    }
    const batch = Math.min(left, LARGEST_BATCH, Math.max(SMALLEST_BATCH, rows - accepted.length));
    if (batch <= 0) return null;
    left -= batch;
    const pages = Array.from({ length: batch }, () => ({
      block: random.int(blocks),
      luck: random.next(),
      pick: random.next(),
    }));
    for (const [leaf, first] of leavesOf(leaves)) {
      const here = pages.filter(({ block }) => block >= first && block < first + leaf.blocks);
      if (here.length === 0) continue;
      const found = await session.query<{ n: string; seen: string; filled: string; ctid: string | null }>(
        drawText(leaf, column.quoted, where),
        [here.map(({ block }) => block - first), here.map(({ pick }) => pick)],
        { deadlineMs },
      );
      for (const row of found) {
        const page = here[Number(row.n) - 1]!;
        seen += Number(row.seen);
        nulls += Number(row.seen) - Number(row.filled);
        const position = row.ctid === null ? -1 : positionOf(first, row.ctid);
        drawn.push({ position, candidates: Number(row.filled), luck: page.luck });
      }
    }
  }
}

/** Distinct positions of the draws that count, in the order drawn. */
function acceptedOf(drawn: readonly Draw[]): number[] {
  const most = drawn.reduce((high, { candidates }) => Math.max(high, candidates), 1);
  return [...new Set(drawn.filter(({ candidates, luck }) => luck * most < candidates).map(({ position }) => position))];
}

const drawText = ({ from }: LeafTable, column: string, where: string | null): string =>
  `SELECT drawn.n, page.seen, page.filled, page.ctid
     FROM unnest($1::bigint[], $2::float8[]) WITH ORDINALITY AS drawn(block, pick, n)
     CROSS JOIN LATERAL (
       SELECT count(*) AS seen, count(*) FILTER (WHERE ${column} IS NOT NULL) AS filled,
              (array_agg(ctid) FILTER (WHERE ${column} IS NOT NULL))
                [1 + floor(drawn.pick * count(*) FILTER (WHERE ${column} IS NOT NULL))::int] AS ctid
         FROM ${from}
        WHERE ctid >= format('(%s,0)', drawn.block)::tid AND ctid < format('(%s,0)', drawn.block + 1)::tid
          AND ${where ?? 'true'}) AS page`;

/** Rows that a scan brings in one piece. */
const FETCH_ROWS = 10_000;

/** One pass over all rows that meet the condition; a reservoir keeps a sample (Vitter 1985, algorithm R). */
export async function sampleFromScan(
  session: Session,
  { leaves, column }: SampledTable,
  { rows, where, random, deadlineMs }: SampleOptions,
): Promise<RowSample> {
  const kept: number[] = [];
  let [seen, nulls] = [0, 0];
  for (const [leaf, first] of leavesOf(leaves)) {
    await session.query(`DECLARE pgvtune_sample NO SCROLL CURSOR FOR ${scanText(leaf, column.quoted, where)}`);
    for (;;) {
      const found = await session.query<{ ctid: string; empty: boolean }>(
        `FETCH ${FETCH_ROWS} FROM pgvtune_sample`,
        [],
        { deadlineMs },
      );
      for (const { ctid, empty } of found) {
        seen++;
        if (empty) {
          nulls++;
          continue;
        }
        const slot = kept.length < rows ? kept.length : random.int(seen - nulls);
        if (slot < rows) kept[slot] = positionOf(first, ctid);
      }
      if (found.length < FETCH_ROWS) break;
    }
    await session.query('CLOSE pgvtune_sample');
  }
  return { positions: Float64Array.from(random.shuffle(kept)), method: 'scan', seen, nulls };
}

const scanText = ({ from }: LeafTable, column: string, where: string | null): string =>
  `SELECT ctid, ${column} IS NULL AS empty FROM ${from} WHERE ${where ?? 'true'}`;

/** Each leaf with the number of its first page. */
function leavesOf<Leaf extends Pick<LeafTable, 'blocks'>>(
  leaves: readonly Leaf[],
): readonly (readonly [Leaf, number])[] {
  let first = 0;
  return leaves.map((leaf) => {
    const entry = [leaf, first] as const;
    first += leaf.blocks;
    return entry;
  });
}

const blocksOf = (leaves: readonly Pick<LeafTable, 'blocks'>[]): number =>
  leaves.reduce((sum, { blocks }) => sum + blocks, 0);

/** `(12,3)` of the leaf whose first page has the number `first`. */
function positionOf(first: number, ctid: string): number {
  const [block, offset] = ctid.slice(1, -1).split(',').map(Number);
  return (first + block!) * ROWS_A_PAGE + offset!;
}

/** Position of a row by the oid of its leaf, as `tableoid` gives it, and its `ctid`. */
export function positionAt(leaves: readonly LeafTable[], oid: number, ctid: string): number {
  const [, first] = leavesOf(leaves).find(([leaf]) => leaf.oid === oid)!;
  return positionOf(first, ctid);
}

/** The leaf and the row's `ctid` there. */
export function placeOf(
  leaves: readonly LeafTable[],
  position: number,
): { readonly leaf: LeafTable; readonly ctid: string } {
  const page = Math.floor(position / ROWS_A_PAGE);
  const [leaf, first] = leavesOf(leaves).findLast(([, first]) => first <= page)!;
  return { leaf, ctid: `(${page - first},${position % ROWS_A_PAGE})` };
}

/**
 * Reads rows by their positions. A row that the snapshot does not show any more is left out.
 *
 * @param select what to read, as SQL; the row's place comes before it. Given the alias of the rows
 * @returns rows as they come, each with its position
 */
export async function fetchRows<Row>(
  session: Session,
  { leaves }: SampledTable,
  positions: readonly number[] | Float64Array,
  select: (rows: string) => string,
  options: QueryOptions = {},
): Promise<(Row & { readonly position: number })[]> {
  const rows: (Row & { readonly position: number })[] = [];
  const byLeaf = new Map<LeafTable, string[]>();
  const firstOf = new Map(leavesOf(leaves));
  for (const position of positions) {
    const { leaf, ctid } = placeOf(leaves, position);
    const ctids = byLeaf.get(leaf) ?? [];
    ctids.push(ctid);
    byLeaf.set(leaf, ctids);
  }
  for (const [leaf, ctids] of byLeaf) {
    const found = await session.query<Row & { ctid: string }>(
      `SELECT ctid, ${select(ident(leaf.name))} FROM ${leaf.from} WHERE ctid = ANY ($1::tid[])`,
      [ctids],
      options,
    );
    for (const { ctid, ...row } of found)
      rows.push({ ...(row as Row), position: positionOf(firstOf.get(leaf)!, ctid) });
  }
  return rows;
}
