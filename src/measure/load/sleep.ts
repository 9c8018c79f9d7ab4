import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../clock.js';

/** A timer may fire more than a millisecond late: so long before the time it has to. */
const TIMER_MARGIN_MS = 2;

/**
 * Sleeps until a time by the clock. The last moment is slept through on a futex, which wakes within a tenth of a
 * millisecond and, unlike a loop that spins, leaves the processor to the server. Meanwhile the thread hears nothing: it
 * must not wait for any answer.
 *
 * @returns milliseconds for which the thread was blocked
 */
export async function sleepUntil(clock: Clock, ms: number): Promise<number> {
  const early = ms - clock.now() - TIMER_MARGIN_MS;
  if (early >= 1) await setTimeout(early);
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  const blockedFrom = clock.now();
  for (let left = ms - blockedFrom; left > 0; left = ms - clock.now()) Atomics.wait(nobody, 0, 0, left);
  return clock.now() - blockedFrom;
}
