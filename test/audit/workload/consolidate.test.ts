import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../../src/audit/index.js';
import { consolidate } from '../../../src/audit/workload/consolidate.js';
import { indexScanCost } from '../../../src/audit/workload/index-cost.js';
import { begins, type Want } from '../../../src/audit/workload/wants.js';

const want = (equal: readonly number[], behind: readonly number[] = []): Want => ({
  statement: {} as Statement,
  tableOid: 1,
  equal,
  behind,
  predicate: null,
});
const columnsOf = (...wants: readonly Want[]): readonly (readonly number[])[] =>
  consolidate(wants, (_, column) => column).map(({ columns }) => columns);

describe('wishes for indexes', () => {
  it.each([
    [[want([1]), want([1, 2])], [[1, 2]]],
    [
      [want([1, 2]), want([1], [3])],
      [
        [2, 1],
        [1, 3],
      ],
    ],
    [[want([1]), want([1], [3])], [[1, 3]]],
    [
      [want([1]), want([2])],
      [[1], [2]],
    ],
    [[want([1, 2]), want([2, 1])], [[2, 1]]],
    [[want([], [4]), want([4], [5])], [[4, 5]]],
    [[want([1, 2, 3, 4, 5])], [[5, 4, 3, 2]]],
  ])('%j become %j', (wants, expected) => {
    expect(columnsOf(...wants)).toEqual(expected);
  });

  it('are all granted, as far as an index may have columns, by no more indexes than wishes', () => {
    const columns = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
    const wish = columns.chain((all) => fc.nat(all.length).map((n) => want(all.slice(0, n), all.slice(n))));
    fc.assert(
      fc.property(fc.array(wish, { minLength: 1, maxLength: 8 }), (wants) => {
        const candidates = consolidate(wants, (_, column) => column);
        expect(candidates.flatMap((candidate) => candidate.wants)).toHaveLength(wants.length);
        for (const { columns: own, wants: served } of candidates) {
          expect(new Set(own).size).toBe(own.length);
          for (const { equal, behind } of served) expect(begins(own, equal, behind)).toBe(true);
        }
      }),
    );
  });
});

describe('the cost of an index scan', () => {
  const costs = {
    seqPageCost: 1,
    randomPageCost: 4,
    cpuTupleCost: 0.01,
    cpuIndexTupleCost: 0.005,
    cpuOperatorCost: 0.0025,
  };
  const table = { rows: 1_000_000, pages: 10_000 };

  it('is about that of the planner for one row, and never reads a page twice', () => {
    // EXPLAIN of a look-up by primary key says 8.44.
    expect(indexScanCost(1, table, costs)).toBeCloseTo(8.2, 0);
    expect(indexScanCost(1_000_000, table, costs)).toBeLessThan(10_000 + 25_000);
  });
});
