import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createBarrier, openBarrier, takeNext, waitAtBarrier } from '../../../src/measure/load/barrier.js';
import { sleepUntil } from '../../../src/measure/load/sleep.js';
import { workerEntry } from '../../../src/worker-entry.js';

/** Threads that wait at the barrier and post what they see there: whether it is too early, and the numbers they could take. */
function startThreads(shared: SharedArrayBuffer, count: number) {
  const module = workerEntry(new URL('../../../src/measure/load/barrier.ts', import.meta.url).href, 'barrier.js');
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(${JSON.stringify(module)}).then(async ({ waitAtBarrier, takeNext }) => {
      parentPort.postMessage('ready');
      const clock = await waitAtBarrier(workerData);
      const early = clock.now() < 0;
      const taken = Array.from({ length: 200 }, () => takeNext(workerData));
      parentPort.postMessage({ early, taken });
    });`;
  return Array.from({ length: count }, () => new Worker(code, { eval: true, workerData: shared }));
}

const message = (worker: Worker): Promise<unknown> =>
  new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));

interface Seen {
  readonly early: boolean;
  readonly taken: readonly number[];
}

describe('the barrier', () => {
  it('lets no thread begin before the beginning, and gives every request to one of them', async () => {
    const shared = createBarrier();
    const threads = startThreads(shared, 3);
    expect(await Promise.all(threads.map(message))).toEqual(['ready', 'ready', 'ready']);
    const all = Promise.all(threads.map(message));
    openBarrier(shared);
    const seen = (await all) as readonly Seen[];
    expect(seen.map(({ early }) => early)).toEqual([false, false, false]);
    const taken = seen.flatMap((thread) => thread.taken).sort((a, b) => a - b);
    expect(taken).toEqual(Array.from({ length: 600 }, (_, i) => i));
  });

  it('lets those in who come after it was opened', async () => {
    const shared = createBarrier();
    openBarrier(shared);
    expect((await waitAtBarrier(shared)).now()).toBeGreaterThanOrEqual(0);
    expect([takeNext(shared), takeNext(shared)]).toEqual([0, 1]);
  });
});

describe('sleepUntil', () => {
  it('never returns early, and says for how long it blocked', async () => {
    const start = process.hrtime.bigint();
    const clock = { name: 'test', now: () => Number(process.hrtime.bigint() - start) / 1e6 };
    for (const ahead of [0.3, 1, 5]) {
      const target = clock.now() + ahead;
      const blockedMs = await sleepUntil(clock, target);
      expect(clock.now()).toBeGreaterThanOrEqual(target);
      expect(blockedMs).toBeGreaterThanOrEqual(0);
    }
    expect(await sleepUntil({ name: 'stopped', now: () => 100 }, 90)).toBe(0);
  });
});
