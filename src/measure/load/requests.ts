import { isRefusal } from '../blocks.js';
import type { Clock } from '../clock.js';

/** Requests that were answered, in the order of their starts; milliseconds from the beginning of the window. */
export interface Requests {
  /** When each was to start. In a closed loop that is when it did. */
  readonly dueMs: Float64Array;
  readonly startedMs: Float64Array;
  readonly endedMs: Float64Array;
  /** 1 for a request that found no connection free when it was due. */
  readonly late: Uint8Array;
}

/** What a loop did with its connection. */
export interface LoopSamples extends Requests {
  /** Requests that the server refused, by SQLSTATE: an error is a result, and the loop goes on. */
  readonly errors: Readonly<Record<string, number>>;
  /** How long the thread was blocked on purpose, asleep until a request was due. */
  readonly blockedMs: number;
}

interface Start {
  readonly dueMs: number;
  readonly startedMs: number;
  readonly late: boolean;
}

export interface RequestLog {
  /** Waits for a request that has just been sent. @throws whatever is no refusal: the connection is gone */
  follow(request: Promise<unknown>, start: Start): Promise<void>;
  /** The same for a request that this thread waits for. */
  hold(request: () => unknown, start: Start): void;
  samples(blockedMs: number): LoopSamples;
}

export function logRequests(clock: Clock): RequestLog {
  const dueMs: number[] = [];
  const startedMs: number[] = [];
  const endedMs: number[] = [];
  const late: number[] = [];
  const errors: Record<string, number> = {};
  const succeed = (start: Start): void => {
    endedMs.push(clock.now());
    dueMs.push(start.dueMs);
    startedMs.push(start.startedMs);
    late.push(start.late ? 1 : 0);
  };
  const fail = (error: unknown): void => {
    if (!isRefusal(error)) throw error;
    errors[error.sqlstate] = (errors[error.sqlstate] ?? 0) + 1;
  };
  return {
    async follow(request, start) {
      try {
        await request;
      } catch (error) {
        return fail(error);
      }
      succeed(start);
    },
    hold(request, start) {
      try {
        request();
      } catch (error) {
        return fail(error);
      }
      succeed(start);
    },
    samples: (blockedMs) => ({
      dueMs: Float64Array.from(dueMs),
      startedMs: Float64Array.from(startedMs),
      endedMs: Float64Array.from(endedMs),
      late: Uint8Array.from(late),
      errors,
      blockedMs,
    }),
  };
}

/** The requests of several loops as those of one. */
export function mergeRequests(loops: readonly Requests[]): Requests {
  const order = loops
    .flatMap((loop) => Array.from(loop.startedMs, (ms, i) => ({ ms, loop, i })))
    .sort((a, b) => a.ms - b.ms);
  const merged = (field: keyof Requests): number[] => order.map(({ loop, i }) => loop[field][i]!);
  return {
    dueMs: Float64Array.from(merged('dueMs')),
    startedMs: Float64Array.from(merged('startedMs')),
    endedMs: Float64Array.from(merged('endedMs')),
    late: Uint8Array.from(merged('late')),
  };
}

/** How often the server refused, by SQLSTATE, over several loops. */
export function mergeErrors(loops: readonly Pick<LoopSamples, 'errors'>[]): Readonly<Record<string, number>> {
  const total: Record<string, number> = {};
  for (const { errors } of loops) {
    for (const [sqlstate, count] of Object.entries(errors)) total[sqlstate] = (total[sqlstate] ?? 0) + count;
  }
  return total;
}
