import { describe, expect, it } from 'vitest';
import { configOf } from '../../../src/config/index.js';
import { gucs } from '../../../src/indexes/index.js';
import { benchFromConfig, defaultFamilies, namedFamilies, tune, tuneFromConfig } from '../../../src/tune/index.js';
import type { IndexParameters, IndexSpec, Target } from '../../../src/vocabulary.js';
import { spaceFor } from '../../support/spaces.js';
import { answer, requestsOf, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';

/*
 * Access methods that nothing is predicted of.
 */

const situation = {
  rows: 30_000,
  dimensions: 96,
  metric: 'cosine' as const,
  pgvector: '0.8.6',
  extensions: { vectorscale: '0.9.0', vchord: '1.1.1' },
};

const named = (...specs: readonly (readonly [string, IndexParameters])[]): readonly IndexSpec[] =>
  specs.map(([method, parameters]) => ({ method, representation: 'vector', parameters: { ...parameters } }));

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** The other methods do a fifth of the work of HNSW. */
const server: SyntheticServer = {
  figures({ method, parameters }, knob) {
    if (method === 'none') return { recall: 1, medianMs: 20, buffers: 5000 };
    const max = method === 'vchordrq' && parameters['lists'] === '[]' ? 4 : 1000;
    const recall = Math.min(0.999, logistic(1 + 0.9 * Math.log2((knob / max) * 200)));
    const work = (method === 'hnsw' ? 5 : 1) * (1 + (100 * knob) / max);
    return { recall, medianMs: 0.2 + 0.01 * work, buffers: 50 + work };
  },
  indexBytes: ({ method }) => (method === 'hnsw' ? 14e6 : 5e6),
};

const run = (specs: readonly IndexSpec[], target: Partial<Target> = {}) => {
  const families = namedFamilies(
    situation,
    specs.map((spec) => ({ spec, knobValues: null })),
  );
  const bench = syntheticBench(server);
  const wanted = spaceFor({ families, rows: situation.rows, dimensions: situation.dimensions }, target);
  return { result: answer(tune(wanted), bench.reply), bench };
};

describe('tune', () => {
  it.each([
    ['diskann', { storage_layout: 'memory_optimized', max_alpha: 1.2, num_neighbors: -1 }, 'query_rescore'],
    ['vchordrq', { lists: '[1000]', residual_quantization: 'true' }, 'probes'],
    ['vchordrq', { lists: '[]' }, 'epsilon'],
    ['vchordg', { alpha: '[1.0, 1.2]' }, 'ef_search'],
  ])('finds %s %o by what it measures', (method, parameters, knob) => {
    for (const minimise of ['p95', 'index_bytes', 'buffers'] as const) {
      const { result, bench } = run(named([method, parameters]), { minimise });
      expect(requestsOf(bench.asked, 'build').map(({ spec }) => spec.method)).toContain(method);
      const { spec, settings } = result.recommendation!;
      expect(spec).toEqual(named([method, parameters])[0]);
      expect(Object.keys(settings)).toEqual([knob]);
      // What the server is told is what it allows.
      expect(() => gucs(method, settings)).not.toThrow();
      // Growth is no figure that anything was measured for.
      expect(result.advice?.growth).toBeNull();
    }
  });

  it('compares them with one another, words and all', () => {
    const layouts = named(
      ['diskann', { storage_layout: 'plain' }],
      ['diskann', { storage_layout: 'memory_optimized' }],
    );
    const { bench } = run(layouts);
    const built = requestsOf(bench.asked, 'build').map(({ spec }) => spec.parameters['storage_layout']);
    expect(built).toEqual(expect.arrayContaining(['plain', 'memory_optimized']));
  });

  it('leaves them out unless they are named', () => {
    const families = defaultFamilies(situation, [{ representation: 'vector' }]);
    expect(new Set(families.map(({ spec }) => spec.method))).toEqual(new Set(['hnsw', 'ivfflat']));
  });
});

describe('from a configuration', () => {
  const shape = { ...situation, queries: 200, recallQueries: 1000, sessions: 8 };
  const config = (family: object) => configOf({ indexes: [family] } as Parameters<typeof configOf>[0]);
  const twoLevels = { vchordrq: { lists: [10, 1000], probes: ['2,20', '4,40'] } };

  it('tune takes what one number decides', () => {
    expect(() => tuneFromConfig(config({ diskann: {} })).check(shape)).not.toThrow();
    expect(() => tuneFromConfig(config(twoLevels)).check(shape)).toThrow(
      'No single number decides the recall of vchordrq',
    );
  });

  it('bench takes all, with values where numbers have to be named', () => {
    expect(() => benchFromConfig(config(twoLevels)).check(shape)).not.toThrow();
    expect(() => benchFromConfig(config({ vchordrq: { lists: [10, 1000] } })).check(shape)).toThrow('none are named');
    for (const method of ['diskann', 'vchordrq', 'vchordg'])
      expect(() => benchFromConfig(config({ [method]: {} })).check(shape)).not.toThrow();
  });

  it('both say which extension the server lacks', () => {
    const lacking = { ...shape, extensions: { vector: '0.8.6' } };
    for (const search of [tuneFromConfig, benchFromConfig])
      expect(() => search(config({ diskann: {} })).check(lacking)).toThrow('The server has no extension "vectorscale"');
  });
});
