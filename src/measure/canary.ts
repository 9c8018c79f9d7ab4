import type { Session } from '../postgres/index.js';
import type { Clock } from './clock.js';

/**
 * Times of two things that always take the same: an empty round trip, and a loop of arithmetic in this process. When
 * they change between the beginning and the end of a measurement, it is the machine that changed.
 */
export interface CanaryReading {
  /** One round trip of `SELECT 1`, milliseconds: a mean for each of the batches. */
  readonly roundTripMs: readonly number[];
  /** The loop, milliseconds: once a batch. */
  readonly cpuMs: readonly number[];
}

/** Six before against six after: complete separation has a probability of 2/924 if nothing changed. */
const BATCHES = 6;
const ROUND_TRIPS = 8;
/** About half a millisecond. */
const LOOP_STEPS = 300_000;

const EMPTY = { name: 'pgvtune_canary', text: 'SELECT 1' };

export async function readCanary(session: Session, clock: Clock): Promise<CanaryReading> {
  // The first call parses a statement, and compiles a loop.
  await session.execute(EMPTY, []);
  spin();
  const roundTripMs: number[] = [];
  const cpuMs: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const start = clock.now();
    for (let i = 0; i < ROUND_TRIPS; i++) await session.execute(EMPTY, []);
    const middle = clock.now();
    spin();
    roundTripMs.push((middle - start) / ROUND_TRIPS);
    cpuMs.push(clock.now() - middle);
  }
  return { roundTripMs, cpuMs };
}

/** Xorshift steps, each of which needs the one before: nothing for a compiler to leave out. */
function spin(): number {
  let x = 1;
  for (let i = 0; i < LOOP_STEPS; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x;
}
