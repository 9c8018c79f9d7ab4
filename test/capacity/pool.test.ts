import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  busyBackends,
  type BusyBackends,
  erlangC,
  fitScalability,
  poolAdvice,
  type PoolCounters,
  predictRate,
  serversNeeded,
} from '../../src/capacity/index.js';

describe('Erlang’s C formula', () => {
  // Kleinrock's formula by hand: ρ/(1 + …); one server waits with probability ρ, two with 2ρ²/(1 + ρ).
  it.each([
    [0.5, 1, 0.5],
    [1, 2, 1 / 3],
    [2, 3, 4 / 9],
    [0, 1, 0],
    [3, 3, 1],
  ])('%f busy of %i', (load, servers, waiting) => {
    expect(erlangC(load, servers)).toBeCloseTo(waiting, 12);
  });

  it('falls with every server, and the servers needed are the fewest that suffice', () => {
    const load = fc.double({ min: 0.01, max: 200, noNaN: true });
    fc.assert(
      fc.property(load, fc.integer({ min: 1, max: 300 }), (busy, servers) => {
        expect(erlangC(busy, servers + 1)).toBeLessThanOrEqual(erlangC(busy, servers));
        const needed = serversNeeded(busy, 0.05);
        expect(erlangC(busy, needed)).toBeLessThanOrEqual(0.05);
        if (needed > 1) expect(erlangC(busy, needed - 1)).toBeGreaterThan(0.05);
      }),
      { seed: 1 },
    );
  });
});

describe('the universal scalability law', () => {
  // Ray tracing on up to 64 processors of an SGI Origin 2000: Gunther, Guerrilla Capacity Planning, ch. 5.
  const rayTracing = [
    [1, 20],
    [4, 78],
    [8, 130],
    [12, 170],
    [16, 190],
    [20, 200],
    [24, 210],
    [28, 230],
    [32, 260],
    [48, 280],
    [64, 310],
  ].map(([clients, rate]) => ({ clients: clients!, ratePerSecond: rate! }));

  it('is that of Gunther’s worked example: σ = 0.0500, κ = 4.7 · 10⁻⁶, with intervals', () => {
    const law = fitScalability(rayTracing)!;
    expect(law.lambda).toBe(20);
    expect(law.sigma.value).toBeCloseTo(0.05, 4);
    expect(law.kappa.value).toBeCloseTo(4.708e-6, 8);
    expect(law.peakClients).toBeCloseTo(449, 0);
    expect(law.sigma.low).toBeLessThan(0.05);
    expect(law.sigma.high).toBeGreaterThan(0.05);
    expect(law.kappa.low).toBe(0);
    const at64 = predictRate(law, 64);
    expect(at64.low).toBeLessThan(310);
    expect(at64.high).toBeGreaterThan(310);
  });

  it('is found again in rates that follow it exactly', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.3, noNaN: true }),
        fc.double({ min: 1e-5, max: 0.01, noNaN: true }),
        fc.double({ min: 1, max: 1e4, noNaN: true }),
        (sigma, kappa, lambda) => {
          const points = [1, 2, 4, 8, 16, 32].map((n) => ({
            clients: n,
            ratePerSecond: (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1)),
          }));
          const law = fitScalability(points)!;
          expect(law.sigma.value).toBeCloseTo(sigma, 6);
          expect(law.kappa.value).toBeCloseTo(kappa, 6);
          expect(predictRate(law, 24).value / ((lambda * 24) / (1 + sigma * 23 + kappa * 24 * 23))).toBeCloseTo(1, 6);
        },
      ),
      { seed: 1 },
    );
  });

  it('is Amdahl’s where rates only saturate, and nothing where there is too little', () => {
    const better = [1, 2, 4, 8].map((n) => ({ clients: n, ratePerSecond: (10 * n) / (1 + 0.1 * (n - 1) ** 0.8) }));
    expect(fitScalability(better)).toMatchObject({ kappa: { value: 0 }, peakClients: null });
    expect(fitScalability(rayTracing.slice(1))).toBeNull();
    expect(fitScalability(rayTracing.slice(0, 2))).toBeNull();
  });
});

const counters = (more: Partial<PoolCounters>): PoolCounters => ({
  atMs: 0,
  transactions: 0,
  activeMs: 0,
  idleInTransactionMs: 0,
  statements: { calls: 0, executionMs: 0 },
  resetAt: null,
  ...more,
});
const look = { active: 4, idle: 3, idleInTransaction: 1, waitingForLock: 0 };

describe('busy backends', () => {
  const after = counters({
    atMs: 10_000,
    transactions: 500,
    activeMs: 25_000,
    idleInTransactionMs: 5000,
    statements: { calls: 1000, executionMs: 20_000 },
  });

  it('are the time of the statements over the time in which they ran (Little)', () => {
    expect(busyBackends(counters({}), after, [look])).toEqual({
      seconds: 10,
      mean: 2.5,
      source: 'pg_stat_database',
      peak: 4,
      looks: 1,
      idleInTransaction: 0.5,
      transactionsPerSecond: 50,
      statementsPerSecond: 100,
      statementMs: 20,
      connections: 8,
      waitingForLock: 0,
    });
  });

  it('come from what there is: before PostgreSQL 14, without the extension, after a reset', () => {
    const old = { activeMs: null, idleInTransactionMs: null };
    const none = { ...old, statements: null };
    expect(busyBackends(counters(old), { ...after, ...old }, [look])).toMatchObject({
      mean: 2,
      source: 'pg_stat_statements',
    });
    expect(busyBackends(counters(none), { ...after, ...none }, [look])).toMatchObject({ mean: 4, source: 'samples' });
    expect(busyBackends(counters({}), { ...after, resetAt: 'now' }, [look])).toMatchObject({
      mean: 4,
      source: 'samples',
    });
  });
});

describe('the advice', () => {
  const busy: BusyBackends = busyBackends(counters({}), counters({ atMs: 1000, activeMs: 3000 }), [look]);
  const shape = { webProcesses: 4, workerProcesses: 2, tasksPerProcess: 10, connectionsPerTask: 1, growth: 1 };
  const server = { maxConnections: 100, reservedConnections: 3, cores: 8 };

  it('carries the load with few waiting, and divides it among the processes', () => {
    const advice = poolAdvice(busy, shape, server);
    expect(advice).toMatchObject({ load: 3, needed: 7, useful: 17, backends: 7, needsPooler: false });
    expect(advice.waitingShare).toBeLessThanOrEqual(0.05);
    expect(advice.web).toEqual({ processes: 4, perProcess: 2, deadlockFloor: 1 });
    expect(advice.poolConnections).toBe(12);
    expect(advice.maxConnections).toBe(20);
  });

  it('keeps to what the cores can serve, and says so', () => {
    const advice = poolAdvice(busy, { ...shape, growth: 20 }, server);
    expect(advice.backends).toBe(17);
    expect(advice.needed).toBeGreaterThan(60);
    expect(advice.waitingShare).toBe(1);
  });

  it('never goes below the deadlock floor, and asks for a pooler when that is too many', () => {
    const advice = poolAdvice(busy, { ...shape, connectionsPerTask: 2, webProcesses: 40 }, server);
    expect(advice.web).toEqual({ processes: 40, perProcess: 11, deadlockFloor: 11 });
    expect(advice.needsPooler).toBe(true);
    expect(advice.maxConnections).toBeLessThan(100);
  });
});
