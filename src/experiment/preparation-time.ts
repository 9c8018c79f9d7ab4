import type { Omission, PreparationRecord } from '../results/index.js';

/** Of a bounded time, this share at most is for what comes before the search: the rest is for measuring what was prepared. */
const SHARE = 0.5;

/**
 * How much of what a configuration asks for is prepared, where the time of a run is bounded. A run that is resumed prepares what it
 * prepared before.
 */
export interface PreparationTime {
  /** What was prepared before; null: the time decides. */
  readonly kept: PreparationRecord | null;
  /** Whether there is time for something that will probably take so long. */
  hasTime(seconds: number): boolean;
  /** Seconds since the run began. */
  spentSeconds(): number;
  /** That there are for what comes before the search, in all. */
  readonly seconds: number;
}

/** @param spentSeconds since the run began */
export const preparationTime = (
  budgetSeconds: number,
  spentSeconds: () => number,
  kept: PreparationRecord | null,
): PreparationTime => ({
  kept,
  seconds: SHARE * budgetSeconds,
  spentSeconds,
  hasTime: (seconds) => spentSeconds() + seconds <= SHARE * budgetSeconds,
});

/**
 * Things that are prepared in their order, of which only the last can be left out; the first that something comes of never is.
 *
 * @param prepareOne says whether something came of it
 */
export async function prepareInTime<Asked>(
  asked: readonly Asked[],
  prepareOne: (one: Asked) => Promise<boolean>,
  time: PreparationTime | null,
): Promise<readonly Asked[]> {
  let longest = 0;
  let isAny = false;
  for (const [number, one] of asked.entries()) {
    const isLeftOut = time !== null && (time.kept ? number >= time.kept.filters : isAny && !time.hasTime(longest));
    if (isLeftOut) return asked.slice(number);
    const start = time?.spentSeconds() ?? 0;
    isAny = (await prepareOne(one)) || isAny;
    longest = Math.max(longest, (time?.spentSeconds() ?? 0) - start);
  }
  return [];
}

/** What was prepared, and what was not. */
export interface Prepared {
  readonly filters: number;
  readonly omissions: readonly Omission[];
}
