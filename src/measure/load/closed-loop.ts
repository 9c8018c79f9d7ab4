import type { Clock } from '../clock.js';
import { logRequests, type LoopSamples } from './requests.js';

export interface ClosedLoopOptions {
  /** Milliseconds from the beginning of the window. */
  readonly clock: Clock;
  /** No request starts after this. */
  readonly endMs: number;
  /** So many requests at most; absent: as many as there is time for. */
  readonly most?: number;
}

/**
 * Sends a request as soon as the one before it is answered: what a connection can do at most. A stall costs such a loop
 * a single sample, so its latencies say nothing of users who do not wait for each other.
 *
 * @param send sends request number n of this loop; settles with the answer
 * @throws whatever is no refusal of the server: the connection is gone
 */
export async function closedLoop(
  { clock, endMs, most = Infinity }: ClosedLoopOptions,
  send: (n: number) => Promise<unknown>,
): Promise<LoopSamples> {
  const log = logRequests(clock);
  for (let n = 0; n < most; n++) {
    const startedMs = clock.now();
    if (startedMs >= endMs) break;
    await log.follow(send(n), { dueMs: startedMs, startedMs, late: false });
  }
  return log.samples(0);
}

/** The same for a thread that waits for each answer itself. @param send returns when request number n is answered */
export function blockingLoop(
  { clock, endMs, most = Infinity }: ClosedLoopOptions,
  send: (n: number) => unknown,
): LoopSamples {
  const log = logRequests(clock);
  for (let n = 0; n < most; n++) {
    const startedMs = clock.now();
    if (startedMs >= endMs) break;
    log.hold(() => send(n), { dueMs: startedMs, startedMs, late: false });
  }
  return log.samples(0);
}
