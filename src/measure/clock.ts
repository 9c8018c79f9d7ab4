import { performance } from 'node:perf_hooks';

/** Where durations come from. Injected, so that tests can measure exact numbers; named, so that results can say it. */
export interface Clock {
  readonly name: string;
  /** Milliseconds since an arbitrary start; never goes back. */
  now(): number;
}

/** The process's monotonic clock; resolution below a microsecond. */
export const monotonicClock: Clock = { name: 'performance.now', now: () => performance.now() };
