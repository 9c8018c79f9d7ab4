import { setImmediate } from 'node:timers/promises';

/** A clock that stands still until everybody waits, and then jumps to the next thing that happens. */
export function virtualTime() {
  let now = 0;
  const waiting: { readonly at: number; readonly wake: () => void }[] = [];
  const until = (at: number): Promise<void> => new Promise((wake) => waiting.push({ at, wake }));
  return {
    clock: { name: 'virtual', now: () => now },
    until,
    after: (ms: number) => until(now + ms),
    /** Runs everything to its end. */
    run: async <T>(work: Promise<T>): Promise<T> => {
      const state = { done: false };
      void work.finally(() => (state.done = true)).catch(() => undefined);
      while (!state.done) {
        await setImmediate();
        // Who has waited longest wakes first.
        const next = waiting.reduce<number>((a, { at }, b) => (at < (waiting[a]?.at ?? Infinity) ? b : a), 0);
        const [event] = waiting.splice(next, 1);
        if (!event) continue;
        now = Math.max(now, event.at);
        event.wake();
      }
      return work;
    },
  };
}
