/** A 64-bit hash as two unsigned 32-bit halves. */
export interface Hash64 {
  readonly low: number;
  readonly high: number;
}

/**
 * Which row had this hash first? Open addressing over typed arrays: 12 bytes a slot, at most two thirds of them in use,
 * so a million rows take 24 MB. Two different values among n share a hash with a probability of about n²/2⁶⁵: 3·10⁻⁸
 * for a million, 3·10⁻⁴ for a hundred million.
 */
export interface HashIndex {
  /** Remembers `row` unless the hash is known. Gives the row that it is known for, or −1. */
  add(hash: Hash64, row: number): number;
  /** The row that the hash is known for, or −1. */
  find(hash: Hash64): number;
}

export function createHashIndex(): HashIndex {
  let slots = 1024;
  let used = 0;
  let lows = new Uint32Array(slots);
  let highs = new Uint32Array(slots);
  /** Row + 1; 0 marks a free slot. */
  let rows = new Uint32Array(slots);

  const slotOf = (low: number, high: number): number => {
    let slot = low & (slots - 1);
    while (rows[slot] !== 0 && (lows[slot] !== low || highs[slot] !== high)) slot = (slot + 1) & (slots - 1);
    return slot;
  };
  const put = (slot: number, low: number, high: number, rowPlus1: number): void => {
    lows[slot] = low;
    highs[slot] = high;
    rows[slot] = rowPlus1;
  };
  const grow = (): void => {
    const old = { lows, highs, rows };
    slots *= 2;
    lows = new Uint32Array(slots);
    highs = new Uint32Array(slots);
    rows = new Uint32Array(slots);
    for (const [i, rowPlus1] of old.rows.entries()) {
      if (rowPlus1 !== 0) put(slotOf(old.lows[i]!, old.highs[i]!), old.lows[i]!, old.highs[i]!, rowPlus1);
    }
  };
  return {
    add({ low, high }, row) {
      const slot = slotOf(low, high);
      if (rows[slot] !== 0) return rows[slot]! - 1;
      put(slot, low, high, row + 1);
      if (++used * 3 > slots * 2) grow();
      return -1;
    },
    find: ({ low, high }) => rows[slotOf(low, high)]! - 1,
  };
}

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

function finish(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * 64-bit hash of 32-bit words: two streams of MurmurHash3_x86_32 (Austin Appleby, public domain) with different seeds
 * and multipliers, crossed at the end.
 */
export function hashWords(words: ArrayLike<number>, from: number, to: number): Hash64 {
  let a = 0x9747b28c;
  let b = 0x2545f491;
  for (let i = from; i < to; i++) {
    const word = words[i]!;
    a ^= Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);
    a = (Math.imul(rotate(a, 13), 5) + 0xe6546b64) | 0;
    b ^= Math.imul(rotate(Math.imul(word, 0x239b961b), 16), 0xab0e9789);
    b = (Math.imul(rotate(b, 19), 5) + 0x561ccd1b) | 0;
  }
  const length = to - from;
  a = finish(a ^ length);
  b = finish(b ^ length ^ a);
  return { low: finish(a + b), high: b };
}
