import { describe, expect, it } from 'vitest';
import { type Advice, findings } from '../../../src/results/index.js';
import { defaultFamilies, namedFamilies, type Space, tune } from '../../../src/tune/index.js';
import type { IndexSpec, Target } from '../../../src/vocabulary.js';
import { refused, shownOf } from '../../support/records.js';
import { spaceFor } from '../../support/spaces.js';
import { answer, requestsOf, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';

/*
 * What an answer says where nothing meets the target: which bound blocks, what it would have to be, and the ways out.
 */

const situation = { rows: 30_000, dimensions: 96, metric: 'cosine' as const, pgvector: '0.8.6' };
const MB = 1024 ** 2;

const all = defaultFamilies(situation, [{ representation: 'vector' }]);
const of = (method: string) => all.filter(({ spec }) => spec.method === method);
/** pgvector's default and a denser graph, and no other method. */
const graphs = of('hnsw').filter(
  ({ spec: { parameters } }) => [16, 24].includes(Number(parameters['m'])) && parameters['ef_construction'] === 64,
);

const space = (target: Partial<Target> = {}, change: Partial<Omit<Space, 'target'>> = {}): Space =>
  spaceFor({ families: graphs, rows: situation.rows, dimensions: situation.dimensions, ...change }, target);

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Graphs reach any recall, the exact scan takes long, and IVFFlat ends early. */
const usual: SyntheticServer = {
  figures({ method, parameters }, knob) {
    if (method === 'none') return { recall: 1, medianMs: 20, buffers: 5000 };
    if (method === 'ivfflat') return { recall: 0.5, medianMs: 2, buffers: 1000 };
    const m = Number(parameters['m']);
    return {
      recall: Math.min(0.999, logistic(1 + 0.9 * Math.log2((knob * m) / 64))),
      medianMs: 0.2 + 0.0011 * knob * m ** 0.6,
      buffers: 100 + 2 * knob * m ** 0.6,
    };
  },
  indexBytes: ({ parameters }) => 14e6 + 1e5 * Number(parameters['m'] ?? 0),
};

/** The recall of every index is changed. */
const changed = (
  recall: (of: number, knob: number) => number,
  more: Partial<SyntheticServer> = {},
): SyntheticServer => ({
  ...usual,
  ...more,
  figures(spec, knob, ...rest) {
    const figures = usual.figures(spec, knob, ...rest);
    return spec.method === 'none' ? figures : { ...figures, recall: recall(figures.recall, knob) };
  },
});

/** More candidates find nothing more: rows are out of the graph's reach. */
const stalled = changed((recall) => Math.min(0.9, recall));
/** There is more to be found than ef_search may ask for. */
const rising = changed((_, knob) => logistic(-4.5 + 0.7 * Math.log2(knob)));

const duplicates = [findings.duplicates.of({ share: 0.6 })];
const spilled = [findings.hnswBuildSpilled.of({ rows: 9000 })];

function infeasible(server: SyntheticServer, wanted: Space): Advice & { readonly tested: number } {
  const result = answer(tune(wanted), syntheticBench(server).reply);
  expect(result).toMatchObject({ verdict: 'not reached', recommendation: null });
  return { ...result.advice!, tested: result.tested! };
}

const bounds = ({ relaxed }: Advice): string[] => relaxed.map(({ need }) => need.code);

describe('the bound that blocks', () => {
  it('is the recall, with the most that is shown', () => {
    const { binding, relaxed, tested } = infeasible(stalled, space());
    const need = { code: 'recall', data: { low: expect.closeTo(shownOf(0.9, 500, tested), 9), ofAnyBuild: false } };
    expect(relaxed).toEqual([expect.objectContaining({ need, spec: expect.objectContaining({ method: 'hnsw' }) })]);
    const { spec, settings } = relaxed[0]!;
    expect(binding).toEqual({ code: 'one-blocks', data: { need, spec, settings } });
  });

  it('is the 95th percentile, with the least of what reaches the recall', () => {
    const { binding, relaxed } = infeasible(usual, space({ p95Ms: 0.1 }));
    expect(relaxed).toMatchObject([{ need: { code: 'p95' } }]);
    expect(binding).toMatchObject({ code: 'one-blocks', data: { need: relaxed[0]!.need } });
  });

  it('is the size of the index', () => {
    const { binding, relaxed } = infeasible(usual, space({ indexBytes: MB }));
    expect(relaxed).toMatchObject([
      { need: { code: 'index_size', data: { bytes: 15.6e6, isPredicted: false } }, spec: { parameters: { m: 16 } } },
    ]);
    expect(binding).toMatchObject({ code: 'one-blocks', data: { need: { code: 'index_size' } } });
  });

  it('is the time of the build', () => {
    const { binding, relaxed } = infeasible({ ...usual, buildSeconds: () => 90 }, space({ buildSeconds: 60 }));
    expect(relaxed).toMatchObject([{ need: { code: 'build_time', data: { seconds: 90 } } }]);
    expect(binding).toMatchObject({ code: 'one-blocks', data: { need: { code: 'build_time' } } });
  });

  it('is the memory of the build, too, where that is why the build takes long', () => {
    const slow = { ...usual, buildSeconds: () => 90, buildFindings: () => spilled };
    const advice = infeasible(slow, space({ buildSeconds: 60, buildMemoryBytes: 10 * MB }));
    expect(bounds(advice)).toEqual(['build_time', 'build_memory']);
    const [time, memory] = advice.relaxed;
    expect(memory?.need).toMatchObject({ code: 'build_memory', data: { keepsOffDisk: true } });
    expect(memory?.point).toBe(time?.point);
    // As much as the server's version takes: up to 15 more for each piece of memory.
    const neededOn = (pgVersion: number): number => {
      const server = { pgVersion, maintenanceWorkMemBytes: 64 * MB, costs: null };
      const wanted = space({ buildSeconds: 60, buildMemoryBytes: 10 * MB }, { server, rows: 300_000 });
      const need = infeasible(slow, wanted).relaxed[1]?.need;
      return need?.code === 'build_memory' ? need.data.bytes : NaN;
    };
    expect(neededOn(15)).toBeGreaterThan(1.03 * neededOn(16));
    expect(neededOn(16)).toBe(neededOn(17));
    // Where there is memory enough, more of it would not help.
    expect(
      bounds(infeasible({ ...slow, buildFindings: () => [] }, space({ buildSeconds: 60, buildMemoryBytes: MB }))),
    ).toEqual(['build_time']);
  });

  it('is the memory of the build where k-means had too little', () => {
    const families = [...graphs, ...of('ivfflat')];
    const { relaxed } = infeasible(stalled, space({ buildMemoryBytes: MB }, { families }));
    expect(relaxed).toMatchObject([
      { need: { code: 'recall' } },
      {
        need: { code: 'build_memory', data: { keepsOffDisk: false } },
        spec: { method: 'ivfflat' },
        settings: {},
        point: null,
      },
    ]);
    expect(bounds(infeasible(stalled, space({ buildMemoryBytes: 1024 * MB }, { families })))).toEqual(['recall']);
  });

  it('is what kept the other indexes from being built, where the one that was misses more', () => {
    const { relaxed, binding } = infeasible(stalled, space({ indexBytes: MB }));
    expect(relaxed).toMatchObject([
      { need: { code: 'index_size', data: { isPredicted: true } }, settings: {}, point: null },
    ]);
    expect(binding).toEqual({ code: 'several-block', data: { bounds: ['recall', 'index_size'] } });
  });

  it('is one of several that exclude each other', () => {
    const advice = infeasible(usual, space({ p95Ms: 1, recall: 0.99 }));
    expect(bounds(advice)).toEqual(['recall', 'p95']);
    expect(advice.binding).toEqual({ code: 'together-block', data: { bounds: ['recall', 'p95'] } });
    // Each point meets the bound that was not given up.
    expect(advice.relaxed[0]?.point).not.toBe(advice.relaxed[1]?.point);
  });

  it('is the recall where one build reaches it and others do not', () => {
    const differing: SyntheticServer = {
      ...usual,
      figures(spec, knob, request, repeat = 0) {
        const figures = usual.figures(spec, knob, request);
        return repeat === 0 ? figures : { ...figures, recall: figures.recall - 0.1 * repeat };
      },
    };
    const { relaxed, binding } = infeasible(differing, space({}, { repeats: 3 }));
    expect(relaxed).toMatchObject([{ need: { code: 'recall', data: { ofAnyBuild: true } } }]);
    expect(binding).toMatchObject({ code: 'one-blocks', data: { need: { code: 'recall' } } });
  });

  it('is that on latency where no index could be built, and the exact scan takes too long', () => {
    const { binding, waysOut } = infeasible(
      { ...usual, buildFails: () => refused('no space left') },
      space({ p95Ms: 5 }),
    );
    expect(binding).toMatchObject({
      code: 'one-blocks',
      data: { need: { code: 'p95', data: { ms: 42 } }, spec: { method: 'none' } },
    });
    expect(waysOut).toEqual([]);
  });
});

describe('an index that nobody named', () => {
  it('is not called the nearest: of those that were, the smallest that meets the rest is built to say so', () => {
    // Four named indexes, all too large by the model, beside pgvector's default that is built to be compared with.
    const spec = (representation: 'vector' | 'halfvec', m: number) => ({
      method: 'hnsw',
      representation,
      parameters: { m, ef_construction: 64 },
    });
    const named = [spec('halfvec', 4), spec('halfvec', 8), spec('halfvec', 12), spec('vector', 24)].map((one) => ({
      spec: one,
      knobValues: null,
    }));
    const bytes = ({ representation, parameters }: IndexSpec): number =>
      (representation === 'halfvec' ? 6e6 : 14e6) + 1e5 * Number(parameters['m'] ?? 0);
    const server: SyntheticServer = {
      ...usual,
      // The smallest has too few links to reach the recall.
      figures: (of, knob, ...rest) => ({
        ...usual.figures(of, knob, ...rest),
        ...(of.parameters['m'] === 4 ? { recall: 0.8 } : {}),
      }),
      indexBytes: bytes,
    };
    const families = namedFamilies(situation, named);
    const wanted = space({ indexBytes: 2 * MB }, { families });
    const bench = syntheticBench(server);
    const result = answer(tune(wanted), bench.reply);
    expect(result.verdict).toBe('not reached');
    expect(result.advice?.binding).toMatchObject({ code: 'one-blocks', data: { spec: named[1]!.spec } });
    expect(result.advice?.relaxed).toMatchObject([
      {
        need: { code: 'index_size', data: { bytes: bytes(named[1]!.spec), isPredicted: false } },
        spec: named[1]!.spec,
      },
    ]);
    for (const { choice } of result.nearest) expect(named.map((one) => one.spec)).toContainEqual(choice.spec);
    // Larger ones than the answer are not built.
    expect(requestsOf(bench.asked, 'build').map((request) => request.spec)).not.toContainEqual(named[3]!.spec);
  });

  it('is not what would do, though it takes less than the one that was', () => {
    const [named] = graphs.filter(({ spec }) => spec.parameters['m'] === 24);
    const wanted = space({ indexBytes: 2 * MB }, { families: namedFamilies(situation, [named!]) });
    const { binding, relaxed } = infeasible(usual, wanted);
    expect(relaxed).toMatchObject([
      { need: { code: 'index_size', data: { bytes: 16.4e6, isPredicted: false } }, spec: named!.spec },
    ]);
    expect(binding).toMatchObject({ code: 'one-blocks', data: { spec: named!.spec } });
  });
});

const ways = (server: SyntheticServer, wanted: Space): string[] =>
  infeasible(server, wanted).waysOut.map(({ code }) => code);

describe('the ways out', () => {
  it('of a graph that duplicates cap are to remove them, other indexes, and none', () => {
    expect(ways({ ...stalled, findings: duplicates }, space())).toEqual([
      'deduplicate',
      'denser-graph',
      'ivfflat',
      'exact-scan',
    ]);
  });

  it('say nothing of duplicates where they are not in the way', () => {
    const cheap = { ...usual, findings: duplicates };
    expect(ways(cheap, space({ p95Ms: 0.1 }))).toEqual(['less-work']);
    expect(ways(cheap, space({ indexBytes: MB }))).toEqual(['exact-scan', 'smaller-representation']);
  });

  it('of a graph that more candidates do not help are others', () => {
    expect(ways(stalled, space())).toEqual(['denser-graph', 'ivfflat', 'partitions', 'exact-scan']);
  });

  it('of a graph that ends while its recall still rises are more candidates, too', () => {
    expect(ways(rising, space())).toEqual(['denser-graph', 'iterative-scan', 'ivfflat', 'partitions', 'exact-scan']);
    const many = space({}, { workload: { kind: 'plain', k: 1000 } });
    expect(ways(rising, many)).toEqual(['denser-graph', 'iterative-scan', 'ivfflat', 'partitions', 'exact-scan']);
  });

  it('of settings that the configuration limits are higher ones', () => {
    const families = graphs.map((family) => ({ ...family, knobValues: [10, 20, 40] }));
    expect(ways(rising, space({}, { families }))).toEqual(['higher-setting', 'denser-graph', 'ivfflat', 'exact-scan']);
  });

  it('name IVFFlat only where it was not tried and is possible', () => {
    const both = [...graphs, ...of('ivfflat')];
    expect(ways(stalled, space({}, { families: both }))).not.toContain('ivfflat');
    expect(ways(stalled, space({}, { metric: 'l1' }))).not.toContain('ivfflat');
    const poor = { pgVersion: 17, maintenanceWorkMemBytes: MB, costs: null };
    expect(ways(stalled, space({}, { families: both, server: poor }))).toContain('ivfflat-with-memory');
    // The user's own bound is among those to be relaxed.
    expect(ways(stalled, space({ buildMemoryBytes: MB }, { families: both }))).not.toContain('ivfflat-with-memory');
  });

  it('name the exact scan only where no bound on latency rules it out', () => {
    expect(ways(stalled, space({ p95Ms: 5 }))).not.toContain('exact-scan');
  });

  it('are more queries where the recall is there and too few show it', () => {
    // Half a point of error, and less than that to spare.
    const close = changed((recall) => Math.min(0.953, recall));
    expect(ways(close, space())).toEqual(['more-queries', 'exact-scan']);
  });

  it('of a bound on size are the representations that were not tried, else less to store', () => {
    const stored = defaultFamilies(situation, [
      { representation: 'vector' },
      { representation: 'halfvec' },
      { representation: 'bit' },
    ]);
    expect(ways(usual, space({ indexBytes: MB }, { families: stored }))).toEqual(['exact-scan', 'less-to-index']);
  });

  it('of a bound on the build are quicker ones', () => {
    expect(ways({ ...usual, buildSeconds: () => 90 }, space({ buildSeconds: 60 }))).toEqual([
      'exact-scan',
      'quicker-build',
    ]);
  });
});
