import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeFloat32 } from '../../../src/analysis/index.js';
import { PgvtuneError } from '../../../src/errors.js';
import type { Session } from '../../../src/postgres/index.js';
import type { BuildRecord, LoadMode } from '../../../src/results/index.js';
import { encodeVector } from '../../../src/postgres/index.js';
import { querySet } from '../../../src/query-set.js';
import { hnsw, ivfflat, lying, type RunningBench, runningBench } from '../../support/running-bench.js';
import { describeServers, sharedServer } from '../../support/servers.js';

const closed = (concurrency: number): LoadMode => ({ kind: 'closed', concurrency, seconds: 0.5 });
const open = (ratePerSecond: number, connections: number, seconds = 1): LoadMode => ({
  kind: 'open',
  arrivals: 'poisson',
  ratePerSecond,
  connections,
  seconds,
});

await describeServers('throughput', (server, choice) => {
  let bench: RunningBench;
  let build: BuildRecord;
  beforeAll(async () => {
    bench = await runningBench(server());
    build = await bench.build(hnsw());
  });
  afterAll(() => bench.stop());
  const load = (mode: LoadMode) => bench.throughput(build, { ef_search: 40 }, mode);

  it('of one client carries its evidence: settings, plan, raw samples, intervals, processors', async () => {
    const record = await load(closed(1));
    expect(record).toMatchObject({ status: 'ok', reason: null, schedule: null });
    const { settingsReadBack, plan, ratePerSecond, latencyMs, errors, samples, cpu, eventLoopUtilisation } =
      record.measured!;
    expect(settingsReadBack).toEqual({ 'hnsw.ef_search': '40' });
    expect(plan).toMatchObject({ node: 'Index Scan', index: build.index!.name, checks: 2 });
    expect(ratePerSecond.value).toBeGreaterThan(0);
    expect(ratePerSecond.low).toBeLessThanOrEqual(ratePerSecond.value);
    expect(errors).toEqual({});
    expect(eventLoopUtilisation).toHaveLength(1);
    expect(cpu.client).toBeGreaterThan(0);
    // Backends can be seen where they are processes of this machine.
    expect(cpu.server === null).toBe(choice === 'embedded');
    expect(record.measured?.clock).toBe('process.hrtime');
    expect(latencyMs.histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(latencyMs.n);
    const starts = decodeFloat32(samples.startMs);
    expect(starts).toHaveLength(latencyMs.n);
    expect([...starts]).toEqual([...starts].toSorted((a, b) => a - b));
    expect(decodeFloat32(samples.latencyMs)).toHaveLength(latencyMs.n);
    expect(samples.lagMs).toBe('');
  });

  it('is taken from the journal when it is asked for again', async () => {
    expect(await load(closed(1))).toBe(await load(closed(1)));
  });

  it.runIf(choice === 'local')('of two clients keeps both busy, each with proof', async () => {
    const { status, measured } = await load(closed(2));
    expect(status).toBe('ok');
    expect(measured?.eventLoopUtilisation).toHaveLength(2);
    expect(measured?.plan.checks).toBe(4);
  });

  it.runIf(choice === 'embedded')('of two clients is no figure where there is one session', async () => {
    expect(await load(closed(2))).toMatchObject({
      status: 'failed',
      reason: { code: 'too-many-connections', data: { asked: 2, allowed: 1 } },
      measured: null,
      conditions: null,
    });
  });

  it('of a rate that can be delivered comes with what became of its schedule', async () => {
    const { status, schedule, measured } = await load(open(25, 1, 2));
    expect(status).toBe('ok');
    expect(schedule!.dropped).toBe(0);
    expect(schedule!.due).toBe(measured!.latencyMs.n);
    const lags = decodeFloat32(measured!.samples.lagMs);
    expect(lags).toHaveLength(schedule!.due);
    expect(lags.every((ms) => ms >= 0)).toBe(true);
    const latencies = decodeFloat32(measured!.samples.latencyMs);
    // From the time it was due: the lag is part of the latency.
    expect(latencies.every((ms, i) => ms > lags[i]!)).toBe(true);
  });

  it('of a rate that cannot be delivered is an error, and no figure', async () => {
    const { status, reason, schedule, measured } = await load(open(200_000, 1));
    expect({ status, measured }).toEqual({ status: 'failed', measured: null });
    const { due, dropped } = schedule!;
    expect(reason).toEqual({
      code: 'rate-not-delivered',
      data: { ratePerSecond: 200_000, answeredPerSecond: expect.any(Number), due, dropped },
    });
    expect(dropped).toBeGreaterThan(0);
    expect(due).toBeGreaterThan(100_000);
  });

  it('is refused while another index stands on the table', async () => {
    await bench.build(ivfflat(20));
    await expect(load(open(30, 1))).rejects.toThrow(/Release ivfflat_/);
  });
});

describe('throughput of some of the queries', () => {
  const server = sharedServer('embedded');

  it('asks those that the request names', async () => {
    const asked = new Set<string>();
    const bench = await runningBench(server(), {
      wrap: lying((session) => ({
        async execute(statement, values, options) {
          if (statement.text.includes('<=>')) asked.add(String(values[0]));
          return session.execute(statement, values, options);
        },
      })),
    });
    const build = await bench.build(hnsw());
    asked.clear();
    const workload = { kind: 'plain', k: 10 } as const;
    const range = { from: 50, queries: 8 };
    await bench.reply({
      kind: 'throughput',
      requests: [{ build: build.key, workload, settings: { ef_search: 40 }, ...range, mode: closed(1) }],
    });
    const set = querySet(bench.dataset.queries);
    const wanted = Array.from({ length: 8 }, (_, i) => String(encodeVector(set.vector(50 + i))));
    await bench.stop();
    expect([...asked].toSorted()).toEqual(wanted.toSorted());
  });
});

describe('throughput of a server that refuses', () => {
  const server = sharedServer('embedded');

  it('some queries counts them beside the figures, and says so', async () => {
    const state = { refuses: false, executions: 0 };
    const refusing = (session: Session): Session => ({
      ...session,
      execute: async (...call) => {
        // Not the round trips of the canary.
        if (state.refuses && call[0].text.includes('<=>') && ++state.executions % 4 === 0) {
          throw new PgvtuneError('server', 'refused', { sqlstate: '57014' });
        }
        return session.execute(...call);
      },
    });
    const bench = await runningBench(server(), { wrap: refusing });
    const build = await bench.build(hnsw());
    state.refuses = true;
    const { status, measured, findings } = await bench.throughput(build, { ef_search: 40 }, closed(1));
    state.refuses = false;
    await bench.stop();
    expect(status).toBe('ok');
    const failed = measured!.errors['57014']!;
    // One of every four in a row, wherever the window begins.
    expect(Math.abs(failed - (failed + measured!.latencyMs.n) / 4)).toBeLessThan(1);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'errors', severity: 'medium' }));
  });
});
