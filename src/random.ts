import { createHash } from 'node:crypto';

/** A seeded stream of random numbers: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /** Uniform integer in [0, below). */
  int(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** Fisher–Yates; shuffles in place and returns its argument. */
  shuffle<T>(values: T[]): T[];
  /** An independent stream named `label`; drawing from it does not disturb this one. */
  fork(label: string): Random;
}

/** Small fast counter generator (sfc32), seeded by the SHA-256 of the seed's text. */
export function createRandom(seed: string | number): Random {
  const digest = createHash('sha256').update(`pgvtune:${seed}`).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = 1;

  const next32 = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next32();

  const next = (): number => ((next32() >>> 5) * 67_108_864 + (next32() >>> 6)) / 9_007_199_254_740_992;
  const int = (below: number): number => Math.floor(next() * below);

  let spare: number | undefined;
  // Marsaglia's polar method: no trigonometry, hence the same bits on every platform up to log and sqrt.
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * next() - 1;
      const v = 2 * next() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const factor = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * factor;
        return u * factor;
      }
    }
  };

  return {
    next,
    int,
    normal,
    shuffle(values) {
      for (let i = values.length - 1; i > 0; i--) {
        const j = int(i + 1);
        [values[i], values[j]] = [values[j]!, values[i]!];
      }
      return values;
    },
    fork: (label) => createRandom(`${seed}/${label}`),
  };
}
