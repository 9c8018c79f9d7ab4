import type { Clock } from '../clock.js';
import { logRequests, type LoopSamples } from './requests.js';

export interface ClosedLoopOptions {
  /** Milliseconds from the beginning of the window. */
  readonly clock: Clock;
  /** No request starts after this. */
  readonly endMs: number;
  /** Sends request number n of this loop; settles with the answer. */
  readonly send: (n: number) => Promise<unknown>;
}

/**
 * Sends a request as soon as the one before it is answered: what a connection can do at most. A stall costs such a loop
 * a single sample, so its latencies say nothing of users who do not wait for each other.
 *
 * @throws whatever is no refusal of the server: the connection is gone
 */
export async function closedLoop({ clock, endMs, send }: ClosedLoopOptions): Promise<LoopSamples> {
  const log = logRequests(clock);
  for (let n = 0; ; n++) {
    const startedMs = clock.now();
    if (startedMs >= endMs) return log.samples(0);
    await log.follow(send(n), { dueMs: startedMs, startedMs, late: false });
  }
}
