import { describe, expect, it } from 'vitest';
import { defaultFamilies, type Space, tune } from '../../../src/tune/index.js';
import type { IndexSpec } from '../../../src/vocabulary.js';
import { spaceFor } from '../../support/spaces.js';
import { answer, requestsOf, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';

const situation = { rows: 30_000, dimensions: 96, metric: 'cosine' as const, pgvector: '0.8.6' };

const space: Space = spaceFor({
  families: defaultFamilies(situation, [{ representation: 'vector' }, { representation: 'halfvec' }]),
  rows: situation.rows,
  dimensions: situation.dimensions,
});

/** Both precisions do the same work; graphs of a higher ef_construction need a smaller ef_search. */
const server = (halfBuildSeconds: number, halfPrice = 1): SyntheticServer => ({
  figures({ method, representation, parameters }, knob) {
    if (method === 'none') return { recall: 1, medianMs: 50, buffers: 20_000 };
    const price = representation === 'halfvec' ? halfPrice : 1;
    if (method === 'ivfflat') return { recall: 1 - 1 / (1 + knob), medianMs: knob, buffers: price * 2000 * knob };
    const quality = Math.log2(Number(parameters['ef_construction']) / 64);
    const recall = Math.min(0.999, 1 / (1 + Math.exp(-(1 + 0.9 * Math.log2(knob / 4) + 0.5 * quality))));
    return { recall, medianMs: price * (0.2 + 0.01 * knob), buffers: price * (100 + 10 * knob) };
  },
  indexBytes: ({ representation }) => (representation === 'halfvec' ? 10e6 : 16e6),
  buildSeconds: ({ representation }) => (representation === 'halfvec' ? halfBuildSeconds : 4),
});

function run(server: SyntheticServer) {
  const bench = syntheticBench(server);
  const { recommendation } = answer(tune(space), bench.reply);
  const [, ...others] = requestsOf(bench.asked, 'build').filter(
    ({ spec, rows }) => spec.method === 'hnsw' && rows === undefined,
  );
  return { recommendation: recommendation?.spec.representation, others: others.map(({ spec }) => spec) };
}

const precisions = (specs: readonly IndexSpec[]): ReadonlySet<string> =>
  new Set(specs.map(({ representation }) => representation));

describe('what is built on all rows beside the default', () => {
  it('is built in half precision, which is smaller, where it is equivalent', () => {
    const { recommendation, others } = run(server(4));
    expect(others.length).toBeGreaterThan(0);
    expect(precisions(others)).toEqual(new Set(['halfvec']));
    expect(recommendation).toBe('halfvec');
  });

  it('is built in full precision where half takes several times as long to build', () => {
    const { recommendation, others } = run(server(16));
    expect(precisions(others)).toEqual(new Set(['vector']));
    expect(recommendation).toBe('vector');
  });

  it('is built in full precision where half does more work', () => {
    expect(precisions(run(server(4, 1.5)).others)).toEqual(new Set(['vector']));
  });
});
