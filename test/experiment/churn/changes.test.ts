import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planChanges, startRows } from '../../../src/experiment/churn/changes.js';
import { createRandom } from '../../../src/random.js';
import { churnRequest } from '../../support/records.js';

const shape = fc.record({
  rows: fc.integer({ min: 20, max: 2000 }),
  rounds: fc.integer({ min: 1, max: 6 }),
  turnover: fc.double({ min: 0.01, max: 1, noNaN: true }),
  weights: fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)).filter((weights) => weights.some((weight) => weight > 0)),
  seed: fc.nat(),
});

describe('planChanges', () => {
  it('changes rows that are there, and brings each vector once', () => {
    fc.assert(
      fc.property(shape, ({ rows, rounds, turnover, weights: [insert, update, remove], seed }) => {
        const total = insert + update + remove;
        const mix = { insert: insert / total, update: update / total, delete: remove / total };
        const asked = churnRequest({ rounds, turnover, mix });
        const order = Array.from({ length: rows }, (_, i) => i + 1000);
        const plan = planChanges(order, asked, createRandom(seed));
        expect(plan.start).toEqual(order.slice(0, startRows(rows, asked)));
        const present = new Set(plan.start);
        const brought = new Set(plan.start);
        const bring = (source: number): void => {
          expect(brought.has(source)).toBe(false);
          brought.add(source);
          expect(order).toContain(source);
        };
        expect(plan.rounds).toHaveLength(rounds);
        for (const batch of plan.rounds.flat()) {
          const touched = [...batch.update.map(({ id }) => id), ...batch.delete];
          expect(new Set(touched).size).toBe(touched.length);
          for (const id of touched) expect(present.has(id)).toBe(true);
          batch.update.forEach(({ source }) => bring(source));
          batch.insert.forEach(bring);
          batch.delete.forEach((id) => present.delete(id));
          batch.insert.forEach((id) => present.add(id));
          expect(present.size).toBeGreaterThan(0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('changes about as many as were asked for, in the shares asked for', () => {
    const order = Array.from({ length: 20_000 }, (_, i) => i);
    const { start, rounds } = planChanges(order, churnRequest(), createRandom(1));
    const all = rounds.flat();
    const count = (of: 'insert' | 'update' | 'delete'): number => all.reduce((sum, batch) => sum + batch[of].length, 0);
    const asked = 3 * 0.2 * start.length;
    expect(count('insert') / asked).toBeCloseTo(0.4, 1);
    expect(count('update') / asked).toBeCloseTo(0.4, 1);
    expect(count('delete') / asked).toBeCloseTo(0.2, 1);
  });
});
