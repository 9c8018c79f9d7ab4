import { describe, expect, it } from 'vitest';
import type { LoadMode, PointRequest } from '../../../src/results/index.js';
import { applyLoads, type LoadPlan } from '../../../src/tune/common/loads.js';
import type { IndexSpec } from '../../../src/vocabulary.js';
import { restarted, throughputFigures, throughputRecord } from '../../support/records.js';
import { answer, requestsOf, syntheticBench } from '../../support/synthetic-bench.js';
import type { SyntheticService } from '../../support/synthetic-load.js';

const SPEC: IndexSpec = { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } };

const PLAN: LoadPlan = {
  concurrency: [],
  connections: 2,
  seconds: 3,
  arrivals: 'poisson',
  ratePerSecond: null,
  objective: null,
};

/** Applies loads to a server whose every query takes a millisecond, or as long as `service` says. */
function apply(plan: Partial<LoadPlan>, service: SyntheticService = { serviceMs: () => 1 }) {
  const bench = syntheticBench({ figures: () => ({ recall: 1, medianMs: 1 }), service: () => service });
  const [built] = bench.reply({ kind: 'build', requests: [{ spec: SPEC, repeat: 0 }] });
  const point: PointRequest = {
    build: built!.key,
    workload: { kind: 'plain', k: 10 },
    settings: { ef_search: 40 },
    from: 50,
    queries: 100,
    purpose: 'confirm',
  };
  const sustainedRates = answer(applyLoads(point, { ...PLAN, ...plan }), bench.reply);
  const requests = requestsOf(bench.asked, 'throughput');
  return { sustainedRates, point, requests, modes: requests.map(({ mode }) => mode) };
}

describe('applyLoads', () => {
  it('asks for nothing that is not planned', () => {
    expect(apply({})).toMatchObject({ sustainedRates: null, modes: [] });
  });

  it('asks for one closed loop a number of clients, with the queries and settings of the point', () => {
    const { sustainedRates, requests, modes, point } = apply({ concurrency: [1, 2, 8] });
    expect(sustainedRates).toBeNull();
    expect(modes).toEqual([1, 2, 8].map((concurrency) => ({ kind: 'closed', concurrency, seconds: 3 })));
    for (const { build, settings, workload, queries, from } of requests)
      expect(point).toMatchObject({ build, settings, workload, queries, from });
  });

  it('measures once more what falls with more clients, although there are processors for all', () => {
    const rates: Readonly<Record<number, number>> = { 1: 1000, 2: 700, 4: 1950 };
    const modes: LoadMode[] = [];
    const closed = (concurrency: number, again = {}): LoadMode => ({
      kind: 'closed',
      concurrency,
      seconds: 3,
      ...again,
    });
    const { point } = apply({});
    answer(applyLoads(point, { ...PLAN, concurrency: [1, 2, 4] }), (ask) => {
      const [request] = requestsOf([ask], 'throughput');
      const { mode } = request!;
      modes.push(mode);
      const value = mode.kind === 'closed' ? rates[mode.concurrency]! : 0;
      const ratePerSecond = { value, low: 0.95 * value, high: 1.05 * value };
      const measured = throughputFigures({ ratePerSecond, cpu: { cores: 8, client: 0.2, server: 1 } });
      return [throughputRecord({ request: request!, measured })];
    });
    const repeats = [closed(1, { repeat: 1 }), closed(2, { repeat: 1 })];
    expect(modes).toEqual([closed(1), closed(2), ...repeats, closed(4)]);
  });

  it.each(['poisson', 'constant'] as const)(
    'offers a rate with %s arrivals, long enough to see its p99',
    (arrivals) => {
      const { sustainedRates, modes } = apply({ arrivals, ratePerSecond: 100 });
      expect(sustainedRates).toBeNull();
      // Twice the 368 samples that a p99 takes.
      expect(modes).toEqual([{ kind: 'open', arrivals, ratePerSecond: 100, connections: 2, seconds: 8 }]);
    },
  );

  it('says of a rate whether it holds a bound', () => {
    const objective = { quantile: 0.99, ms: 50 };
    expect(apply({ ratePerSecond: 100, objective }).sustainedRates).toMatchObject({ verdict: 'held', next: null });
    const slow = apply({ ratePerSecond: 100, objective }, { serviceMs: () => 60 });
    expect(slow.sustainedRates).toMatchObject({ verdict: 'missed', objective });
  });

  it('looks for the highest rate that holds a bound, beginning below what a closed loop gets', () => {
    const { sustainedRates, modes } = apply({ objective: { quantile: 0.99, ms: 10 } });
    expect(modes.slice(0, 2)).toMatchObject([
      { kind: 'closed', concurrency: 1 },
      { kind: 'closed', concurrency: 2 },
    ]);
    // Two connections of 1,000 a second each.
    expect(modes[2]).toMatchObject({ kind: 'open', ratePerSecond: 1400 });
    expect(sustainedRates?.verdict).toBe('held');
    expect(sustainedRates?.next).not.toBeNull();
  });

  it('looks for no rate where a client that is alone misses the bound', () => {
    const { sustainedRates, modes } = apply({ objective: { quantile: 0.99, ms: 0.9 } });
    expect(modes).toEqual([{ kind: 'closed', concurrency: 1, seconds: 3 }]);
    expect(sustainedRates).toMatchObject({ verdict: 'missed', next: null });
  });

  it('says so when a load proves nothing', () => {
    const lost = { serviceMs: () => 1, voidBecause: restarted };
    const { sustainedRates, modes } = apply({ objective: { quantile: 0.99, ms: 10 } }, lost);
    expect(modes).toHaveLength(1);
    expect(sustainedRates?.verdict).toBe('void');
  });
});
