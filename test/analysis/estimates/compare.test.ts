import { describe, expect, it } from 'vitest';
import { compareBlocks, judgeSlowdown, pairsNeeded } from '../../../src/analysis/index.js';
import { createRandom, type Random } from '../../../src/random.js';

const BLOCK = 20;

/** Two arms in alternating blocks: the machine's state is that of the pair, and each half adds a little of its own. */
function arms(random: Random, pairs: number, slowdown: number): { base: Float64Array; candidate: Float64Array } {
  const base = new Float64Array(pairs * BLOCK);
  const candidate = new Float64Array(pairs * BLOCK);
  for (let pair = 0; pair < pairs; pair++) {
    const state = Math.exp(0.2 * random.normal());
    const halves = [state * Math.exp(0.02 * random.normal()), slowdown * state * Math.exp(0.02 * random.normal())];
    for (let i = 0; i < BLOCK; i++) {
      base[pair * BLOCK + i] = halves[0]! * Math.exp(0.2 * random.normal());
      candidate[pair * BLOCK + i] = halves[1]! * Math.exp(0.2 * random.normal());
    }
  }
  return { base, candidate };
}

const compare = ({ base, candidate }: ReturnType<typeof arms>) => compareBlocks(base, candidate, { blockSize: BLOCK });
const share = (count: number, holds: () => boolean): number =>
  Array.from({ length: count }, holds).filter(Boolean).length / count;

describe('comparison of blocks', () => {
  it('is the middle of the ratios of the blocks’ medians', () => {
    const base = [1, 1, 9, 2, 2, 9, 4, 4, 9];
    const candidate = [2, 2, 0, 2, 2, 0, 16, 16, 0];
    const comparison = compareBlocks(base, candidate, { blockSize: 3 });
    expect(comparison.pairs).toBe(3);
    expect(comparison.ratio.value).toBeCloseTo(2, 12);
    expect(comparison.ratio).toMatchObject({ low: null, high: null });
    expect(comparison.pSlower).toBe(0.25);
  });

  it('calls equal arms different at the nominal rate, and covers their ratio', () => {
    const random = createRandom('equal arms');
    const results = Array.from({ length: 400 }, () => compare(arms(random, 40, 1)));
    expect(results.filter(({ pTwoSided }) => pTwoSided < 0.05).length / 400).toBeLessThan(0.08);
    expect(results.filter(({ ratio }) => ratio.low! <= 1 && 1 <= ratio.high!).length / 400).toBeGreaterThan(0.93);
    expect(results.filter((result) => judgeSlowdown(result, { margin: 0.03, alpha: 0.001 }) === 'slower')).toEqual([]);
  });

  it('sees 10 % and clears what is equal', () => {
    const random = createRandom('power');
    const options = { margin: 0.03, alpha: 0.001 };
    expect(share(60, () => judgeSlowdown(compare(arms(random, 40, 1.1)), options) === 'slower')).toBeGreaterThan(0.9);
    expect(share(60, () => judgeSlowdown(compare(arms(random, 120, 1)), options) === 'not slower')).toBeGreaterThan(
      0.7,
    );
  });

  it('does not conclude from a few blocks, nor when a correction for many tests says so', () => {
    const random = createRandom('few');
    const options = { margin: 0.03, alpha: 0.001 };
    expect(judgeSlowdown(compare(arms(random, 5, 1.5)), options)).toBe('inconclusive');
    const comparison = compare(arms(random, 40, 1.2));
    expect(judgeSlowdown(comparison, options)).toBe('slower');
    expect(judgeSlowdown(comparison, { ...options, p: 0.01 })).toBe('inconclusive');
  });

  it('says how many pairs show a slowdown, and that many do', () => {
    const random = createRandom('needed');
    const { logSpread } = compare(arms(random, 200, 1));
    const pairs = pairsNeeded({ logSpread, margin: 0.04, alpha: 0.01, power: 0.9 });
    const seen = (count: number): number => share(300, () => compare(arms(random, count, 1.04)).pSlower < 0.01);
    expect(seen(pairs)).toBeGreaterThan(0.84);
    expect(seen(Math.round(pairs / 2))).toBeLessThan(0.8);
  });

  it('needs at least as many pairs as the test takes to be significant at all', () => {
    expect(pairsNeeded({ logSpread: 0.0001, margin: 0.1, alpha: 0.001, power: 0.9 })).toBe(10);
  });

  it('refuses arms that were not measured over the same queries', () => {
    expect(() => compareBlocks([1, 2], [1], { blockSize: 1 })).toThrow(/got 2 and 1/);
    expect(() => compareBlocks([], [], { blockSize: 1 })).toThrow(/got 0 and 0/);
  });
});
