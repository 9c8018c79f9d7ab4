import type { FindingOf } from '../../../findings.js';
import { nearestInLoop } from './nearest-in-loop.js';
import { queryForEachRow } from './query-for-each-row.js';
import { rowByRowInsert } from './row-by-row-insert.js';

/** Statements that an application sends one at a time, where one would do. */
export const nPlusOneChecks = [queryForEachRow, nearestInLoop, rowByRowInsert] as const;

export type NPlusOneFinding = FindingOf<(typeof nPlusOneChecks)[number]>;
