import type { Clock } from '../clock.js';
import { sleepUntil } from './sleep.js';

/*
 * What the clients of one window share: a gate that opens once, the number of the next request, and the instant at which
 * the window begins, by the clock that all threads of a process have in common.
 */
const GATE = 0;
const NEXT = 1;
const ORIGIN_BYTE = 8;
const BYTES = 16;

/** So long before the beginning the gate opens: on a busy machine it takes a while until all threads have woken up. */
const HEAD_START_NS = 50_000_000n;

const counters = (shared: SharedArrayBuffer): Int32Array<SharedArrayBuffer> => new Int32Array(shared, 0, 2);
const origin = (shared: SharedArrayBuffer): BigInt64Array<SharedArrayBuffer> =>
  new BigInt64Array(shared, ORIGIN_BYTE, 1);

export const createBarrier = (): SharedArrayBuffer => new SharedArrayBuffer(BYTES);

/** Lets everybody who waits at the barrier, or comes later, begin at the same instant. */
export function openBarrier(shared: SharedArrayBuffer): void {
  Atomics.store(origin(shared), 0, process.hrtime.bigint() + HEAD_START_NS);
  Atomics.store(counters(shared), GATE, 1);
  Atomics.notify(counters(shared), GATE);
}

/** Blocks this thread until the window begins. @returns its clock, whose 0 is that beginning in every thread */
export async function waitAtBarrier(shared: SharedArrayBuffer): Promise<Clock> {
  Atomics.wait(counters(shared), GATE, 0);
  const begin = Atomics.load(origin(shared), 0);
  const clock: Clock = { name: 'process.hrtime', now: () => Number(process.hrtime.bigint() - begin) / 1e6 };
  await sleepUntil(clock, 0);
  return clock;
}

/** The number of the next request that nobody has taken: 0, 1, 2, … */
export const takeNext = (shared: SharedArrayBuffer): number => Atomics.add(counters(shared), NEXT, 1);
