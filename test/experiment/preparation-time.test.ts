import { describe, expect, it } from 'vitest';
import type { Truth } from '../../src/exact/index.js';
import { prepareInTime, preparationTime } from '../../src/experiment/preparation-time.js';
import { truthInTime } from '../../src/experiment/truth-in-time.js';
import { querySet } from '../../src/query-set.js';
import type { PreparationRecord } from '../../src/results/index.js';

const kept: PreparationRecord = {
  type: 'preparation',
  key: 'preparation',
  spentSeconds: 50,
  filters: 2,
  queries: 30,
  omissions: [],
};

/** A clock that goes on by what is done. */
function clock() {
  let seconds = 0;
  return { spent: () => seconds, spend: (more: number) => void (seconds += more) };
}

describe('filters within half of the budget', () => {
  async function prepared(
    each: number,
    before: PreparationRecord | null = null,
    empty: readonly number[] = [],
  ): Promise<readonly number[]> {
    const { spent, spend } = clock();
    const done: number[] = [];
    const prepareOne = async (one: number): Promise<boolean> => {
      done.push(one);
      spend(each);
      return !empty.includes(one);
    };
    const left = await prepareInTime([1, 2, 3, 4, 5], prepareOne, preparationTime(100, spent, before));
    expect([...done, ...left]).toEqual([1, 2, 3, 4, 5]);
    return done;
  }

  it('are prepared as long as one more fits, and the first in any case', async () => {
    expect(await prepared(10)).toEqual([1, 2, 3, 4, 5]);
    expect(await prepared(20)).toEqual([1, 2]);
    expect(await prepared(300)).toEqual([1]);
    // Of the first two nothing came: there is no run without a filter.
    expect(await prepared(300, null, [1, 2])).toEqual([1, 2, 3]);
  });

  it('are those that were prepared before, when a run is resumed', async () => {
    expect(await prepared(1, kept)).toEqual([1, 2]);
    expect(await prepared(300, { ...kept, filters: 4 })).toEqual([1, 2, 3, 4]);
  });
});

describe('exact neighbours within half of the budget', () => {
  const ROWS = 1000;
  const all = querySet({ rows: 100, dimensions: 1, values: new Float32Array(100) });

  /** @param rate seconds that a query takes over all rows */
  async function found(rate: number, before: PreparationRecord | null = null) {
    const { spent, spend } = clock();
    const { signal } = new AbortController();
    const asked: number[] = [];
    const { queries, truth } = await truthInTime(
      async (some, options) => {
        asked.push(some.size);
        for (let row = 100; row <= ROWS; row += 100) {
          spend((rate * some.size) / 10);
          options.onProgress(row);
          options.signal.throwIfAborted();
        }
        return { queries: some.size } as Truth;
      },
      all,
      { time: preparationTime(100, spent, before), least: 20, rows: ROWS, signal },
    );
    expect(truth.queries).toBe(queries.size);
    return { asked, seconds: spent() };
  }

  it('are found for all queries where there is time, else for as many as fit', async () => {
    expect(await found(0.4)).toMatchObject({ asked: [100] });
    const { asked, seconds } = await found(1);
    expect(asked).toEqual([100, 40]);
    expect(seconds).toBeLessThanOrEqual(51);
    expect((await found(20)).asked).toEqual([100, 20]);
  });

  it('are those of the queries that a resumed run had', async () => {
    expect((await found(1, kept)).asked).toEqual([30]);
  });
});
