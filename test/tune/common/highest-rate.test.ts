import { describe, expect, it } from 'vitest';
import type {
  Ask,
  Estimate,
  LoadMode,
  Reply,
  ThroughputRecord,
  ThroughputRequest,
} from '../../../src/results/index.js';
import { checkRate, highestRate, judgeLoad, type RateOptions } from '../../../src/tune/common/highest-rate.js';
import { restarted, throughputFigures, throughputRecord } from '../../support/records.js';
import { answer, requestsOf } from '../../support/synthetic-bench.js';
import { exponential, syntheticLoad, type SyntheticService } from '../../support/synthetic-load.js';

const request = (mode: LoadMode): ThroughputRequest => ({
  build: 'b',
  workload: { kind: 'plain', k: 10 },
  settings: {},
  queries: 100,
  mode,
});

const options = (ms: number, quantile = 0.99): RateOptions => ({
  objective: { quantile, ms },
  seconds: 3,
  request: (ratePerSecond, seconds) =>
    request({ kind: 'open', arrivals: 'poisson', ratePerSecond, connections: 1, seconds }),
});

/** Replies with what the queue does, and remembers it. */
function bearing(service: (rate: number) => SyntheticService, seed = 1) {
  const records: ThroughputRecord[] = [];
  const reply = (ask: Ask): Reply => {
    const [request] = requestsOf([ask], 'throughput');
    if (request?.mode.kind !== 'open') throw new TypeError(ask.kind);
    const record = syntheticLoad(request, service(request.mode.ratePerSecond), seed);
    records.push(record);
    return [record];
  };
  const rateOf = (key: string | null): number => {
    const mode = records.find((record) => record.key === key)?.request.mode;
    return mode?.kind === 'open' ? mode.ratePerSecond : Number.NaN;
  };
  return { reply, records, rateOf };
}

/** Replies as long as the windows so far are within the bound, and one more: a search without one would not end here either. */
function inFiveMinutes({ reply, records }: Pick<ReturnType<typeof bearing>, 'reply' | 'records'>) {
  return (ask: Ask): Reply => {
    const seconds = records.reduce((sum, { request: { mode } }) => sum + mode.seconds, 0);
    const [asked] = requestsOf([ask], 'throughput');
    expect(seconds + asked!.mode.seconds).toBeLessThanOrEqual(300 + 60);
    return reply(ask);
  };
}

describe('judgeLoad', () => {
  const open = (ratePerSecond: number, seconds: number) =>
    request({ kind: 'open', arrivals: 'constant', ratePerSecond, connections: 1, seconds });
  const fixed = (ms: number, over: Partial<SyntheticService> = {}): SyntheticService => ({
    serviceMs: () => ms,
    ...over,
  });
  const objective = { quantile: 0.99, ms: 5 };

  it.each<[string, ThroughputRequest, SyntheticService, string]>([
    ['latency within the bound holds', open(100, 5), fixed(4), 'held'],
    ['latency on the bound holds', open(100, 5), fixed(5), 'held'],
    ['latency beyond the bound misses', open(100, 5), fixed(5.01), 'missed'],
    ['a rate that is not delivered misses', open(1000, 5), fixed(4), 'missed'],
    ['queries too few for the quantile decide nothing', open(100, 3), fixed(4), 'inconclusive'],
    ['more errors than the quantile leaves out miss', open(100, 5), fixed(4, { refuses: 0.02 }), 'missed'],
    ['fewer errors decide nothing', open(100, 5), fixed(4, { refuses: 0.005 }), 'inconclusive'],
    ['what proves nothing decides nothing', open(100, 5), fixed(4, { voidBecause: restarted }), 'void'],
  ])('%s', (_, asked, service, judgement) => {
    expect(judgeLoad(syntheticLoad(asked, service), objective)).toBe(judgement);
  });

  it('wants the whole interval within the bound', () => {
    const record = syntheticLoad(open(1000, 5), { serviceMs: exponential(0.5) });
    const { low, value, high } = record.measured!.latencyMs.quantiles.find(({ p }) => p === 0.99)!.estimate!;
    const at = (ms: number) => judgeLoad(record, { quantile: 0.99, ms });
    expect(low!).toBeLessThan(value);
    expect([at(high!), at(value), at(low!), at(low! * 0.99)]).toEqual([
      'held',
      'inconclusive',
      'inconclusive',
      'missed',
    ]);
  });
});

