import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bm25Ranking, type Occurrence, type WordIndex } from '../../../src/workloads/index.js';

const words = fc.constantFrom('a', 'b', 'c', 'd');
const texts = fc.array(fc.array(words, { maxLength: 12 }), { minLength: 1, maxLength: 12 });

function indexOf(rows: readonly (readonly string[])[]): WordIndex {
  const occurrences = new Map<string, Occurrence[]>();
  for (const [row, text] of rows.entries()) {
    for (const word of new Set(text)) {
      const times = text.filter((other) => other === word).length;
      occurrences.set(word, [...(occurrences.get(word) ?? []), { row, times }]);
    }
  }
  return { lengths: rows.map(({ length }) => length), occurrences };
}

/** The formula of the textbook, a row at a time. */
function scoreOf(query: readonly string[], text: readonly string[], rows: readonly (readonly string[])[]): number {
  const mean = rows.reduce((sum, { length }) => sum + length, 0) / rows.length;
  return query.reduce((sum, word) => {
    const n = rows.filter((row) => row.includes(word)).length;
    const idf = Math.log(1 + (rows.length - n + 0.5) / (n + 0.5));
    const f = text.filter((other) => other === word).length;
    return sum + (f === 0 ? 0 : (idf * f * 2.2) / (f + 1.2 * (0.25 + (0.75 * text.length) / mean)));
  }, 0);
}

describe('BM25', () => {
  it('ranks the rows with any of the words, as the formula does', () => {
    fc.assert(
      fc.property(texts, fc.uniqueArray(words), (rows, query) => {
        const ranking = bm25Ranking(query, indexOf(rows));
        const matching = [...rows.keys()].filter((row) => query.some((word) => rows[row]!.includes(word)));
        expect(ranking.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(matching);
        for (const { id, score } of ranking) expect(score).toBeCloseTo(scoreOf(query, rows[id]!, rows), 10);
        expect(ranking.map(({ score }) => score)).toEqual(ranking.map(({ score }) => score).toSorted((a, b) => b - a));
      }),
    );
  });

  it('ranks a rare word above a frequent one, which ts_rank does not', () => {
    const rows = [['common', 'common', 'common'], ['rare', 'common'], ['common'], ['common'], ['other']];
    expect(bm25Ranking(['common', 'rare'], indexOf(rows))[0]!.id).toBe(1);
  });
});
