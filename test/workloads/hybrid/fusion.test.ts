import { noQueries } from '../../../src/query-set.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hybridStrategies,
  hybridStrategy,
  type Leg,
  legOf,
  type Legs,
  type Scored,
} from '../../../src/workloads/index.js';

const ids = (rows: readonly Scored[]): number[] => rows.map(({ id }) => id);
/** A leg that names these rows, best first. */
const ranked = (...rows: readonly number[]): Leg => legOf(rows.map((id, i) => ({ id, score: -i })));

const legArbitrary = fc
  .uniqueArray(fc.record({ id: fc.nat(40), score: fc.integer({ min: -20, max: 20 }) }), {
    selector: ({ id }) => id,
    maxLength: 30,
  })
  .map((rows) => legOf(rows));
const legsArbitrary = fc.record({ vector: legArbitrary, text: legArbitrary });
/** Legs whose vector side knows every row's distance, as raw sums need it. */
const wholeLegs = legsArbitrary.map(({ vector, text }): Legs => ({
  text,
  vector: { ranking: vector.ranking, scoreOf: (id) => vector.scoreOf(id) ?? -30 - id },
}));

describe('reciprocal rank fusion', () => {
  const rrf = hybridStrategy('rrf');

  it('adds 1/(60 + rank) of both legs', () => {
    const fused = rrf.fuse({ vector: ranked(1, 2, 3), text: ranked(3, 4) }, {}, 10);
    expect(ids(fused)).toEqual([3, 1, 2, 4]);
    expect(fused[0]!.score).toBeCloseTo((1 / 63 + 1 / 61) / 2, 15);
    expect(fused[1]!.score).toBeCloseTo(1 / 61 / 2, 15);
  });

  it('depends on the order of a leg alone', () => {
    fc.assert(
      fc.property(legsArbitrary, ({ vector, text }) => {
        const stretched = legOf(vector.ranking.map(({ id, score }) => ({ id, score: Math.exp(score / 4) - 3 })));
        expect(rrf.fuse({ vector: stretched, text }, {}, 50)).toEqual(rrf.fuse({ vector, text }, {}, 50));
      }),
    );
  });

  it('is the same with legs and weights exchanged', () => {
    fc.assert(
      fc.property(legsArbitrary, fc.integer({ min: 0, max: 100 }), ({ vector, text }, percent) => {
        const fused = rrf.fuse({ vector, text }, { vector_weight: percent / 100 }, 80);
        const exchanged = rrf.fuse({ vector: text, text: vector }, { vector_weight: 1 - percent / 100 }, 80);
        for (const { id, score } of fused) {
          expect(exchanged.find((other) => other.id === id)?.score).toBeCloseTo(score, 12);
        }
      }),
    );
  });

  it('keeps the order of legs that agree, and a row that leads both leads the fusion', () => {
    fc.assert(
      fc.property(legArbitrary, (leg) => {
        expect(ids(rrf.fuse({ vector: leg, text: leg }, {}, 50))).toEqual(ids(leg.ranking));
      }),
    );
  });

  it('never names a row that no leg named, nor one twice, and prefers rows that both named higher', () => {
    fc.assert(
      fc.property(legsArbitrary, fc.integer({ min: 0, max: 200 }), (legs, k) => {
        const fused = ids(rrf.fuse(legs, { rrf_k: k }, 100));
        expect(new Set(fused)).toEqual(new Set([...ids(legs.vector.ranking), ...ids(legs.text.ranking)]));
        expect(new Set(fused).size).toBe(fused.length);
        const rank = (leg: Leg, id: number): number => {
          const at = ids(leg.ranking).indexOf(id);
          return at < 0 ? Infinity : at;
        };
        const dominates = (a: number, b: number): boolean =>
          rank(legs.vector, a) < rank(legs.vector, b) && rank(legs.text, a) < rank(legs.text, b);
        for (const [i, a] of fused.entries()) {
          for (const b of fused.slice(i + 1)) expect(dominates(b, a)).toBe(false);
        }
      }),
    );
  });

  it('with all weight on one leg begins with that leg', () => {
    fc.assert(
      fc.property(legsArbitrary, (legs) => {
        const fused = ids(rrf.fuse(legs, { vector_weight: 1 }, 100));
        expect(fused.slice(0, legs.vector.ranking.length)).toEqual(ids(legs.vector.ranking));
      }),
    );
  });
});

