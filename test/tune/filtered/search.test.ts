import { querySet } from '../../../src/query-set.js';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../src/filter.js';
import type { PointRequest, TuneAnswer } from '../../../src/results/index.js';
import { findings as recordedFindings } from '../../../src/results/index.js';
import { type FilteredSpace, tuneFiltered, tuneWorkloads } from '../../../src/tune/index.js';
import { type FilteredCase, filteredStrategies } from '../../../src/workloads/index.js';
import { tableScanned } from '../../support/records.js';
import { spaceFor, targetFor } from '../../support/spaces.js';
import { answer, requestsOf, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';
import { timedBench } from '../../support/timed-bench.js';
import { hnsw, ivfflat } from '../../support/running-bench.js';

const ROWS = 100_000;
const QUERIES = 200;

function caseOf(selectivity: number, correlation: number | null): FilteredCase {
  const draw = { selectivity, correlation: correlation ?? 0 };
  const filter: Filter = { column: 'status', op: '=', value: { draw } };
  const drawn: Filter = { column: 'status', op: '=', value: `of ${selectivity}` };
  return {
    workload: 0,
    name: `${selectivity}`,
    filter,
    join: null,
    cell: correlation === null ? null : { selectivity, correlation },
    question: {
      k: 10,
      metric: 'cosine',
      queries: querySet({ rows: QUERIES, dimensions: 2, values: new Float32Array(2 * QUERIES) }),
      matching: {
        filters: [drawn],
        ofQuery: new Int32Array(QUERIES),
        matches: [selectivity * ROWS],
        rows: ROWS,
        orphans: 0,
      },
      columns: [{ name: 'status', type: 'text' }],
      join: null,
      pgvector: '0.8.0',
      exactBelowRows: 1000,
    },
    measure: {
      selectivity,
      min: selectivity,
      max: selectivity,
      nearShare: selectivity,
      correlation: correlation ?? 0,
      median: 0,
      middleHalf: [-0.1, 0.1],
      queries: QUERIES,
    },
    shortfalls: [],
  };
}

const space = (options: Partial<FilteredSpace> = {}): FilteredSpace => ({
  cases: [0.5, 0.1, 0.01, 0.001].map((selectivity) => caseOf(selectivity, 0)),
  strategies: filteredStrategies.map(({ name }) => name),
  seldom: [],
  specs: [hnsw(), ivfflat(100)],
  target: targetFor({ recall: 0.95 }),
  k: 10,
  rows: ROWS,
  samples: QUERIES,
  ...options,
});

const selectivityOf = ({ workload }: PointRequest): number => {
  if (workload.kind !== 'filtered' || !('op' in workload.filter) || workload.filter.op !== '=') throw new TypeError();
  const { value } = workload.filter;
  const draw = typeof value === 'object' ? value.draw : 'own';
  return typeof draw === 'object' && 'selectivity' in draw ? draw.selectivity : Number.NaN;
};

const describeRequest = (request: PointRequest): string =>
  request.workload.kind === 'filtered' ? `${request.workload.strategy} ${selectivityOf(request)}` : '';

/** Exact sorting costs a microsecond a matching row; a graph is searched until it has found k of them. */
const costs: SyntheticServer = {
  figures(spec, _knob, request) {
    const { workload, settings } = request;
    if (workload.kind !== 'filtered') throw new TypeError(workload.kind);
    const s = selectivityOf(request);
    const knob = Number(settings['ef_search'] ?? settings['probes'] ?? 0);
    const slowness = spec.method === 'ivfflat' ? 4 : 1;
    const recall = 1 - 1 / (1 + knob);
    switch (workload.strategy) {
      case 'exact-scan':
        return { recall: 1, medianMs: 100 };
      case 'pre-filter':
        return { recall: 1, medianMs: 0.1 + s * ROWS * 0.001 };
      case 'denormalised-pre-filter':
        return { recall: 1, medianMs: 0.05 + s * ROWS * 0.001 };
      case 'post-filter':
        return { recall: Math.min(recall, (knob * s) / 10), medianMs: (slowness * knob) / 40 };
      case 'iterative-relaxed':
        return { recall, medianMs: (slowness * Math.max(knob, 10 / s)) / 40 };
      case 'iterative-strict':
        return { recall: 0.9 * recall, medianMs: (slowness * Math.max(knob, 10 / s)) / 40 };
      default:
        return { recall, medianMs: 0.05 + knob / 20 };
    }
  },
};

/** Pages go with the time. */
const server: SyntheticServer = {
  figures(...asked) {
    const figures = costs.figures(...asked);
    return { ...figures, buffers: 1000 * figures.medianMs };
  },
};

const onOneIndex = ['exact-scan', 'pre-filter', 'post-filter', 'iterative-relaxed', 'iterative-strict'];

describe('the search for filtered queries', () => {
  it('finds the cheapest strategy of every filter, and where it changes', () => {
    const bench = syntheticBench(server);
    const found = answer(tuneFiltered(space({ strategies: onOneIndex })), bench.reply);
    expect(found.filters.map(({ options, best }) => options[best!]!.strategy)).toEqual([
      'iterative-relaxed',
      'iterative-relaxed',
      'pre-filter',
      'pre-filter',
    ]);
    expect(found.crossovers).toMatchObject([
      { correlation: 0, kind: 'cost', below: { strategy: 'pre-filter', method: 'none' } },
    ]);
    // 0.1 + 100 s = 0.25 / s at about 5 % of the rows.
    const { value, low, high } = found.crossovers[0]!.selectivity;
    expect(value).toBeCloseTo(0.0495, 3);
    // All arms that are made up have the same noise, so that nothing is uncertain.
    expect(low).toBeCloseTo(value, 9);
    expect(high).toBeCloseTo(value, 9);
    // Both were measured side by side at the places next to the change.
    const compared = bench.asked.flatMap((ask) =>
      ask.kind === 'point' && ask.requests[0]!.purpose === 'confirm' ? [ask.requests.map(describeRequest)] : [],
    );
    for (const selectivity of [0.1, 0.01]) {
      const both = ['pre-filter', 'iterative-relaxed'].map((strategy) => `${strategy} ${selectivity}`);
      expect(compared.some((points) => both.every((point) => points.includes(point)))).toBe(true);
    }
  });

  it('is not misled by a bad moment: what touches few pages is looked at on', () => {
    const busy: SyntheticServer = {
      figures(...asked) {
        const figures = server.figures(...asked);
        const { workload, purpose } = asked[2];
        const isSlow =
          workload.kind === 'filtered' && workload.strategy === 'iterative-relaxed' && purpose === 'search';
        return isSlow ? { ...figures, medianMs: 9 * figures.medianMs } : figures;
      },
    };
    const found = answer(
      tuneFiltered(space({ strategies: ['partial-index', 'iterative-relaxed'], specs: [hnsw()] })),
      syntheticBench(busy).reply,
    );
    const { options, best } = found.filters[0]!;
    expect(options.map(({ strategy, outcome }) => [strategy, outcome])).toEqual([
      ['partial-index', 'reaches'],
      ['iterative-relaxed', 'reaches'],
    ]);
    expect(options[best!]!.strategy).toBe('iterative-relaxed');
  });

  it('copies no table for what may just as well be had without', () => {
    const alike: SyntheticServer = {
      figures: (...asked) => ({ ...server.figures(...asked), medianMs: partitions(asked[2]) ? 0.99 : 1 }),
    };
    const partitions = ({ workload }: PointRequest): boolean =>
      workload.kind === 'filtered' && workload.strategy === 'list-partitions';
    const strategies = ['partial-index', 'list-partitions'];
    const [found] = answer(tuneFiltered(space({ strategies, specs: [hnsw()] })), syntheticBench(alike).reply).filters;
    expect(found!.options[found!.best!]!.strategy).toBe('partial-index');
    expect(found!.rivals.map((i) => found!.options[i]!.strategy)).toEqual(['list-partitions']);
  });

  it('copies least of what may be as cheap: nothing before columns, columns before the table', () => {
    const ms: Readonly<Record<string, number>> = {
      'list-partitions': 1,
      'denormalised-pre-filter': 1.002,
      'pre-filter': 1.004,
    };
    const figures: SyntheticServer['figures'] = (_spec, _knob, { workload }) => ({
      recall: 1,
      medianMs: workload.kind === 'filtered' ? ms[workload.strategy]! : 1,
    });
    const join = { table: 'documents', key: 'document', columns: ['status', 'owner'] };
    const alone = caseOf(0.01, null);
    const columns = ['document', 'owner', 'status'].map((name) => ({ name, type: 'text' as const }));
    const asked = { ...alone, join, question: { ...alone.question, join, columns } };
    const bestOf = (strategies: readonly string[]) => {
      const cases = [strategies.includes('denormalised-pre-filter') ? asked : alone];
      const [found] = answer(
        tuneFiltered(space({ cases, strategies, specs: [hnsw()] })),
        syntheticBench({ figures }).reply,
      ).filters;
      return found!.options[found!.best!]!.strategy;
    };
    expect(bestOf(['list-partitions', 'denormalised-pre-filter', 'pre-filter'])).toBe('pre-filter');
    expect(bestOf(['denormalised-pre-filter', 'pre-filter'])).toBe('pre-filter');
    expect(bestOf(['list-partitions', 'pre-filter'])).toBe('pre-filter');
  });

  it('says that a cell may flip where work of others was seen', () => {
    const strategies = ['pre-filter', 'iterative-relaxed'];
    const inCell = (findings: SyntheticServer['findings']) => {
      const figures: SyntheticServer['figures'] = (_spec, _knob, { workload }) => {
        const isPreFilter = workload.kind === 'filtered' && workload.strategy === 'pre-filter';
        return { recall: 1, medianMs: isPreFilter ? 1 : 1.3 };
      };
      const bench = syntheticBench({ figures, ...(findings ? { findings } : {}) });
      return answer(tuneFiltered(space({ strategies, specs: [hnsw()] })), bench.reply).filters[0]!;
    };
    expect(inCell(undefined)).toMatchObject({ rivals: [], undecided: [] });
    expect(inCell(undefined).loadMargin).toBeUndefined();
    const loaded = inCell([recordedFindings.busyMachine.of({ share: 0.4, idleShare: 0.02 })]);
    expect(loaded.options[loaded.best!]!.strategy).toBe('pre-filter');
    expect(loaded.undecided!.map((i) => loaded.options[i]!.strategy)).toEqual(['iterative-relaxed']);
    expect(loaded.rivals).toEqual(loaded.undecided);
    expect(loaded.loadMargin).toBeGreaterThan(0);
  });

  it('takes no copy of the table while what needs none may be as cheap', () => {
    const figures: SyntheticServer['figures'] = (_spec, _knob, { workload }) => {
      const isCopy = workload.kind === 'filtered' && workload.strategy === 'list-partitions';
      return { recall: 1, medianMs: isCopy ? 1 : 1.3 };
    };
    const strategies = ['pre-filter', 'list-partitions'];
    const bestBeside = (findings: NonNullable<SyntheticServer['findings']>) => {
      const bench = syntheticBench({ figures, findings });
      const [found] = answer(tuneFiltered(space({ strategies, specs: [hnsw()] })), bench.reply).filters;
      return found!.options[found!.best!]!.strategy;
    };
    expect(bestBeside([])).toBe('list-partitions');
    expect(bestBeside([recordedFindings.busyMachine.of({ share: 0.4, idleShare: 0.02 })])).toBe('pre-filter');
  });

  it('does not give up an index that touches a quarter of the pages for a moment in which it was slower', () => {
    const figures: SyntheticServer['figures'] = (spec, _knob, { purpose, settings }) => {
      const knob = Number(settings['probes'] ?? settings['ef_search']);
      const isLists = spec.method === 'ivfflat';
      // At first its recall is short, and it seems to take 1.6 times as long.
      const medianMs = isLists ? (purpose === 'search' ? 1.6 : 0.7) : 1;
      return { recall: isLists ? 1 - 1 / (1 + knob) : 0.99, medianMs, buffers: isLists ? 100 : 400 };
    };
    const strategies = ['exact-scan', 'iterative-relaxed'];
    const slowScan: SyntheticServer = {
      figures: (...asked) => {
        const { workload } = asked[2];
        const isScan = workload.kind === 'filtered' && workload.strategy === 'exact-scan';
        return isScan ? { recall: 1, medianMs: 100, buffers: 9000 } : figures(...asked);
      },
    };
    const [found] = answer(tuneFiltered(space({ strategies })), syntheticBench(slowScan).reply).filters;
    expect(found!.options[found!.best!]).toMatchObject({ spec: { method: 'ivfflat' }, outcome: 'reaches' });
  });

  it('takes what is exact by its plan, though sums in float32 prefer another row that is as near', () => {
    const rounded: SyntheticServer = {
      figures(spec, knob, request) {
        const figures = server.figures(spec, knob, request);
        const isExact =
          request.workload.kind === 'filtered' && /^(exact-scan|pre-filter)$/.test(request.workload.strategy);
        return isExact ? { ...figures, recall: 0.998 } : figures;
      },
    };
    const [filter] = answer(
      tuneFiltered(space({ cases: [caseOf(0.001, null)], strategies: ['exact-scan', 'pre-filter'] })),
      syntheticBench(rounded).reply,
    ).filters;
    expect(filter!.options.map(({ outcome }) => outcome)).toEqual(['reaches', 'reaches']);
    expect(filter!.options[filter!.best!]?.strategy).toBe('pre-filter');
  });

  it('lets pages decide where times cannot', () => {
    const alike: SyntheticServer = {
      figures(...asked) {
        const { workload } = asked[2];
        const isPreFilter = workload.kind === 'filtered' && workload.strategy === 'pre-filter';
        return { ...server.figures(...asked), medianMs: isPreFilter ? 1 : 0.99, buffers: isPreFilter ? 60 : 400 };
      },
    };
    const strategies = ['pre-filter', 'partial-index'];
    const [found] = answer(tuneFiltered(space({ strategies, specs: [hnsw()] })), syntheticBench(alike).reply).filters;
    expect(found!.options[found!.best!]!.strategy).toBe('pre-filter');
    expect(found!.rivals.map((i) => found!.options[i]!.strategy)).toEqual(['partial-index']);
  });

  it('honours every bound of the target, over all indexes of a strategy', () => {
    const strategies = ['exact-scan', 'iterative-relaxed'];
    const targets = [targetFor({ indexBytes: 500 }), targetFor({ buildSeconds: 0.5 }), targetFor({ p95Ms: 1 })];
    for (const target of targets) {
      const [found] = answer(
        tuneFiltered(space({ strategies, specs: [hnsw()], target })),
        syntheticBench({ figures: () => ({ recall: 1, medianMs: 2 }) }).reply,
      ).filters;
      const indexed = found!.options.find(({ strategy }) => strategy === 'iterative-relaxed');
      expect(indexed).toMatchObject({ outcome: 'misses', why: { code: 'bounds-unmet' } });
      const isForTime = target.p95Ms !== undefined;
      expect(found!.best === null ? null : found!.options[found!.best]!.strategy).toBe(isForTime ? null : 'exact-scan');
    }
  });

  it('ranks by the goal of the target', () => {
    const alike: SyntheticServer = {
      figures: (_spec, _knob, { workload }) => {
        const isScan = workload.kind === 'filtered' && workload.strategy === 'exact-scan';
        return { recall: 1, medianMs: isScan ? 2 : 1, buffers: isScan ? 50 : 500 };
      },
    };
    const bestBy = (minimise: 'p95' | 'buffers' | 'index_bytes') => {
      const target = targetFor({ minimise });
      const strategies = ['exact-scan', 'iterative-relaxed'];
      const [found] = answer(
        tuneFiltered(space({ strategies, specs: [hnsw()], target })),
        syntheticBench(alike).reply,
      ).filters;
      return [found!.rankedBy, found!.options[found!.best!]!.strategy];
    };
    expect(bestBy('p95')).toEqual(['p95', 'iterative-relaxed']);
    expect(bestBy('buffers')).toEqual(['buffers', 'exact-scan']);
    expect(bestBy('index_bytes')).toEqual(['index_bytes', 'exact-scan']);
  });

  it('takes the least settings that are shown to reach the target', () => {
    const found = answer(tuneFiltered(space()), syntheticBench(server).reply);
    const option = found.filters[0]!.options.find(({ strategy }) => strategy === 'iterative-relaxed')!;
    // 1 − 1/21 is no more than 0.9476 for sure; 1 − 1/41 is more than 0.97.
    expect(option).toMatchObject({ outcome: 'reaches', settings: { iterative_scan: 'relaxed_order', ef_search: 40 } });
    const partial = found.filters[0]!.options.find(({ strategy }) => strategy === 'partial-index')!;
    expect(partial).toMatchObject({ outcome: 'reaches', settings: { ef_search: 40 } });
  });

  it('tells what a user has who sets nothing, and why the others miss', () => {
    const bench = syntheticBench(server);
    const found = answer(tuneFiltered(space()), bench.reply);
    const { options, today } = found.filters[1]!;
    const asked = requestsOf(bench.asked, 'point');
    expect(today).not.toBeNull();
    expect(
      asked.find(({ workload }) => workload.kind === 'filtered' && workload.strategy === 'post-filter'),
    ).toMatchObject({ settings: { ef_search: 40, iterative_scan: 'off' } });
    const strict = options.find(({ strategy }) => strategy === 'iterative-strict')!;
    expect(strict).toMatchObject({ outcome: 'misses', why: { code: 'recall-missed' } });
    expect(strict.why).toMatchObject({ data: { recall: expect.closeTo(0.85, 1) } });
  });

  it('measures what competes side by side, and leaves the rest alone', () => {
    const bench = syntheticBench(server);
    answer(tuneFiltered(space()), bench.reply);
    const finals = bench.asked.flatMap((ask) =>
      ask.kind === 'point' && ask.requests[0]?.purpose === 'confirm' ? [ask.requests] : [],
    );
    // One of each filter, and two at the places next to each change.
    expect(finals).toHaveLength(6);
    for (const points of finals) {
      const names = points.map(({ workload }) => (workload.kind === 'filtered' ? workload.strategy : ''));
      expect(names).not.toContain('exact-scan');
      expect(new Set(points.map(({ queries, samples }) => `${queries} ${samples}`))).toEqual(new Set(['200 200']));
    }
    // Some ten points a filter, not a grid of all settings.
    expect(bench.count('point')).toBeLessThan(4 * 40);
  });

  it('builds an index for all filters once, and gives those of one filter back', () => {
    const bench = syntheticBench(server);
    answer(tuneFiltered(space()), bench.reply);
    const built = requestsOf(bench.asked, 'build').map((request) => JSON.stringify(request));
    expect(new Set(built).size).toBe(built.length);
    const placed = built.filter((build) => build.includes('placement'));
    expect(placed.length).toBeGreaterThan(0);
    // Those that are the best of a filter stay, for what they add to an INSERT is asked last.
    const released = bench.asked.filter(({ kind }) => kind === 'release').length;
    expect(released).toBeGreaterThan(0);
    expect(released).toBeLessThan(placed.length);
  });

  it('asks the same again when it is answered the same', () => {
    const [first, second] = [syntheticBench(server), syntheticBench(server)];
    expect(answer(tuneFiltered(space()), first.reply)).toEqual(answer(tuneFiltered(space()), second.reply));
    expect(first.asked).toEqual(second.asked);
  });

  it('recommends no plan that the server does not choose, and says when it should', () => {
    const refusing: SyntheticServer = {
      figures(spec, knob, request, repeat) {
        const { workload } = request;
        const refuses = workload.kind === 'filtered' && workload.strategy === 'iterative-relaxed' && !workload.forced;
        const figures = server.figures(spec, knob, request, repeat);
        return refuses ? { ...figures, voidBecause: tableScanned } : figures;
      },
    };
    const found = answer(
      tuneFiltered(space({ strategies: ['exact-scan', 'iterative-relaxed'], specs: [hnsw()] })),
      syntheticBench(refusing).reply,
    );
    const { options, best } = found.filters[0]!;
    expect(options[best!]!.strategy).toBe('exact-scan');
    expect(options.find(({ strategy }) => strategy === 'iterative-relaxed')).toMatchObject({
      outcome: 'another plan',
      why: tableScanned,
      settings: { ef_search: 40 },
      point: expect.any(String),
    });
  });

  it('takes the index at settings at which the planner comes back to it', () => {
    const returning: SyntheticServer = {
      figures(...asked) {
        const [, , { workload, settings }] = asked;
        const isOther =
          workload.kind === 'filtered' &&
          workload.strategy === 'iterative-relaxed' &&
          [40, 80].includes(Number(settings['ef_search']));
        const figures = server.figures(...asked);
        return isOther ? { ...figures, voidBecause: tableScanned } : figures;
      },
    };
    const found = answer(
      tuneFiltered(space({ strategies: ['exact-scan', 'iterative-relaxed'], specs: [hnsw()] })),
      syntheticBench(returning).reply,
    );
    const { options, best } = found.filters[0]!;
    expect(options[best!]!).toMatchObject({
      strategy: 'iterative-relaxed',
      outcome: 'reaches',
      why: null,
      settings: { ef_search: 160 },
    });
  });
});

describe('filtered queries within a budget', () => {
  const slow: SyntheticServer = {
    ...server,
    buildSeconds: ({ method }, rows = ROWS) => ((method === 'ivfflat' ? 5 : 60) * rows) / ROWS,
  };
  const run = (budgetSeconds: number | null) => {
    const filtered = [space(), space({ cases: [0.3, 0.05, 0.02, 0.005].map((share) => caseOf(share, 0)) })];
    const bench = timedBench(syntheticBench(slow).reply);
    const found = answer(
      tuneWorkloads({ target: targetFor(), plain: null, filtered, hybrid: [], budgetSeconds }),
      bench.reply,
    );
    return { found, spent: bench.spentSeconds() };
  };
  const codesOf = ({ budget }: TuneAnswer) => new Set(budget?.omissions.map(({ code }) => code));

  it.each([120, 300, 600])('find a confirmed answer for every filter in %d s', (seconds) => {
    const { found, spent } = run(seconds);
    const filters = found.filtered!.flatMap((one) => one.filters);
    expect(filters).toHaveLength(8);
    for (const { best } of filters) expect(best).not.toBeNull();
    expect(spent).toBeLessThan(1.2 * seconds);
    expect(codesOf(found)).toContain('filter-strategies');
    expect(found.budget?.spentSeconds).toBe(spent);
  });

  it('name each strategy that there was no time for', () => {
    const { found } = run(120);
    const omitted = found.budget!.omissions.flatMap((one) => (one.code === 'filter-strategies' ? [one.data] : []));
    const filters = found.filtered!.flatMap((one) => one.filters);
    for (const { name, strategies } of omitted) {
      const { options } = filters.find((filter) => filter.name === name)!;
      for (const { strategy, method } of strategies) {
        expect(options.map((option) => `${option.strategy} ${option.spec.method}`)).not.toContain(
          `${strategy} ${method}`,
        );
      }
    }
  });

  it('find the same as without, where there is time enough', () => {
    const { budget, ...found } = run(1e6).found;
    expect(budget?.omissions).toEqual([]);
    expect(found).toEqual(run(null).found);
  });
});

describe('plain and filtered queries together', () => {
  const best = hnsw(16, 128);
  const plain = spaceFor({
    families: [hnsw(), best].map((spec) => ({ spec, knobValues: null })),
    rows: ROWS,
    dimensions: 2,
    queries: 1000,
  });
  const both: SyntheticServer = {
    figures(spec, knob, request, repeat) {
      if (request.workload.kind === 'filtered') return server.figures(spec, knob, request, repeat);
      if (spec.method === 'none') return { recall: 1, medianMs: 100 };
      const price = spec.parameters['ef_construction'] === 128 ? 1 : 2;
      return { recall: 1 - 1 / (1 + knob), medianMs: (price * knob) / 100, buffers: 10 * price * knob };
    },
  };
  const run = (strategies: readonly string[]) => {
    const cases = [caseOf(0.5, 0), caseOf(0.001, 0)];
    const filtered = [space({ cases, strategies, specs: [hnsw()] })];
    const bench = syntheticBench(both);
    const found = answer(
      tuneWorkloads({ target: targetFor(), plain, filtered, hybrid: [], budgetSeconds: null }),
      bench.reply,
    );
    return { found, specs: found.filtered![0]!.filters[0]!.options.map(({ spec }) => spec), asked: bench.asked };
  };

  it('tries filters on the index of plain queries', () => {
    const { found, specs } = run(onOneIndex);
    expect(found.recommendation?.spec).toEqual(best);
    expect(specs).toContainEqual(best);
    expect(specs).not.toContainEqual(hnsw());
  });

  it('measures the cost of writes after every search: rows that are rolled back leave dead rows', () => {
    const kinds = run(onOneIndex).asked.map(({ kind }) => kind);
    const first = kinds.indexOf('writes');
    expect(first).toBeGreaterThan(0);
    expect(kinds.slice(first).filter((kind) => kind !== 'writes')).toEqual([]);
  });
});
