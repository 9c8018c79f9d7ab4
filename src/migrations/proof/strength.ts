import type { StatementFailure } from './scripts.js';

/** Of the statements of a history, how many were left out when it was built. */
export interface BuiltInPart {
  readonly statements: number;
  readonly leftOut: readonly StatementFailure[];
}

/** Above this the catalogs that are compared are not those of the history. */
const MOST_LEFT_OUT = 0.5;

/** Whether so much was left out of the history that equal catalogs show nothing of it. */
export const isMostlyLeftOut = ({ statements, leftOut }: BuiltInPart): boolean =>
  leftOut.length > MOST_LEFT_OUT * statements;
