import { createHash } from 'node:crypto';

/** The streams of a seed. Positions are rows, queries, clusters, or documents by the number of their first row. */
export const STREAM = {
  map: 1,
  cluster: 2,
  kind: 3,
  source: 4,
  boundary: 5,
  document: 6,
  row: 7,
  query: 8,
  queryDocument: 9,
  otherDocument: 10,
} as const;
export type Stream = (typeof STREAM)[keyof typeof STREAM];

/**
 * Random numbers that belong to a place: after `seek(stream, position)` the same numbers follow, whatever was drawn
 * before. A row's numbers thus depend on the seed and on the row alone, not on batches, workers or the rows before it.
 */
export interface RowRandom {
  /** Moves to the beginning of the numbers of one position (an integer below 2^32) of one stream. */
  seek(stream: Stream, position: number): void;
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Uniform integer in [0, below), for `below` up to 2^31. */
  int(below: number): number;
  /** Nearly standard normal, and never beyond ±2√3: see {@link createRowRandom}. */
  normal(): number;
}

/** Mean and standard deviation of the sum of four independent uniform integers in [0, 65535]. */
const SUM_MEAN = 2 * 65_535;
const SUM_DEVIATION = Math.sqrt((65_536 ** 2 - 1) / 3);

/**
 * The sfc32 generator, whose state is a key made of seed and stream, and the position.
 *
 * Normals are sums of four uniforms (Irwin–Hall): integer arithmetic and one division, so that the bits do not depend
 * on the platform's logarithm, at a third of the price of an exact method. Excess kurtosis is −0.3.
 */
export function createRowRandom(seed: string | number): RowRandom {
  const key = createHash('sha256').update(`pgvtune:generate:${seed}`).digest();
  const keyA = key.readInt32LE(0);
  const keyB = key.readInt32LE(4);
  let a = 0;
  let b = 0;
  let c = 0;
  let counter = 0;

  const next32 = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t;
  };
  const uniform = (): number => (next32() >>> 0) / 4_294_967_296;

  return {
    seek(stream, position) {
      a = keyA;
      b = keyB ^ Math.imul(stream, 0x9e3779b1);
      c = position | 0;
      counter = 1;
      for (let i = 0; i < 12; i++) next32();
    },
    uniform,
    int: (below) => Math.floor(uniform() * below),
    normal() {
      const x = next32();
      const y = next32();
      return ((x >>> 16) + (x & 0xffff) + (y >>> 16) + (y & 0xffff) - SUM_MEAN) / SUM_DEVIATION;
    },
  };
}
