import type { Clock } from '../clock.js';
import { logRequests, type LoopSamples } from './requests.js';

export interface OpenLoopOptions {
  /** Milliseconds from the beginning of the window. */
  readonly clock: Clock;
  /** When each request of the window is due, ascending; the same for all loops that share them. */
  readonly arrivalsMs: Float64Array;
  /** What has not started by then is dropped. */
  readonly dropMs: number;
  /** Number of the next request that no loop has taken. */
  readonly take: () => number;
  /** Returns at that time by the clock, never before. @returns milliseconds for which it blocked the thread */
  readonly sleepUntil: (ms: number) => Promise<number>;
  /** Sends request n of the window; settles with the answer. */
  readonly send: (n: number) => Promise<unknown>;
}

/**
 * Serves requests that come by a schedule. All loops take from one queue, as a pool of connections does: a request
 * starts when it is due, or late, as soon as a connection is free.
 *
 * Its latency counts from the time it was due. Counted from the actual start, the wait of everybody behind a slow
 * request would be left out ("coordinated omission", Tene, How NOT to Measure Latency).
 *
 * @throws whatever is no refusal of the server: the connection is gone
 */
export async function openLoop(options: OpenLoopOptions): Promise<LoopSamples> {
  const { clock, arrivalsMs, dropMs, take, sleepUntil, send } = options;
  const log = logRequests(clock);
  let blockedMs = 0;
  for (;;) {
    const n = take();
    const dueMs = arrivalsMs[n];
    const freeMs = clock.now();
    if (dueMs === undefined || freeMs >= dropMs) return log.samples(blockedMs);
    const late = freeMs > dueMs;
    if (!late) blockedMs += await sleepUntil(dueMs);
    const startedMs = clock.now();
    await log.follow(send(n), { dueMs, startedMs, late });
  }
}
