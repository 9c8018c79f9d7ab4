import { querySet } from '../../../src/query-set.js';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../src/filter.js';
import { createRandom } from '../../../src/random.js';
import type { HybridAnswer, PointRequest } from '../../../src/results/index.js';
import { type HybridSpace, tuneHybrid, tuneWorkloads } from '../../../src/tune/index.js';
import type { SearchSettings, Representation } from '../../../src/vocabulary.js';
import { hybridStrategies } from '../../../src/workloads/index.js';
import { refused, tableScanned } from '../../support/records.js';
import { answer, requestsOf, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';
import { targetFor } from '../../support/spaces.js';
import { timedBench } from '../../support/timed-bench.js';
import { exactScan, hnsw } from '../../support/running-bench.js';

const QUERIES = 400;
const K = 10;

const stored = (representation: Representation) => ({ ...hnsw(), representation });

const space = (options: Partial<HybridSpace> = {}): HybridSpace => ({
  questions: [
    {
      k: K,
      metric: 'cosine',
      queries: querySet({ rows: QUERIES, dimensions: 2, values: new Float32Array(2 * QUERIES) }),
      texts: Array.from({ length: QUERIES }, (_, query) => `text ${query}`),
      text: { method: 'tsvector', language: 'english' },
      filter: null,
    },
  ],
  strategies: hybridStrategies.map(({ name }) => name),
  given: {},
  specs: [hnsw()],
  target: { recall: 0.95, confidence: 0.95, minimise: 'p95' },
  k: K,
  rows: 100_000,
  judged: QUERIES,
  hasRerankScores: false,
  remarks: [],
  samples: 200,
  seed: 1,
  pgvector: '0.8.0',
  ...options,
});

/** How hard each query is: the same for every strategy, so that differences are free of it. */
const hardness = (() => {
  const random = createRandom('hardness');
  return Array.from({ length: QUERIES }, () => 0.5 * random.next());
})();

const TIMES: Readonly<Record<string, number>> = {
  'vector-only': 1,
  'text-only': 2,
  rrf: 5,
  'normalised-sum': 6,
  'weighted-sum': 7,
  'vector-then-text': 4,
  'text-filter': 9,
  'match-then-sort': 3,
  'mixed-order': 90,
};

const strategyOf = ({ workload }: PointRequest): string => (workload.kind === 'hybrid' ? workload.strategy : '');

/** The graph gives what it is asked for from 80 candidates on. */
const server = (
  quality: (strategy: string, settings: SearchSettings) => number | null,
  options: Partial<SyntheticServer> = {},
): SyntheticServer => ({
  figures(spec, _knob, request) {
    const strategy = strategyOf(request);
    const ef = Number(request.settings['ef_search'] ?? Infinity);
    const recall = spec.method === 'none' ? 1 : 1 - 1.6 / ef;
    return { recall, medianMs: TIMES[strategy]! * (spec.method === 'none' ? 1 : Math.max(1, ef / 200)), buffers: ef };
  },
  fusion: (strategy, settings) => {
    const level = quality(strategy, settings);
    return {
      queries: QUERIES,
      ranking: (query) => Array.from({ length: K }, (_, rank) => 100 * query + rank),
      ndcg: level === null ? null : (query) => Math.min(1, Math.max(0, level + 0.5 - hardness[query]!)),
    };
  },
  ...options,
});

const run = (bench: SyntheticServer, options: Partial<HybridSpace> = {}): HybridAnswer =>
  answer(tuneHybrid(space(options)), syntheticBench(bench).reply);

const bestOf = ({ options, best }: HybridAnswer) => (best === null ? null : options[best]!);
const fusionOf = ({ fusions }: HybridAnswer, name: string) => fusions.find(({ strategy }) => strategy === name)!;

describe('hybrid queries that people judged', () => {
  it('are served by the quickest that keeps the quality of the best', () => {
    const found = run(server((strategy) => (['rrf', 'normalised-sum'].includes(strategy) ? 0.3 : 0.1)));
    expect(bestOf(found)).toMatchObject({ strategy: 'rrf', outcome: 'reaches' });
    expect(found.decision).toMatchObject({ code: 'fusion', data: { queriesNeeded: null, betterUnmeasured: [] } });
    const differences = found.options.map(({ strategy, againstHighest }) => [strategy, againstHighest?.verdict]);
    expect(differences).toContainEqual(['vector-only', 'worse']);
    expect(found.legs).toMatchObject({ vector: expect.any(String), text: expect.any(String) });
  });

  it('meet every bound of the target with all their indexes, or are said not to', () => {
    const quality = (strategy: string): number => (strategy === 'rrf' ? 0.3 : 0.1);
    const target = { recall: 0.95, confidence: 0.95, minimise: 'p95' as const };
    const why = (bound: Partial<HybridSpace['target']>) => {
      const found = run(server(quality, { indexBytes: () => 60e6 }), { target: { ...target, ...bound } });
      expect(bestOf(found)?.strategy).not.toBe('rrf');
      return found.options.find(({ strategy }) => strategy === 'rrf');
    };
    for (const [bound, code] of [
      [{ indexBytes: 50e6 }, 'index_size'],
      [{ p95Ms: 0.01 }, 'p95'],
      [{ buildSeconds: 0.001 }, 'build_time'],
    ] as const) {
      expect(why(bound)).toMatchObject({
        outcome: 'misses',
        why: { code: 'bounds-unmet', data: { unmet: expect.arrayContaining([expect.objectContaining({ code })]) } },
      });
    }
  });

  it('are ranked by the goal of the target', () => {
    const least = (minimise: HybridSpace['target']['minimise']) => {
      const figures: SyntheticServer['figures'] = (_spec, _knob, request) => ({
        recall: 1,
        medianMs: TIMES[strategyOf(request)]!,
        buffers: strategyOf(request) === 'text-only' ? 10 : 500,
      });
      return bestOf(
        run(
          server(() => 0.2, { figures }),
          { target: { recall: 0.95, confidence: 0.95, minimise } },
        ),
      );
    };
    expect(least('p95')).toMatchObject({ strategy: 'vector-only' });
    expect(least('buffers')).toMatchObject({ strategy: 'text-only' });
  });

  it('are served by one leg alone where that is as good, and it is said', () => {
    const found = run(server(() => 0.2));
    expect(bestOf(found)).toMatchObject({ strategy: 'vector-only', isControl: true });
    expect(found.decision.code).toBe('one-leg');
  });

  it('get other weights only where these are better on queries that had no part in the choice', () => {
    const weighted = run(
      server((strategy, { vector_weight: w = 0.5 }) => (strategy === 'rrf' ? 0.1 + 0.2 * Number(w) : 0.1)),
    );
    expect(fusionOf(weighted, 'rrf')).toMatchObject({
      settings: { vector_weight: 0.9 },
      base: {},
      gain: { verdict: 'better' },
      choicesByFold: 1,
    });
    const equal = run(server(() => 0.2));
    expect(fusionOf(equal, 'rrf').settings['vector_weight']).toBe(0.5);
    expect(fusionOf(equal, 'rrf').gain?.verdict).toBe('no difference');
  });

  it('search the text as the judgements want it, in every fusion', () => {
    const found = run(server((_strategy, settings) => (settings['text_rank'] === 'ts_rank_cd' ? 0.3 : 0.1)));
    expect(fusionOf(found, 'text-only').settings).toMatchObject({ text_rank: 'ts_rank_cd' });
    expect(fusionOf(found, 'rrf').settings).toMatchObject({ text_rank: 'ts_rank_cd' });
  });

  it('have legs as deep as they need to be', () => {
    const found = run(server((_strategy, settings) => (Number(settings['vector_depth'] ?? 200) >= 50 ? 0.3 : 0.1)));
    const { settings, depths } = fusionOf(found, 'rrf');
    expect(settings).toMatchObject({ vector_depth: 50, text_depth: 10 });
    expect(depths.map(({ side, measure, enough }) => ({ side, measure, enough }))).toEqual([
      { side: 'vector', measure: 'ndcg', enough: 50 },
      { side: 'text', measure: 'ndcg', enough: 10 },
    ]);
  });

  it('are told what their first rows are worth to a re-ranker, from k rows to ten times as many', () => {
    const found = run(server(() => 0.2));
    for (const { strategy, candidates } of found.fusions) {
      expect({ strategy, depths: candidates.map(({ depth }) => depth) }).toEqual({
        strategy,
        depths: [10, 20, 50, 100],
      });
    }
    expect(
      run(
        server(() => null),
        { judged: null },
      ).fusions.every(({ candidates }) => candidates.length === 0),
    ).toBe(true);
  });

  it("are re-ranked by a re-ranker's scores where there are some", () => {
    const asked = (hasRerankScores: boolean) => {
      const bench = syntheticBench(server(() => 0.2));
      answer(tuneHybrid(space({ hasRerankScores })), bench.reply);
      return requestsOf(bench.asked, 'fusions').flatMap(({ k, rerankTo }) =>
        rerankTo === undefined ? [] : [[k, rerankTo]],
      );
    };
    expect(asked(true)).toEqual([
      [10, 10],
      [20, 10],
      [50, 10],
      [100, 10],
    ]);
    expect(asked(false)).toEqual([]);
  });

  it('keep what is given, and vary the rest', () => {
    const found = run(
      server((_strategy, { vector_weight: w = 0.5 }) => 0.1 + 0.2 * Number(w)),
      { given: { vector_weight: 0.7, text_depth: 30 } },
    );
    const { settings, variants, depths } = fusionOf(found, 'rrf');
    expect(settings).toMatchObject({ vector_weight: 0.7, text_depth: 30 });
    expect(variants.map((variant) => variant.settings['rrf_k'])).toEqual([60, 10]);
    expect(depths.map(({ side }) => side)).toEqual(['vector']);
  });
});

describe('hybrid queries that nobody judged', () => {
  const unjudged = (options: Partial<SyntheticServer> = {}) => server(() => null, options);

  it('get the first fusion that gives the rows of its exact legs, with no claim that it answers better', () => {
    const found = run(unjudged(), { judged: null });
    expect(bestOf(found)).toMatchObject({ strategy: 'rrf' });
    expect(found.decision.code).toBe('not-judged');
    const quicker = found.decision.code === 'not-judged' ? found.decision.data.quicker : [];
    expect(quicker.map((position) => found.options[position]!.strategy)).toContain('match-then-sort');
    expect(found.fusions.every(({ gain }) => gain === null)).toBe(true);
    expect(fusionOf(found, 'text-only').variants).toHaveLength(1);
  });

  it('are asked as many queries as it takes to show a high recall', () => {
    const bench = syntheticBench(unjudged({ figures: () => ({ recall: 1, medianMs: 1, buffers: 10 }) }));
    const target = { recall: 0.99, confidence: 0.95, minimise: 'p95' as const };
    const found = answer(tuneHybrid(space({ judged: null, strategies: ['rrf'], target })), bench.reply);
    expect(bestOf(found)).toMatchObject({ strategy: 'rrf', outcome: 'reaches' });
    const points = requestsOf(bench.asked, 'point').filter((request) => strategyOf(request) === 'rrf');
    expect(Math.min(...points.map(({ queries }) => queries))).toBeGreaterThan(300);
  });

  it('have legs as deep as the rows of their answers depend on', () => {
    const deep = unjudged({
      fusion: (_strategy, settings) => ({
        queries: QUERIES,
        // Each candidate less than 100 costs a row of the answer.
        ranking: (query) =>
          Array.from({ length: Number(settings['text_depth'] ?? 200) >= 100 ? K : 5 }, (_, rank) => 100 * query + rank),
        ndcg: null,
      }),
    });
    const { depths } = fusionOf(run(deep, { judged: null }), 'rrf');
    expect(depths.map(({ side, measure, enough }) => ({ side, measure, enough }))).toEqual([
      { side: 'vector', measure: 'overlap', enough: 10 },
      { side: 'text', measure: 'overlap', enough: 100 },
    ]);
  });

  it('are not answered by an index that does not give the rows, and every other is tried', () => {
    const found = run(
      unjudged({
        figures: (spec, knob, request) => ({
          ...server(() => null).figures(spec, knob, request),
          ...(spec.representation === 'bit' ? { recall: 0.6 } : {}),
        }),
      }),
      { judged: null, specs: [stored('vector'), stored('halfvec'), stored('bit')] },
    );
    const tried = found.options.filter(({ strategy }) => strategy === 'rrf');
    expect(tried.map(({ spec, outcome }) => [spec.representation, outcome])).toEqual([
      ['vector', 'reaches'],
      ['halfvec', 'reaches'],
      ['bit', 'misses'],
    ]);
    expect(tried[2]!.why).toMatchObject({ code: 'rows-missed', data: { share: 0.6 } });
    // All that a graph of bits gives is re-ranked.
    expect(tried[2]!.settings['rerank_depth']).toBe(tried[2]!.settings['ef_search']);
  });

  it('keep what reads every row, where sums in float32 prefer another of rows that are as near', () => {
    const found = run(
      unjudged({ figures: ({ method }) => ({ recall: method === 'none' ? 0.95 : 0.5, medianMs: 1 }) }),
      { judged: null, target: { recall: 0.99, confidence: 0.95, minimise: 'p95' } },
    );
    const textOnly = found.options.find(({ strategy }) => strategy === 'text-only');
    expect(textOnly).toMatchObject({ spec: { method: 'none' }, outcome: 'reaches', why: null });
  });

  it('have no recommendation where no plan is the one that was asked for, and the plan is named', () => {
    const found = run(unjudged({ figures: () => ({ recall: 1, medianMs: 1, voidBecause: tableScanned }) }), {
      judged: null,
    });
    expect(found).toMatchObject({ best: null, decision: { code: 'nothing-reaches' } });
    expect(found.options.length).toBeGreaterThan(0);
    for (const { outcome, why } of found.options) {
      expect({ outcome, why }).toEqual({ outcome: 'another plan', why: tableScanned });
    }
  });

  it('are not searched by what finds no row, and a text index that cannot be built fails what needs it', () => {
    const silent = unjudged({
      fusion: (strategy) => ({
        queries: QUERIES,
        ranking: (query) => (strategy === 'text-only' ? [] : [query]),
        ndcg: null,
      }),
    });
    expect(run(silent, { judged: null }).options.find(({ strategy }) => strategy === 'text-only')).toMatchObject({
      outcome: 'unsuited',
      why: { code: 'no-query-matches' },
    });
    const broken = unjudged({
      buildFails: (spec) => (spec.method === 'none' ? refused('no such configuration') : undefined),
    });
    expect(new Set(run(broken, { judged: null }).options.map(({ outcome }) => outcome))).toEqual(new Set(['failed']));
  });
});

describe('hybrid queries with a filter', () => {
  const tenant: Filter = { column: 'tenant', op: '=', value: { draw: 'own' } };
  const filtered = (): HybridSpace => {
    const { questions, ...rest } = space({ judged: null, strategies: ['vector-only', 'text-only', 'rrf'] });
    const filter = {
      filter: tenant,
      columns: [{ name: 'tenant', type: 'text' as const }],
      matching: {
        filters: [{ column: 'tenant', op: '=' as const, value: 'a' }],
        ofQuery: new Int32Array(QUERIES),
        matches: [1000],
        rows: 100_000,
      },
    };
    return { ...rest, questions: questions.map((question) => ({ ...question, filter })) };
  };

  it('are asked through an index on the filter, and are scanned on for', () => {
    const bench = syntheticBench(server(() => null));
    const found = answer(tuneHybrid(filtered()), bench.reply);
    expect(requestsOf(bench.asked, 'build')).toContainEqual({
      spec: exactScan,
      repeat: 0,
      columnIndex: { method: 'btree', table: 'items', columns: ['tenant'] },
    });
    const points = requestsOf(bench.asked, 'point');
    expect(points.every(({ workload }) => workload.kind === 'hybrid' && workload.filter === tenant)).toBe(true);
    expect(points.some(({ settings }) => settings['iterative_scan'] === 'relaxed_order')).toBe(true);
    expect(found.filter).toMatchObject({ filter: tenant, example: { value: 'a' }, meanRows: 1000 });
    // Each fusion both ways: through the index of the vectors, and without it.
    expect(found.options.map(({ strategy, spec }) => `${strategy} ${spec.method}`)).toEqual([
      'vector-only hnsw',
      'vector-only none',
      'text-only none',
      'rrf hnsw',
      'rrf none',
    ]);
  });
});

describe('hybrid queries within a budget', () => {
  const run = (budgetSeconds: number | null, seconds = 60) => {
    const slow = server(() => 0.3, { buildSeconds: (_, rows = 100_000) => (seconds * rows) / 100_000 });
    const bench = timedBench(syntheticBench(slow).reply);
    const hybrid = [space()];
    const found = answer(
      tuneWorkloads({ target: targetFor(), plain: null, filtered: [], hybrid, budgetSeconds }),
      bench.reply,
    );
    return { found, spent: bench.spentSeconds() };
  };

  it('find a confirmed fusion, and name the strategies that there was no time for', () => {
    const { found } = run(30);
    expect(bestOf(found.hybrid![0]!)).toMatchObject({ outcome: 'reaches' });
    expect(found.budget?.omissions.map(({ code }) => code)).toContain('hybrid-strategies');
    expect(found.hybrid![0]!.options.map(({ spec }) => spec.method)).not.toContain('hnsw');
  });

  it('find the same as without, where there is time enough', () => {
    const { budget, ...found } = run(1e6).found;
    expect(budget?.omissions).toEqual([]);
    expect(found).toEqual(run(null).found);
  });
});
