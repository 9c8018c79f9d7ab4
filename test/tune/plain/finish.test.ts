import { describe, expect, it } from 'vitest';
import { usualRepresentations } from '../../../src/indexes/index.js';
import { keyOf, type PointRequest } from '../../../src/results/index.js';
import { defaultFamilies, type Space, tune } from '../../../src/tune/index.js';
import type { IndexSpec } from '../../../src/vocabulary.js';
import { settingsOf } from '../../../src/tune/plain/settings-of.js';
import { candidatesOf } from '../../../src/tune/plain/space.js';
import { spaceFor, targetFor } from '../../support/spaces.js';
import { answer, requestsOf, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';

/*
 * What an answer says beside its recommendation: cold caches, other representations, and what more recall would cost.
 */

const situation = { rows: 30_000, dimensions: 384, metric: 'cosine' as const, pgvector: '0.8.6' };

const space = ({ target = targetFor(), ...change }: Partial<Space> = {}): Space =>
  spaceFor(
    {
      families: defaultFamilies(situation, usualRepresentations(situation.dimensions, situation.metric)).filter(
        ({ spec }) => spec.method === 'hnsw' && spec.parameters['ef_construction'] === 64,
      ),
      rows: situation.rows,
      dimensions: situation.dimensions,
      ...change,
    },
    target,
  );

/** What each representation may come to, and what its work costs beside that of the whole vectors. */
const STORED: Readonly<Record<IndexSpec['representation'], { readonly most: number; readonly price: number }>> = {
  vector: { most: 0.999, price: 1 },
  halfvec: { most: 0.999, price: 1.2 },
  bit: { most: 0.6, price: 1 },
  subvector: { most: 0.999, price: 2 },
};
const server: SyntheticServer = {
  figures({ method, representation, parameters }, ef) {
    if (method === 'none') return { recall: 1, medianMs: 50, buffers: 20_000 };
    const m = Number(parameters['m']);
    const { most, price } = STORED[representation];
    const recall = Math.min(most, 1 / (1 + Math.exp(-(1 + 0.9 * Math.log2((ef * m) / 64)))));
    return { recall, medianMs: price * (0.2 + 0.0011 * ef * m ** 0.6), buffers: price * (100 + 0.7 * ef * m) };
  },
  indexBytes: ({ representation }) => ({ vector: 60e6, halfvec: 35e6, bit: 9e6, subvector: 20e6 })[representation],
};

function run(change: Partial<Space> = {}) {
  const bench = syntheticBench(server);
  const result = answer(tune(space(change)), bench.reply);
  const asked = bench.asked.flatMap((ask) => (ask.kind === 'point' ? [ask.requests] : []));
  return { result, bench, cold: asked.filter(([point]) => point?.cache === 'cold') };
}

describe('cold caches', () => {
  it('are put to the recommendation, the runner-up and the defaults, side by side, with all queries', () => {
    const { result, cold } = run({ coldBytes: Infinity });
    const [points, ...more] = cold;
    expect(more).toEqual([]);
    const named = [result.recommendation, result.runnerUp, result.baselines[0]?.choice];
    const choice = ({ build, settings }: Pick<PointRequest, 'build' | 'settings'>) => ({ build, settings });
    expect(new Set(points?.map(choice))).toEqual(new Set(named.map((one) => choice(one!))));
    for (const { from, purpose } of points!) expect([from, purpose]).toEqual([undefined, 'confirm']);
    expect(result.cold).toHaveLength(points!.length);
  });

  it('are left alone where they cannot be had, take too long, or are asked for throughout', () => {
    for (const change of [{}, { coldBytes: 50e6 }, { coldBytes: Infinity, cache: 'prewarmed' as const }]) {
      const { result, cold } = run(change);
      expect(result.cold).toBeUndefined();
      expect(cold).toEqual([]);
    }
  });
});

describe('the load on a recommendation and the map of its plans', () => {
  it('ask the queries that its own figures rest on', () => {
    const loads = { concurrency: [1], connections: 1, seconds: 1, arrivals: 'poisson', ratePerSecond: null } as const;
    const { result, bench } = run({ loads: { ...loads, objective: { quantile: 0.95, ms: 100 } } });
    const point = requestsOf(bench.asked, 'point').find(
      (request) => keyOf('point', request) === result.recommendation!.point,
    )!;
    const { build, settings } = point;
    // Its recall was looked for with fewer of them.
    const all = space().queries;
    const searched = requestsOf(bench.asked, 'point').filter(({ purpose }) => purpose === 'search');
    expect(Math.min(...searched.map(({ queries }) => queries))).toBeLessThan(all);
    const rangeOf = ({ from = 0, queries }: Pick<PointRequest, 'from' | 'queries'>) => [from, queries];
    expect(rangeOf(point)).toEqual([0, all]);
    const throughputs = requestsOf(bench.asked, 'throughput');
    expect(throughputs.length).toBeGreaterThan(1);
    for (const asked of throughputs) {
      expect([asked.build, asked.settings]).toEqual([build, settings]);
      expect(rangeOf(asked)).toEqual([0, all]);
    }
    expect(requestsOf(bench.asked, 'planner-map')).toEqual([{ build, settings, k: 10 }]);
    // The rows that are inserted into the recommendation stay in its graph: after its load.
    const kinds = bench.asked.map((ask) =>
      ask.kind === 'writes' ? `writes ${ask.requests[0]!.build === build ? 'its own' : 'another'}` : ask.kind,
    );
    expect(kinds.at(-1)).toBe('writes its own');
    expect(kinds.indexOf('writes another')).toBeGreaterThan(0);
    expect(kinds.lastIndexOf('writes another')).toBeLessThan(kinds.indexOf('throughput'));
  });
});

describe('the other representations', () => {
  it('each get a verdict with its reason', () => {
    const { result } = run();
    const verdicts = new Map(result.advice!.representations.map((one) => [one.representation, one]));
    expect(verdicts.get('bit')).toMatchObject({
      verdict: 'not recommended',
      why: { code: 'loses-too-much', data: { representation: 'bit', recall: 0.6 } },
    });
    expect(verdicts.get('subvector')).toMatchObject({
      verdict: 'not recommended',
      dimensions: 96,
      why: { code: 'expected', data: { savesMemory: false } },
    });
    expect(verdicts.get('halfvec')).toMatchObject({ verdict: 'no gain', why: { data: { savesMemory: true } } });
  });

  it('are said to be ruled out where they are not built', () => {
    const { result } = run({ target: targetFor({ indexBytes: 20 * 1024 ** 2 }) });
    const halfvec = result.advice!.representations.find(({ representation }) => representation === 'halfvec');
    expect(halfvec).toMatchObject({ verdict: 'not tried', why: { code: 'would-be-too-large' } });
  });
});

it('says what a little more recall would cost', () => {
  const { binding } = run().result.advice!;
  expect(binding).toMatchObject({ code: 'recall-decides', data: { more: { knob: 'ef_search' }, tooLarge: 0 } });
  const more = binding?.code === 'recall-decides' ? binding.data.more! : null;
  expect(more!.buffersRatio).toBeGreaterThan(1);
  // The round trip takes as long as before.
  expect(more!.p95Ratio).toBeLessThan(more!.buffersRatio);
});

it('searches how many rows to sort anew together with how far to look', () => {
  const of = (method: string, representation: IndexSpec['representation'], knob: number) => {
    const family = {
      spec: { method, representation, parameters: method === 'hnsw' ? {} : { lists: 500 } },
      knobValues: null,
    };
    return settingsOf(family, candidatesOf(family, 10)!, knob);
  };
  expect(of('hnsw', 'halfvec', 80)).toEqual({ ef_search: 80 });
  expect(of('hnsw', 'bit', 80)).toEqual({ ef_search: 80, rerank_depth: 80 });
  // IVFFlat gives all the rows of the lists that it looks into.
  expect(of('ivfflat', 'subvector', 30)).toEqual({ probes: 30, rerank_depth: 300 });
  expect(of('ivfflat', 'bit', 1)).toEqual({ probes: 1, rerank_depth: 40 });
});
