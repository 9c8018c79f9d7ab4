import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestRank } from '../../../src/analysis/index.js';
import { PgvtuneError } from '../../../src/errors.js';
import { blockingLoop, closedLoop } from '../../../src/measure/load/closed-loop.js';
import { openLoop } from '../../../src/measure/load/open-loop.js';
import { mergeErrors, mergeRequests, type LoopSamples } from '../../../src/measure/load/requests.js';
import { createRandom } from '../../../src/random.js';
import { arrivalTimes } from '../../../src/workloads/index.js';
import { virtualTime } from './virtual-time.js';

/** A server of one connection on which time passes only while it works. */
function steppingServer(serviceMs: (request: number) => number) {
  let now = 0;
  const clock = { name: 'test', now: () => now };
  const send = async (request: number): Promise<void> => {
    now += serviceMs(request);
  };
  const sleepUntil = async (ms: number): Promise<number> => {
    now = Math.max(now, ms);
    return 0;
  };
  return { clock, send, sleepUntil };
}

const counter = () => {
  let next = 0;
  return () => next++;
};

const quantileOf = (values: ArrayLike<number>, p: number): number => nearestRank(Float64Array.from(values).sort(), p);
const fromDue = ({ dueMs, endedMs }: LoopSamples) => endedMs.map((ended, i) => ended - dueMs[i]!);
const fromStart = ({ startedMs, endedMs }: LoopSamples) => endedMs.map((ended, i) => ended - startedMs[i]!);

const refuse = (sqlstate: string) => new PgvtuneError('server', 'refused', { sqlstate });

describe('closedLoop', () => {
  it('sends the next request when the last is answered, and none after the end', async () => {
    const { clock, send } = steppingServer(() => 4);
    const samples = await closedLoop({ clock, endMs: 10 }, send);
    expect([...samples.startedMs]).toEqual([0, 4, 8]);
    expect([...samples.endedMs]).toEqual([4, 8, 12]);
    expect(samples.dueMs).toEqual(samples.startedMs);
  });

  it('counts what the server refuses, and goes on', async () => {
    const server = steppingServer(() => 1);
    const send = async (n: number): Promise<void> => {
      await server.send(n);
      if (n % 3 === 0) throw refuse(n === 0 ? '57014' : '22012');
    };
    const samples = await closedLoop({ clock: server.clock, endMs: 10 }, send);
    expect(samples.errors).toEqual({ '57014': 1, '22012': 3 });
    expect([...samples.startedMs]).toEqual([1, 2, 4, 5, 7, 8]);
  });

  it('ends with the connection', async () => {
    const { clock } = steppingServer(() => 1);
    const send = (): Promise<void> => Promise.reject(new PgvtuneError('server', 'Connection terminated'));
    await expect(closedLoop({ clock, endMs: 10 }, send)).rejects.toThrow('Connection terminated');
  });
});

describe('blockingLoop', () => {
  it('does what closedLoop does, with a server that the thread waits for', async () => {
    const serviceMs = (n: number): number => 1 + (n % 4);
    const asynchronous = steppingServer(serviceMs);
    const refusing = (n: number): void => {
      if (n % 3 === 1) throw refuse('22012');
    };
    const expected = await closedLoop({ clock: asynchronous.clock, endMs: 50 }, async (n) => {
      await asynchronous.send(n);
      refusing(n);
    });
    const held = steppingServer(serviceMs);
    const send = (n: number): void => {
      void held.send(n);
      refusing(n);
    };
    expect(blockingLoop({ clock: held.clock, endMs: 50 }, send)).toEqual(expected);
    expect(expected.errors['22012']).toBeGreaterThan(3);
  });

  it('sends as many requests as it may at most, and ends with the connection', () => {
    const { clock, send } = steppingServer(() => 1);
    expect(blockingLoop({ clock, endMs: 10, most: 3 }, (n) => void send(n)).endedMs).toHaveLength(3);
    const lost = (): never => {
      throw new PgvtuneError('server', 'Connection terminated');
    };
    expect(() => blockingLoop({ clock, endMs: 10 }, lost)).toThrow('Connection terminated');
  });
});

