import { hashWords, type Hash64 } from '../store/hash-index.js';

/** What one look at a vector tells. */
export interface VectorScan extends Hash64 {
  /** Position of the first number that is not finite; −1 when all are. */
  readonly notFiniteAt: number;
  readonly zero: boolean;
}

const EXPONENT = 0x7f80_0000;
const ALL_BUT_SIGN = 0x7fff_ffff;

/**
 * Looks at one vector as bits: an exponent of ones is NaN or infinity, all zero but for the sign is zero.
 *
 * @param words the float32 values seen as 32-bit words
 */
export function scanVector(words: Uint32Array, from: number, to: number): VectorScan {
  let seen = 0;
  let notFiniteAt = -1;
  for (let i = from; i < to; i++) {
    const word = words[i]!;
    seen |= word;
    if ((word & EXPONENT) === EXPONENT && notFiniteAt < 0) notFiniteAt = i - from;
  }
  const { low, high } = hashWords(words, from, to);
  return { low, high, notFiniteAt, zero: (seen & ALL_BUT_SIGN) === 0 };
}