describe('highestRate', () => {
  /*
   * In the M/M/1 queue with service rate μ the time in the system is exponential with rate μ − λ (Kleinrock, Queueing
   * Systems, vol. 1, § 3.2). So p90 ≤ T holds up to λ = μ − ln 10 / T.
   */
  const MEAN_MS = 2;
  const BOUND_MS = 12;
  const TRUE_RATE = 1000 * (1 / MEAN_MS - Math.log(10) / BOUND_MS);

  it('finds the rate at which a noisy queue still holds the bound, from above and from below', () => {
    const found: number[] = [];
    for (let seed = 0; seed < 16; seed++) {
      const { reply, rateOf } = bearing(() => ({ serviceMs: exponential(MEAN_MS) }), seed);
      const first = seed % 2 === 0 ? 480 : 60;
      const { verdict, record, next } = answer(highestRate(options(BOUND_MS, 0.9), first), reply);
      expect(verdict, `seed ${seed}`).toBe('held');
      expect(rateOf(next) / rateOf(record), `seed ${seed}`).toBeLessThanOrEqual(1.06);
      found.push(rateOf(record) / TRUE_RATE);
    }
    const sorted = found.toSorted((a, b) => a - b);
    expect(sorted[8]).toBeGreaterThan(0.75);
    expect(sorted[0]).toBeGreaterThan(0.5);
    // What is said to hold does hold, but for the few that an interval of 95 % may get wrong, and then not by much.
    expect(found.filter((share) => share > 1).length).toBeLessThanOrEqual(2);
    expect(sorted.at(-1)).toBeLessThan(1.1);
  });

  it('finds the edge of a queue without noise, in few windows', () => {
    const bear = (edge: number) => bearing((rate) => ({ serviceMs: () => (rate <= edge ? 0.1 : 40) }));
    for (const edge of [20, 77, 300, 900]) {
      const { reply, records, rateOf } = bear(edge);
      const { verdict, record, next } = answer(highestRate(options(25), 200), reply);
      expect(verdict).toBe('held');
      expect(rateOf(record)).toBeLessThanOrEqual(edge);
      expect(rateOf(next)).toBeGreaterThan(edge);
      expect(rateOf(record)).toBeGreaterThan(edge / 1.07);
      expect(records.length).toBeLessThan(16);
    }
  });

  it('gives up where no rate holds, before windows last for ever', () => {
    const { reply, records, rateOf } = bearing(() => ({ serviceMs: () => 40 }));
    const { verdict, record, next } = answer(highestRate(options(25), 500), reply);
    expect({ verdict, next }).toEqual({ verdict: 'missed', next: null });
    expect(rateOf(record)).toBe(Math.min(...records.map(({ key }) => rateOf(key))));
    // The last windows are long enough to see the quantile.
    const { mode } = records.at(-1)!.request;
    expect(mode.seconds).toBeLessThanOrEqual(60);
    expect(mode.seconds * rateOf(record)).toBeGreaterThan(2 * 368 - 1);
  });

  it('ends where latency no longer falls with the rate, and says what is refuted and what undecided', () => {
    // As on a busy machine: the p99 of a query that has the server for itself is about the bound, and no rate decides it.
    const p99 = (rate: number): Estimate =>
      rate > 1500
        ? { value: 400, low: 350, high: 450 }
        : rate > 1000
          ? { value: 24, low: 21.6, high: 27 }
          : { value: 19.5, low: 17, high: 22 };
    const records: ThroughputRecord[] = [];
    const rateOf = ({ request: { mode } }: ThroughputRecord): number => (mode.kind === 'open' ? mode.ratePerSecond : 0);
    const reply = (ask: Ask): Reply => {
      const [asked] = requestsOf([ask], 'throughput');
      const quantiles = [{ p: 0.99, estimate: p99(rateOf({ request: asked! } as ThroughputRecord)), needs: 0 }];
      const figures = throughputFigures({});
      const measured = { ...figures, latencyMs: { ...figures.latencyMs, quantiles } };
      records.push(throughputRecord({ key: `${records.length}`, request: asked!, measured }));
      return records.slice(-1);
    };
    const { verdict, record, next, refuted } = answer(highestRate(options(20), 1590), reply);
    const rateOfKey = (key: string | null | undefined) => rateOf(records.find((one) => one.key === key)!);
    expect({ verdict, next }).toEqual({ verdict: 'inconclusive', next: null });
    expect({ refuted: rateOfKey(refuted), undecided: rateOfKey(record) }).toEqual({ refuted: 1060, undecided: 707 });
    // Not down to 18 a second.
    expect(Math.min(...records.map(rateOf))).toBe(314);
  });

  it('puts no more than five minutes of load on a server', () => {
    for (const meanMs of [1, 5, 20]) {
      for (const [bound, quantile] of [
        [2, 0.99],
        [20, 0.999],
        [100, 0.99],
      ] as const) {
        const { reply, records } = bearing(() => ({ serviceMs: exponential(meanMs), refuses: 0.0004 }));
        answer(highestRate(options(bound, quantile), 300), inFiveMinutes({ reply, records }));
      }
    }
  });

  it('puts no more on one that holds whatever it is given', () => {
    const { reply, records } = bearing(() => ({ serviceMs: () => 0.001 }));
    const long = { ...options(25, 0.95), seconds: 50 };
    const found = answer(highestRate(long, 10), inFiveMinutes({ reply, records }));
    expect(found).toMatchObject({ verdict: 'held', next: null });
  });

  it('ends where it can prove nothing, and keeps what held before', () => {
    const lost = bearing(() => ({ serviceMs: () => 1, voidBecause: restarted }));
    expect(answer(highestRate(options(25), 500), lost.reply)).toMatchObject({ verdict: 'void', next: null });
    expect(lost.records).toHaveLength(1);
  });

  it('looks longer, once, where a window decides nothing', () => {
    const { reply, records } = bearing(() => ({ serviceMs: exponential(1), refuses: 0.001 }));
    answer(checkRate(options(25), 300), reply);
    expect(records.map(({ request: { mode } }) => mode.seconds)).toEqual([3, 12]);
  });

  it('says of one rate whether it holds', () => {
    const { reply } = bearing((rate) => ({ serviceMs: () => (rate <= 300 ? 1 : 40) }));
    expect(answer(checkRate(options(25), 300), reply)).toMatchObject({ verdict: 'held', next: null });
    expect(answer(checkRate(options(25), 301), reply)).toMatchObject({ verdict: 'missed', next: null });
  });
});
