import type { LoggedDuration, Route } from '../audit/index.js';

/** Bins that are so much wider than the one before: what a quantile may be off by. */
const WIDTH = 1.05;

/** Adds up durations in bounded memory. */
export function durations() {
  const bins = new Map<number, number>();
  let [calls, totalMs, maximumMs] = [0, 0, 0];
  /** The upper end of the bin that the quantile is in, but no more than the maximum. */
  const quantile = (p: number): number => {
    let below = 0;
    for (const [bin, count] of [...bins].toSorted(([a], [b]) => a - b)) {
      below += count;
      if (below >= p * calls) return Math.min(maximumMs, WIDTH ** (bin + 1));
    }
    return maximumMs;
  };
  return {
    add(ms: number): void {
      calls++;
      totalMs += ms;
      maximumMs = Math.max(maximumMs, ms);
      const bin = Math.floor(Math.log(Math.max(ms, 1e-3)) / Math.log(WIDTH));
      bins.set(bin, (bins.get(bin) ?? 0) + 1);
    },
    of: (): LoggedDuration | null =>
      calls === 0 ? null : { calls, totalMs, medianMs: quantile(0.5), p95Ms: quantile(0.95), maximumMs },
  };
}

const MOST_ROUTES = 100;
const MOST_SHOWN = 5;

/** Counts where statements come from. Of more routes than are kept, later ones are not counted. */
export function routes() {
  const counts = new Map<string, number>();
  return {
    add(route: string | null): void {
      if (route !== null && (counts.has(route) || counts.size < MOST_ROUTES))
        counts.set(route, (counts.get(route) ?? 0) + 1);
    },
    of: (): readonly Route[] =>
      [...counts]
        .map(([route, calls]) => ({ route, calls }))
        .toSorted((a, b) => b.calls - a.calls)
        .slice(0, MOST_SHOWN),
  };
}
