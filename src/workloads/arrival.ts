import type { Random } from '../random.js';

export interface ArrivalOptions {
  /** `poisson`: independent users, whose gaps are exponential. `constant`: equal gaps. */
  readonly arrivals: 'poisson' | 'constant';
  /** Mean, positive. */
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly random: Random;
}

/**
 * When each request of an open loop is to start, whatever became of those before it: milliseconds from the beginning of
 * the window, ascending, all before its end. The same seed gives the same schedule.
 */
export function arrivalTimes({ arrivals, ratePerSecond, seconds, random }: ArrivalOptions): Float64Array {
  const endMs = seconds * 1000;
  if (arrivals === 'constant') {
    const count = Math.ceil(Number((ratePerSecond * seconds).toPrecision(12)));
    // Multiples, not sums: the last arrival is as exact as the first.
    return Float64Array.from({ length: count }, (_, i) => (i * 1000) / ratePerSecond);
  }
  const times: number[] = [];
  const gap = (): number => (-1000 / ratePerSecond) * Math.log(1 - random.next());
  for (let at = gap(); at < endMs; at += gap()) times.push(at);
  return Float64Array.from(times);
}
