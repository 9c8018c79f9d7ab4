import { describe, expect, it } from 'vitest';
import {
  estimateRate,
  type LoadEvidence,
  summariseLoadLatency,
  summariseSchedule,
  throughputFindings,
  whyUndelivered,
} from '../../../src/analysis/index.js';
import { createRandom } from '../../../src/random.js';
import { textOf, textsIn } from '../../../src/reports/index.js';
import { findings, type Reason } from '../../../src/results/index.js';
import { arrivalTimes } from '../../../src/workloads/index.js';
import { clusteredLatency } from '../clustered-latency.js';

/** A queue with one connection: when each request started and ended, and whether it had to wait. */
function serve(dueMs: Float64Array, serviceMs: (request: number) => number, dropMs = Infinity) {
  const startedMs: number[] = [];
  const endedMs: number[] = [];
  const late: number[] = [];
  let free = 0;
  for (const [i, due] of dueMs.entries()) {
    if (free >= dropMs) break;
    late.push(free > due ? 1 : 0);
    const start = Math.max(due, free);
    free = start + serviceMs(i);
    startedMs.push(start);
    endedMs.push(free);
  }
  return { dueMs: dueMs.subarray(0, startedMs.length), startedMs, endedMs, late };
}

const arrivals = (ratePerSecond: number, seconds: number, seed = 1): Float64Array =>
  arrivalTimes({ arrivals: 'poisson', ratePerSecond, seconds, random: createRandom(seed) });

describe('estimateRate', () => {
  it('is what was answered within the window, per second', () => {
    const ended = Array.from({ length: 1000 }, (_, i) => i * 2 + 1);
    const rate = estimateRate([...ended, 2000, 2001, 9000], 2000);
    expect(rate).toEqual({ value: 500, low: 500, high: 500 });
  });

  it('covers the true rate of requests that come at random', () => {
    let covered = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { low, high } = estimateRate(arrivals(400, 2, seed), 2000);
      if (low! <= 400 && 400 <= high!) covered++;
    }
    expect(covered / 400).toBeGreaterThan(0.92);
    expect(covered / 400).toBeLessThan(0.99);
  });

  it('is never below nothing', () => {
    expect(estimateRate([1, 900], 1000).low).toBe(0);
    expect(estimateRate([], 1000)).toMatchObject({ value: 0, low: 0 });
  });
});

describe('latency under load', () => {
  it('counts from when a request was due', () => {
    const due = Float64Array.from({ length: 1000 }, (_, i) => i);
    const { n, quantiles } = summariseLoadLatency(
      serve(due, (i) => (i === 500 ? 100 : 0.5)),
      { queries: 1000 },
    );
    const estimate = (p: number) => quantiles.find((quantile) => quantile.p === p)?.estimate;
    expect(n).toBe(1000);
    // 0.5 but for some two hundred who waited behind one, up to a tenth of a second.
    expect(estimate(0.5)?.value).toBeCloseTo(0.5, 9);
    expect(estimate(0.99)?.value).toBeGreaterThan(90);
    // It was one event: how often it happens, and how long it may take, nobody can tell.
    expect(estimate(0.99)?.high).toBeNull();
  });

  it('has intervals that hold though requests wait for one another', () => {
    // M/M/1: the time in the system is exponential with rate μ − λ (Kleinrock, Queueing Systems, vol. 1, § 3.2).
    const [serviceRate, rate] = [500, 316];
    const p90 = (1000 * Math.log(10)) / (serviceRate - rate);
    const outside = { low: 0, high: 0 };
    const runs = 100;
    for (let seed = 0; seed < runs; seed++) {
      const random = createRandom(`service ${seed}`);
      const served = serve(arrivals(rate, 6, seed), () => (-1000 / serviceRate) * Math.log(1 - random.next()));
      const { low, high } = summariseLoadLatency(served, { queries: Infinity }).quantiles.find(
        ({ p }) => p === 0.9,
      )!.estimate!;
      if (low! > p90) outside.low++;
      if ((high ?? Infinity) < p90) outside.high++;
    }
    expect(outside.low).toBeLessThanOrEqual(0.08 * runs);
    expect(outside.high).toBeLessThanOrEqual(0.08 * runs);
  });

  it('has intervals of independent samples where requests are', () => {
    const random = createRandom('independent');
    const due = Float64Array.from({ length: 4000 }, (_, i) => 10 * i);
    const served = serve(due, () => 1 + random.next());
    const { low, high } = summariseLoadLatency(served, { queries: 4000 }).quantiles.find(
      ({ p }) => p === 0.99,
    )!.estimate!;
    expect(low).toBeGreaterThan(1.98);
    expect(high).toBeLessThan(1.995);
  });
});

