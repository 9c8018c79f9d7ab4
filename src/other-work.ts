/** What is left of a machine by programs that have no part in a measurement on it, as shares of the time of all its processors. */
export interface OtherWork {
  /** Used by these programs. */
  readonly share: number;
  readonly idleShare: number;
}

/** What others use can slow a measurement by as much, once it finds no processor idle. 5 % matters to no decision. */
const OTHER_WORK = 0.05;
const IDLE = 0.1;

/** Others use enough of a machine, and leave so little idle, that a measurement on it waits for a processor. */
export const isBusy = ({ share, idleShare }: OtherWork): boolean => share > OTHER_WORK && idleShare < IDLE;
