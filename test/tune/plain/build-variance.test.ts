import { describe, expect, it } from 'vitest';
import { bettingInterval } from '../../../src/analysis/index.js';
import { createRandom } from '../../../src/random.js';
import { vectorOptimization, viewRun } from '../../../src/reports/index.js';
import type { Ask, JournalRecord, Measured, Reply } from '../../../src/results/index.js';
import { defaultFamilies, grid, type Space, tune } from '../../../src/tune/index.js';
import { spreadOfBuilds } from '../../../src/tune/plain/build-variance.js';
import { failedBuild, measured, refused, tableScanned } from '../../support/records.js';
import { manifest } from '../../support/run-manifest.js';
import { gridFor, spaceFor } from '../../support/spaces.js';
import { answer, requestsOf, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';

const figures = (value: number, low: number, high: number, buffers = 100): Measured => {
  const usual = measured({ buffers });
  return { ...usual, recall: { ...usual.recall, mean: { value, low, high } } };
};

describe('spread of several builds', () => {
  it('is none when they are alike: the interval stays as it is', () => {
    expect(spreadOfBuilds([figures(0.95, 0.94, 0.96), figures(0.95, 0.94, 0.96)])).toMatchObject({
      builds: 2,
      recallSd: 0,
      buffersSd: 0,
      recall: { value: 0.95, low: expect.closeTo(0.94, 12), high: expect.closeTo(0.96, 12) },
    });
  });

  it('stays within what a recall can be, however far builds differ', () => {
    const { recall, shown } = spreadOfBuilds([figures(0.02, 0, 0.1), figures(0.98, 0.9, 1)]);
    expect(recall).toEqual({ value: 0.5, low: 0, high: 1 });
    expect(shown).toBe(0);
  });

  it('adds to the error of the sample as squares do', () => {
    const { recall, recallSd, buffersSd } = spreadOfBuilds([
      figures(0.94, 0.91, 0.97, 90),
      figures(0.95, 0.92, 0.98, 100),
      figures(0.96, 0.93, 0.99, 110),
    ]);
    expect(recallSd).toBeCloseTo(0.01, 12);
    expect(buffersSd).toBeCloseTo(10, 12);
    // Student's t for two degrees of freedom, 97.5 %: 4.3027.
    const another = 4.302652729911275 * 0.01 * Math.sqrt(4 / 3);
    expect(recall.low).toBeCloseTo(0.95 - Math.hypot(0.03, another), 9);
    expect(recall.high).toBe(1);
  });

  /*
   * Three builds, each with a recall of its own, asked the same queries: does the interval hold for a build that nobody
   * measured? Queries are hard or easy for all builds alike; each build adds luck of its own.
   */
  it('simulated: covers the recall of another build', () => {
    const trials = 120;
    const cells = [
      { sd: 0.0015, queries: 300 },
      { sd: 0.0015, queries: 1000 },
      { sd: 0.006, queries: 300 },
      { sd: 0.006, queries: 1000 },
    ];
    const missed = cells.map(({ sd, queries }) => {
      const random = createRandom(`builds ${sd} ${queries}`);
      let below = 0;
      for (let trial = 0; trial < trials; trial++) {
        const [another = 0, ...truths] = Array.from({ length: 4 }, () => 0.95 + sd * random.normal());
        const recalls = truths.map(() => new Float64Array(queries));
        for (let q = 0; q < queries; q++) {
          // One query in eight is a hard one.
          const difficulty = random.next() < 0.125 ? 5 : 3 / 7;
          for (const [build, truth] of truths.entries()) {
            let hits = 0;
            for (let k = 0; k < 10; k++) if (random.next() >= (1 - truth) * difficulty) hits++;
            recalls[build]![q] = hits / 10;
          }
        }
        const points = recalls.map((recall) => {
          const interval = bettingInterval(recall);
          return figures(recall.reduce((sum, one) => sum + one, 0) / queries, interval.low, interval.high);
        });
        if (another < spreadOfBuilds(points).recall.low!) below++;
      }
      return below / trials;
    });
    // A recommendation errs when the recall of another build lies below the lower end: at most once in forty.
    expect(missed.reduce((sum, share) => sum + share, 0) / cells.length).toBeLessThanOrEqual(0.025);
    for (const share of missed) expect(share).toBeLessThanOrEqual(0.05);
  });
});

const space = spaceFor({
  families: defaultFamilies({ rows: 30_000, dimensions: 96, metric: 'cosine', pgvector: '0.8.6' }, [
    { representation: 'vector' },
  ]),
  rows: 30_000,
  dimensions: 96,
});

/** HNSW m=16 is the only index that is worth anything; every build has its own luck. */
const server = (luck: readonly number[]): SyntheticServer => ({
  figures({ method, parameters }, knob, _request, repeat = 0) {
    if (method === 'none') return { recall: 1, medianMs: 50 };
    const right = method === 'hnsw' && parameters['m'] === 16;
    const recall = Math.min(0.999, 0.9 + 0.02 * Math.log2(knob / 10)) - (right ? 0 : 0.2) + (luck[repeat] ?? 0);
    return { recall, medianMs: 0.01 * knob };
  },
});

const run = (luck: readonly number[], wanted: Space) => {
  const bench = syntheticBench(server(luck));
  return { result: answer(tune(wanted), bench.reply), asked: bench.asked };
};

describe('builds of the recommendation', () => {
  const alone = run([0], space).result;
  const settingOf = (result: typeof alone): number => Number(result.recommendation?.settings['ef_search']);

  it('are one when nobody asks for more, and the answer knows of no variance', () => {
    expect(alone).toMatchObject({ verdict: 'recommended', buildVariance: null });
  });

  it('that are alike leave it as it is', () => {
    const { result } = run([0, 0, 0], { ...space, repeats: 3 });
    expect(settingOf(result)).toBe(settingOf(alone));
    expect(result.buildVariance).toMatchObject({ recallSd: expect.closeTo(0, 9), steppedUpFrom: null });
    expect(result.buildVariance?.builds).toHaveLength(3);
    expect(result.because).toContainEqual({
      code: 'builds-differ',
      data: expect.objectContaining({ builds: 3, recallSd: 0, reached: true }),
    });
  });

  it('that differ need a higher setting, and the answer says from where', () => {
    const { result, asked } = run([0.002, -0.002, 0], { ...space, repeats: 3 });
    const first = settingOf(run([0.002], space).result);
    expect(result.verdict).toBe('recommended');
    expect(settingOf(result)).toBeGreaterThan(first);
    expect(result.buildVariance).toMatchObject({
      steppedUpFrom: { ef_search: first },
      recallSd: expect.closeTo(0.002, 9),
    });
    const differ = result.because.find(({ code }) => code === 'builds-differ');
    expect(differ?.code === 'builds-differ' && differ.data.low).toBeGreaterThanOrEqual(0.95);
    // Builds that nobody needs any more are released: two of three.
    const repeats = requestsOf(asked, 'build').flatMap(({ repeat }) => (repeat > 0 ? repeat : []));
    expect(repeats).toEqual([1, 2]);
  });

  it('widen the interval that the report gives the recommendation', () => {
    const bench = syntheticBench(server([0.002, -0.002, 0]));
    const records: JournalRecord[] = [];
    const result = answer(tune({ ...space, repeats: 3 }), (ask) => {
      const reply = bench.reply(ask);
      records.push(...reply);
      return reply;
    });
    records.push({ type: 'answer', key: 'answer', finishedAt: '2026-01-01T00:01:00.000Z', answer: result });
    const report = vectorOptimization(viewRun({ manifest: manifest('local'), records }));
    const { low, high } = result.buildVariance!.recall;
    expect(report).toContain(`[${low!.toFixed(4)}, ${high!.toFixed(4)}], for any build (3 were measured)`);
  });

  it('that fail prove nothing, and the answer says so', () => {
    const bench = syntheticBench(server([0, 0, 0]));
    const failing = (ask: Ask): Reply =>
      ask.kind === 'build' && ask.requests.some(({ repeat }) => repeat > 0)
        ? ask.requests.map((request) => failedBuild(refused('no space left'), { request }))
        : bench.reply(ask);
    const result = answer(tune({ ...space, repeats: 3 }), failing);
    expect(result).toMatchObject({ verdict: 'not reached', recommendation: null, buildVariance: null });
    expect(result.because).toContainEqual({
      code: 'builds-failed',
      data: { asked: 2, failed: 2, reason: refused('no space left') },
    });
    expect(result.nearest.flatMap(({ unmet }) => unmet)).toContainEqual({
      code: 'other_builds_failed',
      data: { failed: 2 },
    });
  });

  it('that differ by too much make the answer "not reached"', () => {
    const { result } = run([0, -0.15, 0.05], { ...space, repeats: 3 });
    expect(result).toMatchObject({ verdict: 'not reached', recommendation: null });
    expect(result.because).toContainEqual({
      code: 'builds-differ',
      data: expect.objectContaining({ builds: 3, wanted: 0.95, reached: false }),
    });
    expect(result.buildVariance?.recallSd).toBeGreaterThan(0.05);
  });

  it('that refute the best leave the next one, and the best is no runner-up', () => {
    const graphs = [16, 24].map((m) => ({
      spec: { method: 'hnsw', representation: 'vector' as const, parameters: { m, ef_construction: 64 } },
      knobValues: null,
    }));
    const luck = [0, -0.15, 0.05];
    const bench = syntheticBench({
      figures({ method, parameters }, knob, _request, repeat = 0) {
        if (method === 'none') return { recall: 1, medianMs: 50, buffers: 20_000 };
        const isBest = parameters['m'] === 16;
        const recall = Math.min(0.999, 0.9 + 0.02 * Math.log2(knob / 10)) + (isBest ? luck[repeat]! : 0);
        return { recall, medianMs: 0.01 * knob * (isBest ? 1 : 1.3), buffers: knob * (isBest ? 1 : 1.3) };
      },
    });
    const result = answer(tune({ ...space, families: graphs, repeats: 3 }), bench.reply);
    expect(result.recommendation?.spec).toEqual(graphs[1]!.spec);
    expect(result.runnerUp).toBeNull();
    const refuted = result.rejected.find(({ choice }) => choice.spec.parameters['m'] === 16);
    expect(refuted?.why).toMatchObject({ code: 'misses-target', data: { unmet: [{ code: 'any_build' }] } });
    expect(result.because.map(({ code }) => code)).toEqual(['nothing-else-meets', 'builds-differ']);
    expect(result.advice?.defaults).toMatchObject({ code: 'misses-target' });
  });

  it('of which the planner leaves one are not shown by the others', () => {
    const alike = server([0, 0, 0]);
    const leaves = (repeat: number): SyntheticServer => ({
      figures: (spec, knob, request, own) => ({
        ...alike.figures(spec, knob, request, own),
        ...(own === repeat ? { voidBecause: tableScanned } : {}),
      }),
    });
    const of = (bench: SyntheticServer) => answer(tune({ ...space, repeats: 3 }), syntheticBench(bench).reply);
    expect(of(leaves(3)).verdict).toBe('recommended');
    const left = of(leaves(2));
    expect(left).toMatchObject({ verdict: 'not reached', recommendation: null });
    expect(left.because).toContainEqual({
      code: 'builds-not-measured',
      data: { of: 3, builds: 1, reason: tableScanned },
    });
  });

  it('are not said to miss a recall that they are shown to have, where another bound stops the search', () => {
    const luck = [0.002, -0.002, 0];
    const needed = settingOf(run(luck, { ...space, repeats: 3 }).result);
    // A p95 is twice the median, and its interval 5 % wide on either side: the setting that shows the recall is just too slow.
    const bounded = { ...space, repeats: 3, target: { ...space.target, p95Ms: 0.0209 * needed } };
    const { result } = run(luck, bounded);
    expect(result.verdict).toBe('not reached');
    const differ = result.because.find(({ code }) => code === 'builds-differ');
    if (differ?.code !== 'builds-differ') throw new TypeError('Nothing was said of the builds.');
    expect(differ.data.reached).toBe(differ.data.low >= differ.data.wanted);
    expect(differ.data.reached).toBe(true);
  });

  it('in a grid are as many of every index as are asked for', () => {
    const bench = syntheticBench(server([0, 0.01]));
    const rows = [
      {
        spec: { method: 'hnsw', representation: 'vector' as const, parameters: { m: 16 } },
        settings: [{ ef_search: 40 }],
      },
    ];
    answer(grid(gridFor(rows, { queries: 100, repeats: 2, cache: 'cold' })), bench.reply);
    expect(bench.count('build')).toBe(2);
    const points = requestsOf(bench.asked, 'point');
    expect(points.map(({ cache }) => cache)).toEqual(['cold', 'cold']);
  });
});