describe('a stall of one second in ten', () => {
  const stall = (during: number, serviceMs: number) => (request: number) => (request === during ? 1000 : serviceMs);

  it('is one sample of a closed loop: its 99th percentile knows nothing of it', async () => {
    const { clock, send } = steppingServer(stall(4000, 1));
    const samples = await closedLoop({ clock, endMs: 10_000 }, send);
    expect(samples.endedMs).toHaveLength(9001);
    expect(quantileOf(fromDue(samples), 0.99)).toBe(1);
  });

  it('is in the latency of everybody who was due meanwhile, in an open loop', async () => {
    const { clock, send, sleepUntil } = steppingServer(stall(5000, 0.01));
    const arrivalsMs = arrivalTimes({
      arrivals: 'constant',
      ratePerSecond: 1000,
      seconds: 10,
      random: createRandom(1),
    });
    const samples = await openLoop({ clock, arrivalsMs, dropMs: 11_000, take: counter(), sleepUntil, send });
    expect(samples.endedMs).toHaveLength(10_000);
    // One tenth of the requests waited, from a second down to nothing; in theory the 95th percentile is half a second.
    expect(quantileOf(fromDue(samples), 0.95)).toBeCloseTo(505, 6);
    expect(quantileOf(fromDue(samples), 0.99)).toBeCloseTo(901, 6);
    // From the actual start it would be out of sight.
    expect(quantileOf(fromStart(samples), 0.99)).toBeCloseTo(0.01, 6);
  });
});

describe('openLoop', () => {
  const loopsOf = async (arrivalsMs: Float64Array, services: readonly number[], loops: number, dropMs: number) => {
    const { clock, until, after, run } = virtualTime();
    const take = counter();
    const loop = () =>
      openLoop({
        clock,
        arrivalsMs,
        dropMs,
        take,
        sleepUntil: async (ms) => {
          await until(ms);
          return 0;
        },
        send: (n) => after(services[n % services.length]!),
      });
    return run(Promise.all(Array.from({ length: loops }, loop)));
  };

  it('serves in the order of arrival, each as soon as it is due and a connection is free', async () => {
    const queue = fc.record({
      gaps: fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 }),
      services: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 30 }),
      loops: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(queue, async ({ gaps, services, loops }) => {
        let at = 0;
        const due = gaps.map((gap) => (at += gap));
        const samples = mergeRequests(await loopsOf(Float64Array.from(due), services, loops, Infinity));
        // The textbook's queue with so many servers.
        const freeAt = Array.from({ length: loops }, () => 0);
        const expected = due.map((dueMs, n) => {
          const free = Math.min(...freeAt);
          const startedMs = Math.max(dueMs, free);
          freeAt[freeAt.indexOf(free)] = startedMs + services[n % services.length]!;
          return { dueMs, startedMs, late: free > dueMs ? 1 : 0 };
        });
        const seen = Array.from(samples.dueMs, (dueMs, i) => ({
          dueMs,
          startedMs: samples.startedMs[i]!,
          late: samples.late[i]!,
        }));
        const inOrder = (a: (typeof seen)[number], b: (typeof seen)[number]): number =>
          a.dueMs - b.dueMs || a.startedMs - b.startedMs;
        expect(seen.toSorted(inOrder)).toEqual(expected.toSorted(inOrder));
      }),
      { numRuns: 60 },
    );
  });

  it('drops what has not started when the time is over', async () => {
    const arrivalsMs = Float64Array.from({ length: 100 }, (_, i) => i);
    const [samples] = await loopsOf(arrivalsMs, [10], 1, 110);
    expect(samples!.startedMs).toHaveLength(11);
    expect(samples!.startedMs.at(-1)).toBe(100);
  });

  it('says how long it was blocked, and which requests were late', async () => {
    const server = steppingServer((n) => (n === 1 ? 25 : 1));
    const sleepUntil = async (ms: number): Promise<number> => {
      await server.sleepUntil(ms);
      return 2;
    };
    const arrivalsMs = Float64Array.from([0, 10, 20, 40]);
    const samples = await openLoop({ ...server, arrivalsMs, dropMs: 100, take: counter(), sleepUntil });
    expect([...samples.late]).toEqual([0, 0, 1, 0]);
    expect([...samples.startedMs]).toEqual([0, 10, 35, 40]);
    expect(samples.blockedMs).toBe(6);
  });
});

describe('loops together', () => {
  it('are told as one, in the order of the starts', () => {
    const loop = (starts: readonly number[], errors: Record<string, number>): LoopSamples => ({
      dueMs: Float64Array.from(starts, (ms) => ms - 1),
      startedMs: Float64Array.from(starts),
      endedMs: Float64Array.from(starts, (ms) => ms + 1),
      late: Uint8Array.from(starts, (ms) => ms % 2),
      errors,
      blockedMs: 0,
    });
    const loops = [loop([1, 5, 6], { '22012': 1 }), loop([2, 3], { '22012': 2, '57014': 1 })];
    const merged = mergeRequests(loops);
    expect([...merged.startedMs]).toEqual([1, 2, 3, 5, 6]);
    expect([...merged.late]).toEqual([1, 0, 1, 1, 0]);
    expect(mergeErrors(loops)).toEqual({ '22012': 3, '57014': 1 });
  });
});
