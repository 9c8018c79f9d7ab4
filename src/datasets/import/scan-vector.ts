import { hashWords, type Hash64 } from '../store/hash-index.js';

/** What one look at a vector tells. */
export interface VectorScan extends Hash64 {
  /** Position of the first number that is not finite; −1 when all are. */
  readonly notFiniteAt: number;
  readonly zero: boolean;
  /** Position of the first finite number that half precision cannot hold; −1 when it holds all. */
  readonly beyondHalfAt: number;
}

const EXPONENT = 0x7f80_0000;
const ALL_BUT_SIGN = 0x7fff_ffff;
/** Bits of 65,520, the least number that rounds beyond half precision's largest, 65,504 (IEEE 754). */
const BEYOND_HALF = 0x477f_f000;

/**
 * Looks at one vector as bits: an exponent of ones is NaN or infinity, all zero but for the sign is zero, and without the
 * sign the bits order as the numbers do.
 *
 * @param words the float32 values seen as 32-bit words
 */
export function scanVector(words: Uint32Array, from: number, to: number): VectorScan {
  let seen = 0;
  let notFiniteAt = -1;
  let beyondHalfAt = -1;
  for (let i = from; i < to; i++) {
    const word = words[i]!;
    seen |= word;
    if ((word & ALL_BUT_SIGN) < BEYOND_HALF) continue;
    if ((word & EXPONENT) !== EXPONENT) beyondHalfAt = beyondHalfAt < 0 ? i - from : beyondHalfAt;
    else if (notFiniteAt < 0) notFiniteAt = i - from;
  }
  const { low, high } = hashWords(words, from, to);
  return { low, high, notFiniteAt, beyondHalfAt, zero: (seen & ALL_BUT_SIGN) === 0 };
}