describe('clients that cycle through the same queries', () => {
  const { queries, sigma, trueQuantile } = clusteredLatency({ querySigma: 0.3, noiseSigma: 0.1 });

  it.each([
    [133, 8],
    [300, 5],
  ])('have intervals that hold for the population: %d queries, %d times', (count, cycles) => {
    const replicates = 300;
    const above = { low: 0, high: 0 };
    for (let i = 0; i < replicates; i++) {
      const endedMs = queries(createRandom(`cycle ${count} ${i}`), { count, passes: cycles });
      const dueMs = new Float64Array(endedMs.length);
      const { estimate } = summariseLoadLatency(
        { dueMs, startedMs: dueMs, endedMs, late: [] },
        { queries: count },
      ).quantiles.find(({ p }) => p === 0.95)!;
      if (estimate!.low! > trueQuantile(0.95)) above.low++;
      if ((estimate!.high ?? Infinity) < trueQuantile(0.95)) above.high++;
    }
    expect(sigma).toBeCloseTo(Math.hypot(0.3, 0.1), 9);
    // 2.5 % on each side, and what 300 replicates may err.
    expect(above.low / replicates).toBeLessThan(0.05);
    expect(above.high / replicates).toBeLessThan(0.05);
  });
});

describe('a schedule', () => {
  it('is told by who was late, who was dropped, and the lag', () => {
    const due = Float64Array.from({ length: 100 }, (_, i) => i * 10);
    const served = serve(due, (i) => (i === 10 ? 35 : 1));
    expect(summariseSchedule(served, { due: 103, refused: 2 })).toEqual({
      due: 103,
      late: 3,
      dropped: 1,
      lagMs: { p50: 0, p99: 16 },
    });
    expect(
      summariseSchedule(
        serve(new Float64Array(0), () => 1),
        { due: 0, refused: 0 },
      ).lagMs,
    ).toBeNull();
  });

  const verdict = (due: Float64Array, serviceMs: (request: number) => number, ratePerSecond = 500): Reason | null => {
    const served = serve(due, serviceMs, 5500);
    const schedule = summariseSchedule(served, { due: due.length, refused: 0 });
    return whyUndelivered(served, { schedule, windowMs: 5000, ratePerSecond });
  };

  it('that the server cannot keep is no figure: what was dropped says so', () => {
    const reason = verdict(arrivals(500, 5), () => 4);
    expect(reason && textOf(textsIn('en').reasons, reason)).toMatch(
      /^The server cannot serve 500 queries\/s: it answered 249\/s, and 1,\d+ of 2,\d+ queries were never sent\.$/,
    );
  });

  it('that is a little too fast is no figure either: the queue never ends', () => {
    // What remains at the end can be worked off in the time of grace.
    for (const rate of [251, 255, 260, 270]) {
      const due = arrivalTimes({ arrivals: 'constant', ratePerSecond: rate, seconds: 5, random: createRandom(1) });
      const reason = verdict(due, () => 4, rate);
      expect(reason).toMatchObject({ code: 'rate-not-delivered', data: { ratePerSecond: rate, dropped: 0 } });
      const text = reason && textOf(textsIn('en').reasons, reason);
      expect(text).toContain(`cannot serve ${rate} queries/s: it answered 250/s`);
      expect(text).toContain('no query found a free connection');
    }
  });

  it('that the server keeps is a figure, however busy it is', () => {
    for (let seed = 0; seed < 50; seed++)
      expect(
        verdict(arrivals(212, 5, seed), () => 4),
        `seed ${seed}`,
      ).toBeNull();
  });

  it('that is interrupted by a stall is a figure', () => {
    expect(verdict(arrivals(100, 5), (i) => (i === 200 ? 1000 : 2))).toBeNull();
  });
});

describe('findings of a load', () => {
  const evidence = (over: Partial<LoadEvidence> = {}): LoadEvidence => ({
    latencyMs: { n: 1000, mean: 1, quantiles: [{ p: 0.99, estimate: { value: 10, low: 9, high: 11 }, needs: 368 }] },
    errors: {},
    eventLoopUtilisation: [0.2, 0.3],
    cpu: { cores: 2, client: 0.2, server: 1 },
    schedule: null,
    ownLagP99Ms: null,
    ...over,
  });
  const codes = (over: Partial<LoadEvidence>): string[] => throughputFindings(evidence(over)).map(({ code }) => code);

  it('are none when there is nothing to say', () => {
    expect(codes({})).toEqual([]);
  });

  it.each<[string, Partial<LoadEvidence>, string]>([
    ['errors, with their share', { errors: { '57014': 100, '22012': 11 } }, 'errors'],
    ['a client thread that had no time left', { eventLoopUtilisation: [0.1, 0.6] }, 'client-bound'],
    ['a client that sends late by itself', { ownLagP99Ms: 2.5 }, 'client-late'],
    ['processors that client and server share', { cpu: { cores: 2, client: 0.5, server: 1.4 } }, 'shared-processors'],
    ['requests that had to wait', { schedule: { due: 100, late: 10, dropped: 0, lagMs: null } }, 'late'],
  ])('name %s', (_, over, code) => {
    expect(codes(over)).toEqual([code]);
  });

  it('say how many queries failed', () => {
    const [finding] = throughputFindings(evidence({ errors: { '57014': 1000 } }));
    expect(finding).toEqual(findings.queryErrors.of({ share: 0.5, bySqlstate: { '57014': 1000 } }));
    expect(textOf(textsIn('en').findings, finding!)).toBe(
      '50.0 % of the queries failed (SQLSTATE 57014: 1,000); they count in no other figure.',
    );
  });

  it('do not guess at a server whose processors cannot be seen', () => {
    expect(codes({ cpu: { cores: 2, client: 1.95, server: null } })).toEqual([]);
  });
});
