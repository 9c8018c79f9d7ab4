import { describe, expect, it } from 'vitest';
import { bettingConfidence, recallsOfPoint } from '../../../src/analysis/index.js';
import { PgvtuneError } from '../../../src/errors.js';
import { keyOf, type Reason, type TuneAnswer } from '../../../src/results/index.js';
import { defaultFamilies, namedFamilies, rulesOfThumb, type Space, tune } from '../../../src/tune/index.js';
import type { IndexSpec } from '../../../src/vocabulary.js';
import { measured, refused, shownOf, tableScanned } from '../../support/records.js';
import { spaceFor } from '../../support/spaces.js';
import { answer, requestsOf, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';

const situation = { rows: 30_000, dimensions: 96, metric: 'cosine' as const, pgvector: '0.8.6' };

const space = (target: Partial<Space['target']> = {}): Space =>
  spaceFor(
    {
      families: defaultFamilies(situation, [{ representation: 'vector' }]),
      rows: situation.rows,
      dimensions: situation.dimensions,
    },
    target,
  );

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Denser graphs need a smaller ef_search and do more work per step; IVFFlat is slower throughout. */
const usual: SyntheticServer = {
  figures({ method, parameters }, knob) {
    if (method === 'none') return { recall: 1, medianMs: 20, buffers: 5000 };
    if (method === 'ivfflat') {
      const share = knob / Number(parameters['lists']);
      return {
        recall: logistic(2 + 3 * Math.log10(share * 100)) - 0.02,
        medianMs: 0.5 + 15 * share,
        buffers: 4000 * share,
      };
    }
    const m = Number(parameters['m']);
    return {
      recall: Math.min(0.999, logistic(1 + 0.9 * Math.log2((knob * m) / 64))),
      medianMs: 0.2 + 0.0011 * knob * m ** 0.6,
      buffers: 100 + 2 * knob * m ** 0.6,
    };
  },
  indexBytes: ({ method, parameters }) => (method === 'ivfflat' ? 13e6 : 14e6 + 1e5 * Number(parameters['m'] ?? 0)),
};

const run = (
  server: SyntheticServer,
  wanted = space(),
): { result: TuneAnswer; bench: ReturnType<typeof syntheticBench> } => {
  const bench = syntheticBench(server);
  return { result: answer(tune(wanted), bench.reply), bench };
};

const codes = ({ because }: TuneAnswer): string[] => because.map(({ code }) => code);

const isHnsw = (spec: IndexSpec | undefined, m: number): boolean =>
  spec?.method === 'hnsw' && spec.parameters['m'] === m;

describe('tune', () => {
  it('recommends the quickest that is shown to reach the recall', () => {
    const { result } = run(usual);
    expect(result.verdict).toBe('recommended');
    const { spec, settings } = result.recommendation!;
    const knob = Number(settings['ef_search']);
    // What is recommended is shown to reach the recall, and one that is some per cent below is not.
    const shownAt = (of: number): number => shownOf(usual.figures(spec, of, {} as never).recall, 500, result.tested);
    expect(shownAt(knob)).toBeGreaterThanOrEqual(0.95);
    expect(shownAt(knob * 0.94 - 1)).toBeLessThan(0.95);
    expect(codes(result)).toContain('runner-up');
    // Both are among what could be chosen, as they were measured side by side.
    expect(result.front).toEqual(expect.arrayContaining([result.recommendation!.point, result.runnerUp!.point]));
    // No index of the space is quicker by more than its error.
    const least = (of: IndexSpec): number => {
      const reached = Array.from({ length: 991 }, (_, i) => usual.figures(of, i + 10, {} as never));
      return reached.find(({ recall }) => shownOf(recall, 500, result.tested) >= 0.95)?.medianMs ?? Infinity;
    };
    const best = Math.min(...space().families.map((family) => least(family.spec)));
    expect(usual.figures(spec, knob, {} as never).medianMs).toBeLessThan(1.1 * best);
  });

  it('says what the confidence costs, beside the cheapest setting that reaches the recall on average', () => {
    // Made-up answers vary so little that a common confidence costs next to nothing.
    const { result } = run(usual, space({ confidence: 0.999_999 }));
    const price = result.confidencePrice!;
    expect(price.code).toBe('costs');
    if (price.code !== 'costs') return;
    const { cheapest, mean, shown, buffers, queries } = price.data;
    const meanAt = (knob: number): number => usual.figures(cheapest.spec, knob, {} as never).recall;
    const knob = Number(cheapest.settings['ef_search']);
    expect(meanAt(knob)).toBeGreaterThanOrEqual(0.95);
    // There is nothing below the lowest value that returns k rows.
    if (knob > 10) expect(meanAt(knob / 1.03 - 1)).toBeLessThan(0.95);
    expect(mean).toBeCloseTo(meanAt(knob), 3);
    expect(shown).toBeLessThan(0.999_999);
    expect(buffers.ratio).toBeGreaterThan(1);
    expect(buffers.one.buffers / buffers.other.buffers).toBeCloseTo(buffers.ratio!, 9);
    expect(queries).toBeGreaterThan(0);
  });

  it('is as sure of the cheaper one as all tests together allow', () => {
    const { result } = run(usual, space({ confidence: 0.999_999 }));
    const price = result.confidencePrice!;
    if (price.code !== 'costs') throw new Error('Expected a price.');
    const alone = bettingConfidence(recallsOfPoint(measured({ recall: price.data.mean, queries: 500 })), 0.95);
    expect(result.tested).toBeGreaterThan(1);
    expect(price.data.shown).toBeCloseTo(Math.max(0, 1 - result.tested! * (1 - alone)), 6);
  });

  it('goes on below a stretch of settings in which the planner leaves the index, for the cheapest on average', () => {
    // The mean reaches the recall from 100; the planner reads the table from 98 to 120 but for 103.
    const isLost = (knob: number): boolean => knob >= 98 && knob <= 120 && knob !== 103;
    const figures: SyntheticServer['figures'] = ({ method }, knob) => ({
      recall: method === 'none' ? 1 : 0.9 + 0.05 * Math.min(2, knob / 100),
      medianMs: method === 'none' ? 50 : knob / 100,
      buffers: method === 'none' ? 5000 : knob,
      ...(method !== 'none' && isLost(knob) ? { voidBecause: tableScanned } : {}),
    });
    const families = space().families.slice(0, 1);
    const { result } = run({ ...usual, figures }, { ...space({ confidence: 0.999_999 }), families });
    expect(result.confidencePrice).toMatchObject({
      code: 'costs',
      data: { cheapest: { settings: { ef_search: 103 } } },
    });
  });

  it('recommends nothing that was only compared: what was tested is what is shown', () => {
    // By luck of the last look, at which defaults and rules of thumb are compared, everything seems to reach the recall.
    const lucky: SyntheticServer = {
      ...usual,
      figures: (spec, knob, request) => ({
        ...usual.figures(spec, knob, request),
        recall: spec.method === 'none' ? 1 : request.purpose === 'confirm' ? 0.999 : 0.94,
      }),
    };
    const { result } = run(lucky, { ...space(), rulesOfThumb: rulesOfThumb(situation) });
    expect(result).toMatchObject({ verdict: 'not reached', recommendation: null });
  });

  it('has nothing to pay for where the lowest setting is shown to reach the recall', () => {
    const { result } = run({ ...usual, figures: (...of) => ({ ...usual.figures(...of), recall: 0.99 }) });
    expect(result.confidencePrice).toEqual({ code: 'nothing', data: { recall: 0.95 } });
  });

  it('says what pgvector’s defaults and no index would have given', () => {
    const { result } = run(usual);
    const texts = result.baselines.map(({ choice }) => `${choice.spec.method} ${JSON.stringify(choice.settings)}`);
    expect(texts).toContain('hnsw {"ef_search":40}');
    expect(texts.at(-1)).toBe('none {}');
  });

  it('says what the rules of thumb would have given, on indexes that are built for it', () => {
    const { result, bench } = run(usual, { ...space(), rulesOfThumb: rulesOfThumb(situation) });
    const rules = result.baselines.filter(({ choice }) => choice.spec.method === 'ivfflat');
    expect(rules.map(({ choice }) => [choice.spec.parameters['lists'], choice.settings['probes']])).toEqual([
      [100, 1],
      [30, 5],
      [173, 13],
    ]);
    const built = requestsOf(bench.asked, 'build').flatMap(({ rows, spec }) => (rows === undefined ? spec : []));
    for (const { choice } of rules) expect(built).toContainEqual(choice.spec);
    expect(result.recommendation?.spec.method).toBe('hnsw');
  });

  it('has a reason for everything that it does not recommend', () => {
    const { result, bench } = run(usual);
    const built = requestsOf(bench.asked, 'build').filter(
      ({ rows, spec }) => spec.method === 'hnsw' && rows === undefined,
    );
    const named = [...result.rejected.map(({ choice }) => choice), result.recommendation, result.runnerUp];
    for (const { spec } of built) expect(named.map((choice) => choice?.spec)).toContainEqual(spec);
    expect(result.rejected.length).toBeGreaterThan(3);
  });

  it('builds few indexes on all rows, some on a subset, and asks the same questions when it is run again', () => {
    const first = run(usual).bench;
    const second = run(usual).bench;
    expect(second.asked).toEqual(first.asked);
    const builds = requestsOf(first.asked, 'build').filter(({ spec }) => spec.method !== 'none');
    expect(builds.filter(({ rows }) => rows === undefined).length).toBeLessThanOrEqual(4);
    const onSome = builds.filter(({ rows }) => rows !== undefined);
    expect(new Set(onSome.map(({ rows }) => rows))).toEqual(new Set([3750]));
    expect(onSome.length).toBeGreaterThan(3);
  });

  it('reaches the recall where the planner has come back to the index, and builds again there', () => {
    // The planner reads the table from 70 to 180: below the recall is missed, above it is reached.
    const isLost = (knob: number): boolean => knob >= 70 && knob <= 180;
    const figures: SyntheticServer['figures'] = ({ method }, knob) => ({
      recall: method === 'none' ? 1 : 0.9 + 0.1 * Math.min(1, knob / 250),
      medianMs: method === 'none' ? 50 : knob / 100,
      buffers: method === 'none' ? 5000 : knob,
      ...(method !== 'none' && isLost(knob) ? { voidBecause: tableScanned } : {}),
    });
    const families = space().families.slice(0, 1);
    const { result, bench } = run({ ...usual, figures }, { ...space({ recall: 0.97 }), families, repeats: 2 });
    expect(result.verdict).toBe('recommended');
    expect(result.recommendation!.settings['ef_search']).toBeGreaterThan(180);
    expect(result.recommendation!.settings['ef_search']).toBeLessThanOrEqual(200);
    // Once of the values that are tested, once of those between them.
    expect(bench.count('plans')).toBe(2);
    const settings = requestsOf(bench.asked, 'point').map((request) => Number(request.settings['ef_search'] ?? 0));
    expect(settings.filter(isLost).length).toBeLessThan(6);
  });

  it('answers "not reached" with the nearest points when the recall is out of reach', () => {
    const { result } = run({
      ...usual,
      figures: (...of) => ({ ...usual.figures(...of), recall: Math.min(0.9, usual.figures(...of).recall) }),
    });
    expect(result).toMatchObject({ verdict: 'not reached', recommendation: null, runnerUp: null });
    expect(result.nearest[0]?.unmet[0]).toMatchObject({ code: 'recall', data: { value: 0.9, wanted: 0.95 } });
  });

  it('knows nothing when no point can prove what it measured, and says why', () => {
    const voidBecause: Reason = { code: 'rows-changed', data: { rows: 9 } };
    const { result } = run({ ...usual, figures: (...of) => ({ ...usual.figures(...of), voidBecause }) });
    expect(result).toMatchObject({ verdict: 'not reached', recommendation: null, nearest: [] });
    expect(result.because).toEqual([{ code: 'nothing-measured', data: { exactScan: 'void', reason: voidBecause } }]);
  });

  it('answers "not reached" when no index is shown to stay within the bounds', () => {
    expect(run(usual, space({ p95Ms: 0.1 })).result).toMatchObject({ verdict: 'not reached' });
    const { result } = run(usual, space({ indexBytes: 1e6 }));
    expect(result.verdict).toBe('not reached');
    expect(result.nearest.flatMap(({ unmet }) => unmet.map(({ code }) => code))).toContain('index_size');
  });

  it('keeps to a bound on the index that only some meet', () => {
    const { result } = run(usual, space({ indexBytes: 13.5e6 }));
    expect(result.recommendation?.spec.method).toBe('ivfflat');
  });

  it('takes the exact scan where it is the quickest', () => {
    const tiny: SyntheticServer = {
      figures: (spec, ...rest) =>
        spec.method === 'none' ? { recall: 1, medianMs: 0.1 } : usual.figures(spec, ...rest),
    };
    expect(run(tiny).result.recommendation?.spec.method).toBe('none');
  });

  it('quotes one point of the exact scan: that measured beside the others, and no other where it is recommended', () => {
    const exactAt = (medianMs: number, target: Partial<Space['target']> = {}) => {
      const { bench, result } = run(
        {
          ...usual,
          // The few queries that are asked first meet another moment.
          figures: (spec, knob, request) =>
            spec.method === 'none'
              ? { recall: 1, medianMs: request.purpose === 'search' ? medianMs / 2 : medianMs }
              : usual.figures(spec, knob, request),
        },
        space(target),
      );
      const points = new Set(
        [result.recommendation, result.runnerUp, ...result.baselines.map(({ choice }) => choice)].flatMap((choice) =>
          choice?.spec.method === 'none' ? [choice.point] : [],
        ),
      );
      const exact = requestsOf(bench.asked, 'point').filter((request) => points.has(keyOf('point', request)));
      const inBaselines = result.baselines.filter(({ choice }) => choice.spec.method === 'none').length;
      return { purposes: exact.map(({ purpose }) => purpose), inBaselines, best: result.recommendation?.spec.method };
    };
    expect(exactAt(0.1)).toEqual({ purposes: ['confirm'], inBaselines: 0, best: 'none' });
    expect(exactAt(20, { p95Ms: 45 })).toEqual({
      purposes: ['confirm'],
      inBaselines: 0,
      best: 'none',
    });
    const beside = exactAt(0.8);
    expect(beside).toMatchObject({ purposes: ['confirm'], inBaselines: 1 });
    expect(beside.best).not.toBe('none');
  });

  it('never recommends from void points', () => {
    const lost: SyntheticServer = {
      ...usual,
      figures: (spec, ...rest) => ({
        ...usual.figures(spec, ...rest),
        ...(isHnsw(spec, 24) ? { voidBecause: tableScanned } : {}),
      }),
    };
    const { result } = run(lost);
    expect(isHnsw(result.recommendation?.spec, 24)).toBe(false);
    expect(result.rejected.find(({ choice }) => isHnsw(choice.spec, 24))?.why).toMatchObject({
      data: { reason: tableScanned },
    });
  });

  it('goes on without an index whose build failed, and says why', () => {
    const failing: SyntheticServer = {
      ...usual,
      buildFails: (spec) => (isHnsw(spec, 24) ? refused('memory required is 800 MB') : undefined),
    };
    const { result } = run(failing);
    expect(result.verdict).toBe('recommended');
    expect(result.rejected.find(({ choice }) => isHnsw(choice.spec, 24))).toMatchObject({
      why: { code: 'build-failed', data: { reason: refused('memory required is 800 MB') } },
    });
  });

  it('prefers less work among those that are equally fast', () => {
    const level: SyntheticServer = {
      ...usual,
      figures: (spec, ...rest) => ({
        ...usual.figures(spec, ...rest),
        medianMs: spec.method === 'none' ? 50 : 1,
        buffers: spec.method === 'hnsw' ? 50 + Number(spec.parameters['m'] ?? 0) : 100,
      }),
      indexBytes: () => 1000,
    };
    expect(isHnsw(run(level).result.recommendation?.spec, 8)).toBe(true);
  });

  it('searches with a third of the queries, and shows the recall with all of them', () => {
    const { bench, result } = run(usual);
    const points = requestsOf(bench.asked, 'point');
    const searched = points.filter(
      ({ from = 0, queries, settings }) => from + queries <= 167 && 'ef_search' in settings,
    );
    const confirmed = points.filter(({ purpose }) => purpose === 'confirm');
    expect(searched.length).toBeGreaterThan(5);
    for (const { from = 0, queries } of confirmed) expect([from, queries]).toEqual([0, 500]);
    expect(confirmed.map(({ settings }) => settings)).toContainEqual(result.recommendation?.settings);
  });

  it('needs no index where the exact scan keeps within the bound on latency', () => {
    const { bench, result } = run(usual, space({ p95Ms: 45 }));
    expect(result).toMatchObject({ verdict: 'recommended', recommendation: { spec: { method: 'none' } } });
    expect(result.because).toEqual([{ code: 'exact-scan-suffices', data: { buffers: null, k: 10 } }]);
    expect(bench.count('build')).toBe(1);
  });

  it('needs no index where the table takes fewer pages than any index would touch', () => {
    const pages = (buffers: number): SyntheticServer => ({
      ...usual,
      figures: (spec, ...rest) => ({ ...usual.figures(spec, ...rest), ...(spec.method === 'none' ? { buffers } : {}) }),
    });
    const { bench, result } = run(pages(12));
    expect(result).toMatchObject({ verdict: 'recommended', recommendation: { spec: { method: 'none' } } });
    expect(result.because).toEqual([{ code: 'exact-scan-suffices', data: { buffers: 12, k: 10 } }]);
    expect(bench.count('build')).toBe(1);
    // Not where a bound on latency is missed, nor where it is not plain that an index touches more.
    expect(run(pages(12), space({ p95Ms: 30 })).result.recommendation?.spec.method).not.toBe('none');
    expect(run(pages(13)).bench.count('build')).toBeGreaterThan(1);
  });

  it('compares the exact scan by buffers where they are what is to be least', () => {
    const few: SyntheticServer = {
      ...usual,
      figures: (spec, ...rest) => ({
        ...usual.figures(spec, ...rest),
        ...(spec.method === 'none' ? { buffers: 30 } : {}),
      }),
    };
    expect(run(few, space({ minimise: 'buffers' })).result.recommendation?.spec.method).toBe('none');
    expect(run(few).result.recommendation?.spec.method).not.toBe('none');
  });

  it('does not build what the models rule out', () => {
    const { bench, result } = run(usual, space({ indexBytes: 16e6 }));
    const built = requestsOf(bench.asked, 'build').map(({ spec }) => Number(spec.parameters['m'] ?? 0));
    expect(Math.max(...built)).toBeLessThan(48);
    const unbuilt = result.rejected.filter(({ choice }) => choice.build === '');
    expect(unbuilt.map(({ why }) => why.code)).toContain('would-be-too-large');
  });

  it('takes what is least by the goal that is named', () => {
    const smallest = run(usual, space({ minimise: 'index_bytes' })).result.recommendation!;
    expect(smallest.spec).toMatchObject({ method: 'ivfflat' });
  });
});

describe('the indexes to look at', () => {
  it('hold pgvector’s defaults, first, and the rules of thumb', () => {
    expect(defaultFamilies(situation, [{ representation: 'vector' }])[0]?.spec.parameters).toEqual({
      m: 16,
      ef_construction: 64,
    });
    const specs = defaultFamilies(situation, [{ representation: 'vector' }]).map(({ spec }) => spec);
    expect(specs).toContainEqual({
      method: 'hnsw',
      representation: 'vector',
      parameters: { m: 16, ef_construction: 64 },
    });
    for (const lists of [100, 30, 173])
      expect(specs).toContainEqual({ method: 'ivfflat', representation: 'vector', parameters: { lists } });
  });

  it('leave out what the dimensions do not allow, and refuse when nothing is left', () => {
    const wide = { ...situation, dimensions: 3000 };
    expect(
      defaultFamilies(wide, [{ representation: 'vector' }, { representation: 'halfvec' }]).every(
        ({ spec }) => spec.representation === 'halfvec',
      ),
    ).toBe(true);
    expect(() => defaultFamilies(wide, [{ representation: 'vector' }])).toThrow(PgvtuneError);
  });

  it('hold pgvector’s default index beside those that a configuration names', () => {
    const named = [
      {
        spec: { method: 'hnsw', representation: 'vector' as const, parameters: { m: 8, ef_construction: 32 } },
        knobValues: null,
      },
    ];
    expect(namedFamilies(situation, named).map(({ spec }) => spec.parameters['m'])).toEqual([16, 8]);
    const control = [
      {
        spec: { method: 'hnsw', representation: 'vector' as const, parameters: { m: 16, ef_construction: 64 } },
        knobValues: null,
      },
    ];
    expect(namedFamilies(situation, control)).toHaveLength(1);
  });

  it('refuse what pgvector does not allow', () => {
    const named = [
      {
        spec: { method: 'hnsw', representation: 'vector' as const, parameters: { m: 64, ef_construction: 64 } },
        knobValues: null,
      },
    ];
    expect(() => namedFamilies(situation, named)).toThrow(/ef_construction/);
  });
});