describe('the normalised sum', () => {
  const sum = hybridStrategy('normalised-sum');

  it('puts each leg between 0 and 1', () => {
    const vector = legOf([
      { id: 1, score: -0.1 },
      { id: 2, score: -0.2 },
      { id: 3, score: -0.5 },
    ]);
    const text = legOf([
      { id: 3, score: 8 },
      { id: 4, score: 4 },
    ]);
    const fused = sum.fuse({ vector, text }, { vector_weight: 0.5 }, 10);
    expect(fused.map(({ id, score }) => [id, Number(score.toFixed(12))])).toEqual([
      [1, 0.5],
      [3, 0.5],
      [2, 0.375],
      [4, 0],
    ]);
  });

  it('does not depend on the scale of a leg', () => {
    fc.assert(
      fc.property(legsArbitrary, fc.constantFrom('min-max', 'z-score'), ({ vector, text }, normalisation) => {
        const scaled = legOf(text.ranking.map(({ id, score }) => ({ id, score: 8 * score + 64 })));
        const fused = sum.fuse({ vector, text }, { normalisation }, 100);
        const other = new Map(
          sum.fuse({ vector, text: scaled }, { normalisation }, 100).map(({ id, score }) => [id, score]),
        );
        for (const { id, score } of fused) expect(other.get(id)).toBeCloseTo(score, 9);
      }),
    );
  });

  it('has a row that a leg did not return at most as good as its last', () => {
    const legs = { vector: ranked(1, 2, 3), text: ranked(7, 8) };
    for (const normalisation of ['min-max', 'z-score']) {
      const fused = sum.fuse(legs, { normalisation, vector_weight: 1 }, 10);
      expect(fused.find(({ id }) => id === 7)?.score).toBe(fused.find(({ id }) => id === 3)?.score);
    }
  });
});

describe('the weighted sum', () => {
  const sum = hybridStrategy('weighted-sum');
  const vector = legOf([
    { id: 1, score: -0.2 },
    { id: 2, score: -0.3 },
    { id: 3, score: -0.9 },
  ]);
  const text = legOf([
    { id: 3, score: 0.8 },
    { id: 2, score: 0.1 },
  ]);

  it('is w·distance + (1 − w)·(1 − rank), with nothing missing', () => {
    const fused = sum.fuse({ vector, text }, { vector_weight: 0.7, vector_depth: 1, text_depth: 1 }, 10);
    expect(ids(fused)).toEqual([1, 3]);
    expect(fused[0]!.score).toBeCloseTo(-(0.7 * 0.2 + 0.3 * 1), 12);
    expect(fused[1]!.score).toBeCloseTo(-(0.7 * 0.9 + 0.3 * 0.2), 12);
  });

  it('leaves out what does not match when a match is required', () => {
    expect(ids(sum.fuse({ vector, text }, { match: 'required' }, 10))).toEqual([3, 2]);
  });

  it('is at whole depth what an ORDER BY of the sum gives', () => {
    const mixed = hybridStrategy('mixed-order');
    fc.assert(
      fc.property(wholeLegs, fc.constantFrom('optional', 'required'), ({ vector, text }, match) => {
        const known = [...new Set([...ids(vector.ranking), ...ids(text.ranking)])];
        const whole = legOf(known.map((id) => ({ id, score: vector.scoreOf(id)! })));
        const settings = { match, vector_weight: 0.6 };
        expect(sum.fuse({ vector: whole, text }, { ...settings, vector_depth: 100, text_depth: 100 }, 10)).toEqual(
          mixed.fuse({ vector: whole, text }, settings, 10),
        );
      }),
    );
  });

  it('says so when a distance is not known', () => {
    expect(() => sum.fuse({ vector: ranked(1), text: ranked(9) }, {}, 10)).toThrow('knows the distance of row 9');
  });
});

describe('every strategy', () => {
  it.each(hybridStrategies)('$name is deterministic, bounded by k, and nested in k', (strategy) => {
    fc.assert(
      fc.property(wholeLegs, fc.integer({ min: 1, max: 20 }), (legs, k) => {
        const fused = ids(strategy.fuse(legs, {}, k));
        expect(fused.length).toBeLessThanOrEqual(k);
        expect(ids(strategy.fuse(legs, {}, k + 5)).slice(0, k)).toEqual(fused);
      }),
    );
  });

  it.each(hybridStrategies)('$name has knobs that lie in their ranges, and refuses values that do not', (strategy) => {
    const question = {
      k: 10,
      metric: 'cosine',
      queries: noQueries(3),
      texts: [],
      text: { method: 'tsvector', language: 'simple' },
      filter: null,
    } as const;
    const knobs = strategy.knobs(question, { method: 'hnsw', representation: 'bit', parameters: {} });
    expect(new Set(knobs.map(({ name }) => name)).size).toBe(knobs.length);
    const place = {
      quote: (name: string) => name,
      table: 'items',
      lexemes: 'lexemes',
      spec: { method: 'hnsw', representation: 'bit', parameters: {} },
      textIndex: 'texts',
    } as const;
    for (const knob of knobs) {
      const wrong = knob.kind === 'number' ? knob.max + 1 : 'neither';
      expect(() => strategy.sql({ question, place, settings: { [knob.name]: wrong } })).toThrow(
        `Expected ${knob.name}`,
      );
      const extreme = knob.kind === 'number' ? knob.max : knob.values.at(-1)!;
      expect(strategy.sql({ question, place, settings: { [knob.name]: extreme } })).toContain('SELECT');
    }
  });

  it('is found by its name, or the names are told', () => {
    expect(() => hybridStrategy('borda')).toThrow('Expected a strategy for hybrid queries, got "borda".');
  });
});
