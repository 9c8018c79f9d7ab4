import type { FindingOf } from '../../../findings.js';
import { nearestInLoop } from './nearest-in-loop.js';
import { queryForEachRow } from './query-for-each-row.js';
import { queryInLoop } from './query-in-loop.js';
import { repeatedQuery } from './repeated-query.js';
import { rowByRowInsert } from './row-by-row-insert.js';
import { writeInLoop } from './write-in-loop.js';

/** Statements that an application sends one at a time, where one would do. */
export const nPlusOneChecks = [
  queryForEachRow,
  queryInLoop,
  nearestInLoop,
  repeatedQuery,
  rowByRowInsert,
  writeInLoop,
] as const;

export type NPlusOneFinding = FindingOf<(typeof nPlusOneChecks)[number]>;
