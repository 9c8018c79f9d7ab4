import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noQueries } from '../../../src/query-set.js';
import { hybridStrategy, legOf, type HybridQuestion } from '../../../src/workloads/index.js';

const K = 10;
const question: HybridQuestion = {
  k: K,
  metric: 'cosine',
  queries: noQueries(2),
  texts: [],
  text: { method: 'tsvector', language: 'english' },
  filter: null,
};
const rrf = hybridStrategy('rrf');

const leg = (rows: readonly number[]) => legOf(rows.map((id, rank) => ({ id, score: -rank })));
const ranking = fc.uniqueArray(fc.nat(60), { minLength: K, maxLength: 40 });

describe('reciprocal rank fusion that shuts the text out', () => {
  it('is that of weight .9, constant 60 and depth 10, and not that of equal weights', () => {
    const depths = { vector_depth: 10, text_depth: 10 };
    expect(rrf.shutsTextOut(question, { ...depths, vector_weight: 0.9, rrf_k: 60 })).toBe(true);
    expect(rrf.shutsTextOut(question, { ...depths, vector_weight: 0.5, rrf_k: 60 })).toBe(false);
    // Further down the vector leg there are rows that a text can lift.
    expect(rrf.shutsTextOut(question, { vector_depth: 100, text_depth: 10, vector_weight: 0.9, rrf_k: 60 })).toBe(
      false,
    );
    // With fewer rows than are asked for, the text fills the rest.
    expect(rrf.shutsTextOut(question, { vector_depth: 5, text_depth: 10, vector_weight: 0.9, rrf_k: 60 })).toBe(false);
  });

  it('returns the rows of the vector leg whatever the text says, and only then may others come in', () => {
    fc.assert(
      fc.property(
        ranking,
        ranking,
        fc.record({
          vector_weight: fc.double({ min: 0.5, max: 1, noNaN: true }),
          rrf_k: fc.nat(100),
          vector_depth: fc.integer({ min: 1, max: 40 }),
          text_depth: fc.integer({ min: 1, max: 40 }),
        }),
        (vector, text, settings) => {
          fc.pre(rrf.shutsTextOut(question, settings));
          const rows = rrf.fuse({ vector: leg(vector), text: leg(text) }, settings, K).map(({ id }) => id);
          expect(new Set(rows)).toEqual(new Set(vector.slice(0, K)));
        },
      ),
    );
  });
});
