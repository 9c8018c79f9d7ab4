import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rerankByScores } from '../../../src/workloads/index.js';

const rows = fc.uniqueArray(fc.nat(30), { maxLength: 20 });
const scores = fc.array(fc.tuple(fc.nat(30), fc.double({ noNaN: true }))).map((entries) => new Map(entries));

describe('re-ranking by scores', () => {
  it('returns the same rows, those with a score first, the best of them first, and the others as they were', () => {
    fc.assert(
      fc.property(rows, scores, (ranking, scoreOf) => {
        const after = rerankByScores(ranking, scoreOf);
        expect(after.toSorted((a, b) => a - b)).toEqual(ranking.toSorted((a, b) => a - b));
        const scored = after.filter((row) => scoreOf.has(row));
        expect(after.slice(0, scored.length)).toEqual(scored);
        for (const [i, row] of scored.slice(1).entries()) {
          expect(scoreOf.get(row)).toBeLessThanOrEqual(scoreOf.get(scored[i]!)!);
        }
        expect(after.slice(scored.length)).toEqual(ranking.filter((row) => !scoreOf.has(row)));
      }),
    );
  });

  it('leaves equal scores in their order', () => {
    expect(
      rerankByScores(
        [3, 1, 2],
        new Map([
          [1, 5],
          [2, 5],
          [3, 5],
        ]),
      ),
    ).toEqual([3, 1, 2]);
  });
});
