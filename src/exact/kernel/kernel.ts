import type { Sums } from '../distance.js';

/** Queries that are scored at once; they lie one after the other. */
export const BLOCK_QUERIES = 2;
/** Rows that are scored at once. */
export const BLOCK_ROWS = 4;

/** Rows that one call can score. The second query's scores lie so many floats after those of the first. */
export const MAX_TILE_ROWS = 1024;

export const FLOAT_BYTES = 4;
/** Floats in a 128-bit register. */
export const LANES = 4;

/** Bytes from one vector to the next: each is filled up with zeros to a multiple of 16. */
export const strideOf = (dimensions: number): number => Math.ceil(dimensions / LANES) * LANES * FLOAT_BYTES;

export type SumName = keyof Sums<unknown>;

/**
 * For two queries and `count` rows: the sum in float32, times the row's scale. All but `count` are addresses in bytes.
 * Rows are taken four at a time: up to three more than `count` are read, and their scores written.
 */
export type ScoreRows = (queries: number, rows: number, count: number, scales: number, scores: number) => void;

/** The inner loops of the exact search, for one length of vector and one memory. */
export interface Kernel {
  readonly score: Readonly<Record<SumName, ScoreRows>>;
  /** In float64; a vector is given by its address. */
  readonly sum: Sums<number>;
  /**
   * The first position, from `from` on, of a score that is not above `limit`: smaller, equal or not a number. Any
   * position from `to` on means that there is none.
   */
  readonly findWithin: (scores: number, from: number, to: number, limit: number) => number;
}
