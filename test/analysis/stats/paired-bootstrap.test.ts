import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bettingInterval, pairedDifferences } from '../../../src/analysis/index.js';
import { createRandom, type Random } from '../../../src/random.js';

const share = (value: number): number => Math.min(1, Math.max(0, value));

/** nDCG of a query with one relevant row: 1, 1/log₂(rank + 1), or 0. */
const known = (random: Random): number => {
  const place = random.next();
  if (place < 0.4) return 1;
  return place < 0.6 ? 1 / Math.log2(3 + random.int(8)) : 0;
};

/** Ways in which two systems differ on a query, `[base, candidate]`. */
const PAIRS: Readonly<Record<string, (random: Random) => readonly [number, number]>> = {
  'graded qualities': (random) => [share(0.5 + 0.25 * random.normal()), share(0.55 + 0.25 * random.normal())],
  'equally hard queries': (random) => {
    const hardness = random.next();
    return [share(hardness + 0.1 * random.normal()), share(hardness + 0.03 + 0.1 * random.normal())];
  },
  'one relevant row': (random) => [known(random), known(random)],
  'mostly the same answers': (random) => {
    const base = known(random);
    return [base, random.next() < 0.8 ? base : known(random)];
  },
  'a loss of everything on one query in twenty': (random) => [1, random.next() < 0.05 ? 0 : 1],
};

const sampled = (pair: (random: Random) => readonly [number, number], queries: number, random: Random) => {
  const values = Array.from({ length: queries }, () => pair(random));
  return [values.map(([base]) => base), values.map(([, candidate]) => candidate)] as const;
};

describe('paired differences', () => {
  it.each(Object.keys(PAIRS).flatMap((name) => [25, 43, 50, 225].map((queries) => [name, queries] as const)))(
    'cover the true one 94 to 100 times in 100: %s, %i queries',
    (name, queries) => {
      const pair = PAIRS[name]!;
      const runs = queries > 100 ? 80 : 200;
      const random = createRandom(`${name} ${queries}`);
      const [base, candidate] = sampled(pair, 100_000, random);
      const truth = candidate.reduce((sum, value, i) => sum + value - base[i]!, 0) / base.length;
      let covered = 0;
      for (let run = 0; run < runs; run++) {
        const { low, high } = pairedDifferences(sampled(pair, queries, random))(0, 1);
        if (low <= truth && truth <= high) covered++;
      }
      // 94 % less twice the error of so many runs.
      expect(covered / runs).toBeGreaterThanOrEqual(0.94 - 2 * Math.sqrt((0.06 * 0.94) / runs));
    },
  );

  it('of the same answers are narrower than bets can make them, and never empty', () => {
    // Betting on them had a floor of ±0.017 at 225 queries and of ±0.073 at 50.
    for (const [queries, most] of [
      [225, 0.0125],
      [50, 0.055],
      [43, 0.064],
    ] as const) {
      const same = Array.from({ length: queries }, (_, query) => (query % 10) / 10);
      const { value, low, high } = pairedDifferences([same, same])(0, 1);
      expect(value).toBe(0);
      expect(high).toBeLessThan(most);
      expect(low).toBe(-high);
      expect(high).toBeGreaterThan(1 / queries);
    }
  });

  it('of several systems hold together: the best of ten equal ones is not shown to be better', () => {
    const random = createRandom('ten systems');
    let shown = 0;
    for (let run = 0; run < 100; run++) {
      const systems = Array.from({ length: 10 }, () => Float64Array.from({ length: 50 }, () => known(random)));
      const means = systems.map((values) => values.reduce((sum, value) => sum + value, 0));
      const best = means.indexOf(Math.max(...means));
      const difference = pairedDifferences(systems);
      if (systems.some((_, i) => i !== best && difference(best, i).high < 0)) shown++;
    }
    expect(shown).toBeLessThanOrEqual(9);
  });

  it('see over the same queries what the intervals of each alone do not', () => {
    const random = createRandom('paired');
    const [base, candidate] = sampled(PAIRS['equally hard queries']!, 400, random);
    expect(pairedDifferences([base, candidate])(0, 1).low).toBeGreaterThan(0);
    expect(bettingInterval(candidate).low).toBeLessThan(bettingInterval(base).high);
  });

  it('lie in their range, hold their value, and turn with the sides', () => {
    const quality = fc.constantFrom(0, 1, 0.5, 1 / Math.log2(3));
    fc.assert(
      fc.property(fc.array(fc.tuple(quality, quality), { minLength: 1, maxLength: 60 }), (values) => {
        const difference = pairedDifferences([values.map(([a]) => a), values.map(([, b]) => b)]);
        const { value, low, high } = difference(0, 1);
        expect(low).toBeGreaterThanOrEqual(-1);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        const turned = difference(1, 0);
        expect(turned.low).toBeCloseTo(-high, 12);
        expect(turned.high).toBeCloseTo(-low, 12);
      }),
      { numRuns: 50 },
    );
  });

  it('need as many queries on every side, and at least one', () => {
    expect(() => pairedDifferences([[1], [1, 1]])).toThrow(/got 1 and 2/);
    expect(() => pairedDifferences([[], []])).toThrow(/at least one/);
  });
});
