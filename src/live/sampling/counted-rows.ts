import { applySettings, type Session } from '../../postgres/index.js';
import type { Random } from '../../random.js';
import type { LiveRelation } from '../catalog/relation.js';
import { GENTLE } from '../statement/exact-settings.js';
import type { SampleOptions } from './rows.js';

/*
 * Rows of a view or a query have no places to be found by again. They are counted in one pass, and numbered and read in
 * another one on the same snapshot; which rows get the numbers that were drawn does not matter.
 */

/** Rows that were drawn by their numbers. */
export interface CountedRows {
  /** Rows that meet the condition, and those of them without a vector. */
  readonly seen: number;
  readonly nulls: number;
  readonly rows: number;
  /** A bit for each row with a vector: whether it was drawn. */
  readonly drawn: Buffer;
}

type Counted = Pick<LiveRelation, 'from' | 'column'>;

/** Draws rows that have a vector, each with the same chance, without replacement. */
export async function drawByNumber(
  session: Session,
  { from, column }: Counted,
  { rows, where, random, deadlineMs }: SampleOptions,
): Promise<CountedRows> {
  await applySettings(session, GENTLE);
  const [counted] = await session.query<{ seen: string; filled: string }>(
    `SELECT count(*) AS seen, count(${column.quoted}) AS filled FROM ${from} WHERE ${where ?? 'true'}`,
    [],
    { deadlineMs },
  );
  const [seen, filled] = [Number(counted!.seen), Number(counted!.filled)];
  const wanted = Math.min(rows, filled);
  return { seen, nulls: seen - filled, rows: wanted, drawn: drawnOf(filled, wanted, random) };
}

/** A random subset as bits (Floyd's algorithm; Bentley & Floyd 1987). Bits count from the lowest of each byte, as in `get_bit`. */
function drawnOf(all: number, wanted: number, random: Random): Buffer {
  const bits = Buffer.alloc(Math.ceil(all / 8));
  const has = (n: number): boolean => (bits[n >> 3]! & (1 << (n & 7))) !== 0;
  for (let last = all - wanted; last < all; last++) {
    const n = random.int(last + 1);
    const chosen = has(n) ? last : n;
    bits[chosen >> 3]! |= 1 << (chosen & 7);
  }
  return bits;
}

/** Reads them, in the order in which the server comes across them. @param select what to read, as SQL, given their alias */
export async function* readByNumber<Row>(
  session: Session,
  { from, column }: Counted,
  { drawn }: CountedRows,
  {
    where,
    select,
    batchRows,
    deadlineMs,
  }: Pick<SampleOptions, 'where' | 'deadlineMs'> & {
    readonly select: (rows: string) => string;
    readonly batchRows: number;
  },
): AsyncGenerator<Row[]> {
  await session.query(
    `DECLARE pgvtune_rows NO SCROLL CURSOR FOR
       SELECT ${select('pgvtune_rows')}
         FROM (SELECT row_number() OVER () AS pgvtune_n, * FROM ${from}
                WHERE ${column.quoted} IS NOT NULL AND ${where ?? 'true'}) AS pgvtune_rows
        WHERE get_bit($1::bytea, (pgvtune_n - 1)::int) = 1`,
    [drawn],
  );
  for (;;) {
    const rows = await session.query<Row>(`FETCH ${batchRows} FROM pgvtune_rows`, [], { deadlineMs });
    if (rows.length > 0) yield rows;
    if (rows.length < batchRows) break;
  }
  await session.query('CLOSE pgvtune_rows');
}
