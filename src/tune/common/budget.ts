import type { BuildRequest, Omission } from '../../results/index.js';
import { mostBuildSeconds } from './build-seconds.js';
import type { Heard } from './remember.js';

/** How much time a search has. All it knows of time are the records that it heard: a run that is resumed decides the same. */
export interface Budget {
  /** Seconds that are left; never negative. */
  left(): number;
  /** Of what is left now, this share; what a part leaves over, the others have. */
  part(share: number): Budget;
  /** Seconds that an index may take to build; null: nothing like it was built. */
  buildSeconds(request: BuildRequest): number | null;
  /** Says what is not measured for want of time. */
  omit(what: Omission): void;
}

/** @param rows of the table */
export function openBudget(
  seconds: number,
  { heard, rows, omissions }: { readonly heard: Heard; readonly rows: number; readonly omissions: Omission[] },
): Budget {
  const until = (end: number): Budget => ({
    left: () => Math.max(0, end - heard.spentSeconds),
    part: (share) => until(heard.spentSeconds + share * Math.max(0, end - heard.spentSeconds)),
    buildSeconds: (request) => mostBuildSeconds(request, heard.builds.values(), rows),
    omit: (what) => void omissions.push(what),
  });
  return until(seconds);
}

/** Whether there is time for something beside what is `reserved`; always where the time is not bounded. */
export const hasTime = (budget: Budget | undefined, seconds: number, reserved = 0): boolean =>
  budget === undefined || seconds + reserved <= budget.left();
