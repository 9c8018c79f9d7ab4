import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBoundedCounters } from '../../src/monitoring/index.js';

const row = (key: string, n: number) => ({ key, values: { n } });
const counters = (most: number, forGood = true) => createBoundedCounters(['n'], { most, forGood });

/** What is shown: the named ones, and the others. */
const shown = (of: ReturnType<typeof counters>) => {
  const { named, other } = of.totals();
  return { ...Object.fromEntries([...named].map(([key, { n }]) => [key, n])), other: other.n };
};

describe('bounded counters', () => {
  it('begin at the first look, and add what was counted since', () => {
    const of = counters(2);
    of.look([row('a', 1000), row('b', 10), row('c', 1)]);
    expect(shown(of)).toEqual({ a: 0, b: 0, other: 0 });
    of.look([row('a', 1005), row('b', 10), row('c', 4), row('d', 7)]);
    expect(shown(of)).toEqual({ a: 5, b: 0, other: 3 + 7 });
  });

  it('go on when the server has set its counters to 0', () => {
    const of = counters(1);
    of.look([row('a', 1000), row('b', 1000)]);
    of.look([row('a', 2), row('b', 3)]);
    expect(shown(of)).toEqual({ a: 2, other: 3 });
  });

  it('take another server for a new beginning, whose counters may be higher', () => {
    const of = counters(1);
    of.look([row('a', 10)]);
    of.look([row('a', 12)]);
    of.look([row('a', 1_000_000)], { isAnother: true });
    of.look([row('a', 1_000_001)]);
    expect(shown(of)).toEqual({ a: 3, other: 0 });
  });

  it('keep a name for good, or give it to the next new object when its own is gone', () => {
    const [good, relations] = [counters(1), counters(1, false)];
    for (const of of [good, relations]) {
      of.look([row('a', 1), row('b', 1)]);
      of.look([row('b', 2)]);
      of.look([row('c', 5), row('b', 3)]);
    }
    expect(shown(good)).toEqual({ a: 0, other: 2 + 5 });
    expect(shown(relations)).toEqual({ c: 5, other: 2 });
  });

  it('name nobody who is to have no name', () => {
    const of = counters(2);
    of.look([row('a', 1), row('b', 1)], { unnamed: new Set(['a']) });
    expect(Object.keys(shown(of))).toEqual(['b', 'other']);
    expect(of.free()).toBe(1);
  });

  const looks = fc.array(
    fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), n: fc.nat(100) }), {
      selector: ({ key }) => key,
    }),
    { minLength: 1, maxLength: 12 },
  );

  it('never fall, and never show more than is allowed, whatever comes and goes', () => {
    fc.assert(
      fc.property(looks, fc.integer({ min: 1, max: 4 }), (all, most) => {
        const of = counters(most);
        let before = shown(of);
        for (const rows of all) {
          of.look(rows.map(({ key, n }) => row(key, n)));
          const now = shown(of);
          expect(Object.keys(now).length).toBeLessThanOrEqual(most + 1);
          for (const [key, value] of Object.entries(before)) expect(now[key as 'other']).toBeGreaterThanOrEqual(value);
          before = now;
        }
      }),
    );
  });
});
