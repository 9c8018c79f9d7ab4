import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/random.js';
import type { HybridAnswer, PointRequest } from '../../../src/results/index.js';
import { querySet } from '../../../src/query-set.js';
import { type HybridSpace, tuneHybrid } from '../../../src/tune/index.js';
import { hnsw } from '../../support/running-bench.js';
import { tableScanned } from '../../support/records.js';
import { answer, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';

const K = 10;

function space(queries: number, options: Partial<HybridSpace> = {}): HybridSpace {
  return {
    questions: [
      {
        k: K,
        metric: 'cosine',
        queries: querySet({ rows: queries, dimensions: 2, values: new Float32Array(2 * queries) }),
        texts: Array.from({ length: queries }, (_, query) => `text ${query}`),
        text: { method: 'tsvector', language: 'english' },
        filter: null,
      },
    ],
    strategies: ['vector-only', 'text-only', 'rrf'],
    given: {},
    specs: [hnsw()],
    target: { recall: 0.95, confidence: 0.95, minimise: 'p95' },
    k: K,
    rows: 100_000,
    judged: queries,
    hasRerankScores: false,
    remarks: [],
    samples: 200,
    seed: 1,
    pgvector: '0.8.0',
    ...options,
  };
}

const strategyOf = ({ workload }: PointRequest): string => (workload.kind === 'hybrid' ? workload.strategy : '');
const TIMES: Readonly<Record<string, number>> = { 'vector-only': 7, 'text-only': 9, rrf: 20, 'mixed-order': 30 };

/** nDCG of each query as graded judgements give it, given what a strategy adds to a hard or an easy query. */
function judgedServer(
  queries: number,
  quality: (strategy: string, query: { hardness: number; noise: number }, textScore?: 'bm25') => number,
  options: Partial<SyntheticServer> = {},
): SyntheticServer {
  const random = createRandom(`judged ${queries}`);
  const asked = Array.from({ length: queries }, () => ({ hardness: random.next(), noise: random.normal() }));
  return {
    figures: (spec, _knob, request) => ({
      recall: 1,
      medianMs: TIMES[strategyOf(request)]! * (spec.method === 'none' && strategyOf(request) === 'vector-only' ? 4 : 1),
      buffers: 100,
    }),
    fusion: (strategy, _settings, textScore) => ({
      queries,
      ranking: (query) => Array.from({ length: K }, (_, rank) => 100 * query + rank),
      ndcg: (query) => Math.min(1, Math.max(0, quality(strategy, asked[query]!, textScore))),
    }),
    ...options,
  };
}

const run = (server: SyntheticServer, asked: HybridSpace): HybridAnswer =>
  answer(tuneHybrid(asked), syntheticBench(server).reply);
const bestOf = ({ options, best }: HybridAnswer) => (best === null ? null : options[best]!);

describe('a fusion that is not shown to be better than one leg', () => {
  /** The fusion is better by .005, of a nDCG of about .5, with a spread between queries of .07. */
  const close = (strategy: string, { hardness, noise }: { hardness: number; noise: number }): number =>
    strategy === 'text-only' ? 0.1 * hardness : 0.2 + 0.6 * hardness + (strategy === 'rrf' ? 0.005 + 0.07 * noise : 0);

  it.each([225, 50, 43])('gives way to it, however few queries were judged: %i', (queries) => {
    const found = run(judgedServer(queries, close), space(queries));
    expect(bestOf(found)).toMatchObject({ strategy: 'vector-only', spec: hnsw() });
    // Through the index, and by a scan of the table, which is the same leg.
    const alone = found.options.filter(({ strategy }) => strategy === 'vector-only');
    expect(alone.map(({ spec, outcome }) => [spec.method, outcome])).toEqual([
      ['hnsw', 'reaches'],
      ['none', 'reaches'],
    ]);
    expect(found.decision.code).toBe('one-leg');
    const rrf = found.options.find(({ strategy }) => strategy === 'rrf')!;
    const against = (rrf.againstHighest ?? bestOf(found)!.againstHighest)!;
    expect(against.verdict).toBe('no difference');
  });

  it('gives way to it though it takes less time: two legs are more to keep than one', () => {
    const quick = judgedServer(225, close, {
      figures: (_spec, _knob, request) => ({
        recall: 1,
        medianMs: strategyOf(request) === 'rrf' ? 3 : 7,
        buffers: 100,
      }),
    });
    const found = run(quick, space(225));
    expect(bestOf(found)).toMatchObject({ strategy: 'vector-only' });
    const rrf = found.options.findIndex(({ strategy }) => strategy === 'rrf');
    expect(found.decision.code === 'one-leg' && found.decision.data.notWorse).toContain(rrf);
  });

  it('keeps 95 % of the quality at 225 queries, which is shown', () => {
    const found = run(judgedServer(225, close), space(225));
    expect(found.decision).toMatchObject({ code: 'one-leg', data: { queriesNeeded: null } });
  });

  it('has the rows of its exact legs for these queries, where so few show nothing for others, and says so', () => {
    const recallOf = (recall: number): HybridAnswer => {
      const server = judgedServer(43, close, { figures: () => ({ recall, medianMs: 1, buffers: 100 }) });
      return run(server, space(43));
    };
    const found = recallOf(0.97);
    expect(bestOf(found)).toMatchObject({ strategy: 'vector-only', outcome: 'reaches' });
    expect(found.remarks).toContainEqual({
      code: 'recall-of-these-queries',
      data: { queries: 43, needs: Math.ceil(Math.log(0.05) / Math.log(0.95)) },
    });
    // What reads every row is exact by its plan.
    const reaching = recallOf(0.94).options.filter(({ outcome }) => outcome === 'reaches');
    expect(new Set(reaching.map(({ spec }) => spec.method))).toEqual(new Set(['none']));
    expect(run(judgedServer(225, close), space(225)).remarks).toEqual([]);
  });

  it('says how many judged queries would show it where so few do not', () => {
    const noisy = (strategy: string, { hardness, noise }: { hardness: number; noise: number }): number =>
      strategy === 'text-only' ? 0 : 0.2 + 0.6 * hardness + (strategy === 'rrf' ? 0.03 + 0.2 * noise : 0);
    const found = run(judgedServer(43, noisy), space(43));
    expect(found.decision.code).toBe('one-leg');
    const needed = found.decision.code === 'one-leg' ? found.decision.data.queriesNeeded : null;
    expect(needed).toBeGreaterThan(43);
    expect(needed).toBeLessThan(5000);
  });

  it('but wins where each leg alone is shown to be worse, with 43 judged queries as well', () => {
    const better = (strategy: string, { hardness, noise }: { hardness: number; noise: number }): number =>
      0.1 + 0.5 * hardness + (strategy === 'rrf' ? 0.2 + 0.1 * noise : 0);
    const found = run(judgedServer(43, better), space(43));
    expect(bestOf(found)).toMatchObject({ strategy: 'rrf' });
    expect(found.decision.code).toBe('fusion');
  });
});

it('costs as much as another only where pairs of blocks do not show that it costs more', () => {
  const quality = (strategy: string, { hardness }: { hardness: number }): number =>
    ['rrf', 'mixed-order'].includes(strategy) ? 0.4 + 0.5 * hardness : 0.1;
  const rivalsAt = (ratio: number): readonly number[] =>
    run(
      judgedServer(225, quality, {
        // The intervals of each median are 2 % wide on either side.
        figures: (_spec, _knob, request) => ({
          recall: 1,
          medianMs:
            ({ rrf: 20, 'mixed-order': 20 * ratio } as Readonly<Record<string, number>>)[strategyOf(request)] ?? 5,
        }),
      }),
      space(225, { strategies: ['vector-only', 'text-only', 'rrf', 'mixed-order'] }),
    ).rivals;
  expect(rivalsAt(1.06)).toEqual([]);
  expect(rivalsAt(1.03)).toHaveLength(1);
});

describe('what BM25 would make of the text', () => {
  // Text alone .361 by BM25, .314 by ts_rank.
  const byWords = (strategy: string, { hardness }: { hardness: number }, textScore?: 'bm25'): number =>
    strategy === 'text-only' ? 0.314 + (textScore ? 0.047 : 0) + 0.1 * (hardness - 0.5) : 0.8;

  it('is told where no extension has it', () => {
    const [bm25] = run(judgedServer(225, byWords), space(225)).bm25;
    expect(bm25!.ndcg.value).toBeCloseTo(0.361, 1);
    expect(bm25!.againstRank).toMatchObject({ verdict: 'better' });
    expect(bm25!.againstRank.difference.value).toBeCloseTo(0.047, 3);
  });

  it('is not asked where nobody judged, nor of trigrams, nor of more rows than it can be computed for', () => {
    const server = judgedServer(60, byWords);
    const unjudged: SyntheticServer = {
      ...server,
      fusion: (...asked) => ({ ...server.fusion!(...asked), ndcg: null }),
    };
    expect(run(unjudged, space(60, { judged: null })).bm25).toEqual([]);
    expect(run(server, space(60, { rows: 1_000_000 })).bm25).toEqual([]);
    const [question] = space(60).questions;
    const trigrams = { ...question!, text: { method: 'trigram', language: 'english' } };
    expect(run(server, space(60, { questions: [trigrams] })).bm25).toEqual([]);
  });
});

describe('a table that the planner would rather scan', () => {
  // A mixed ORDER BY has .973, the vectors alone .993, but no plan goes through their index.
  const quality = (strategy: string): number =>
    ({ 'vector-only': 0.993, 'mixed-order': 0.973, rrf: 0.98, 'text-only': 0.4 })[strategy]!;
  const small = (options: Partial<SyntheticServer> = {}): SyntheticServer =>
    judgedServer(225, quality, {
      figures: (spec, _knob, request) => ({
        recall: 1,
        medianMs: TIMES[strategyOf(request)]!,
        ...(spec.method === 'none' ? {} : { voidBecause: tableScanned }),
      }),
      ...options,
    });
  const asked = space(225, { rows: 600, strategies: ['vector-only', 'text-only', 'rrf', 'mixed-order'] });

  it('is the exact vector leg: a candidate, of its own and in every fusion', () => {
    const found = run(small(), asked);
    expect(bestOf(found)).toMatchObject({ strategy: 'vector-only', spec: { method: 'none' }, outcome: 'reaches' });
    expect(found.options.filter(({ outcome }) => outcome === 'reaches').map(({ strategy }) => strategy)).toEqual([
      'vector-only',
      'text-only',
      'rrf',
      'mixed-order',
    ]);
    expect(found.decision).toMatchObject({ code: 'one-leg', data: { betterUnmeasured: [] } });
  });

  it('leaves no superlative over survivors: what answers better and could not be measured is named', () => {
    const found = run(
      small({
        figures: (_spec, _knob, request) => ({
          recall: 1,
          medianMs: TIMES[strategyOf(request)]!,
          ...(['vector-only', 'rrf'].includes(strategyOf(request)) ? { voidBecause: tableScanned } : {}),
        }),
      }),
      asked,
    );
    expect(bestOf(found)).toMatchObject({ strategy: 'mixed-order' });
    const better = found.decision.code === 'fusion' ? found.decision.data.betterUnmeasured : [];
    expect(better.map(({ option, ndcg }) => [found.options[option]!.strategy, ndcg.toFixed(3)])).toContainEqual([
      'vector-only',
      '0.993',
    ]);
    // Once each, not once for every index.
    expect(new Set(better.map(({ option }) => found.options[option]!.strategy)).size).toBe(better.length);
  });
});

describe('a fusion that is one leg by another name', () => {
  it('is told by its settings and by its rows', () => {
    const server = judgedServer(60, (strategy) => (strategy === 'text-only' ? 0.1 : 0.5));
    const found = run(
      server,
      space(60, { given: { vector_weight: 0.9, rrf_k: 60, vector_depth: 10, text_depth: 10 } }),
    );
    expect(found.fusions.find(({ strategy }) => strategy === 'rrf')).toMatchObject({
      textShutOut: true,
      sameRowsAs: { vector: 60 },
    });
    const equal = run(server, space(60, { given: { vector_weight: 0.5, vector_depth: 10 } }));
    expect(equal.fusions.find(({ strategy }) => strategy === 'rrf')).toMatchObject({ textShutOut: false });
  });
});
