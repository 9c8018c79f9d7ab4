import type { Random } from '../../random.js';
import type { CheckedRow } from './check-rows.js';

/** How many queries are held out when nobody says: a tenth of the rows, and no more than this. */
export const HELD_OUT_QUERIES = 10_000;

/** How many rows to draw besides so many, so that those are what is left when a tenth is held out. */
export const queriesBeside = (rows: number): number => Math.min(HELD_OUT_QUERIES, Math.max(1, Math.floor(rows / 9)));

/**
 * A uniform random sample without replacement of a stream whose length is not known (reservoir sampling, Vitter 1985,
 * algorithm R), in one pass and in the memory of the sample.
 */
export interface Reservoir {
  /** Takes a row in and gives back the one that is now out: this one, or one that had been in. Null while filling. */
  offer(row: CheckedRow): CheckedRow | null;
  /** Ends the sampling: `size` rows of the sample in random order, and the rest in the order of the source. */
  split(size: number): { readonly sample: readonly CheckedRow[]; readonly rest: readonly CheckedRow[] };
}

export function createReservoir(capacity: number, random: Random): Reservoir {
  const held: CheckedRow[] = [];
  let seen = 0;
  // The array behind a vector is reused by the next batch.
  const own = (row: CheckedRow): CheckedRow => ({ ...row, vector: row.vector.slice() });
  return {
    offer(row) {
      seen++;
      if (held.length < capacity) {
        held.push(own(row));
        return null;
      }
      const slot = random.int(seen);
      if (slot >= capacity) return row;
      const out = held[slot]!;
      held[slot] = own(row);
      return out;
    },
    split(size) {
      random.shuffle(held);
      return { sample: held.slice(0, size), rest: held.slice(size).sort((a, b) => a.number - b.number) };
    },
  };
}
