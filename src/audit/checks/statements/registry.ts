import type { FindingOf } from '../../../findings.js';
import { dominantStatement } from './dominant-statement.js';
import { evictedStatements } from './evicted-statements.js';
import { listVariants } from './list-variants.js';
import { planningDominates } from './planning-dominates.js';
import { scanningStatement } from './scanning-statement.js';
import { slowInLog } from './slow-in-log.js';
import { slowStatement } from './slow-statement.js';
import { spillingStatement } from './spilling-statement.js';
import { unboundedResult } from './unbounded-result.js';
import { unstableStatement } from './unstable-statement.js';

/** Statements that cost much. */
export const statementChecks = [
  slowStatement,
  slowInLog,
  scanningStatement,
  spillingStatement,
  dominantStatement,
  unboundedResult,
  unstableStatement,
  planningDominates,
  listVariants,
  evictedStatements,
] as const;

export type StatementFinding = FindingOf<(typeof statementChecks)[number]>;
