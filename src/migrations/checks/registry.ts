import type { FindingOf } from '../../findings.js';
import { branchPoints } from './history/branch-points.js';
import { brokenChain } from './history/broken-chain.js';
import { brokenFile } from './history/broken-file.js';
import { conditionalOperations } from './history/conditional-operations.js';
import { cyclicHistory } from './history/cyclic-history.js';
import { dataWithSchema } from './history/data-with-schema.js';
import { duplicateRevision } from './history/duplicate-revision.js';
import { emptyRevision } from './history/empty-revision.js';
import { failsForCertain } from './history/fails-for-certain.js';
import { noDowngrade } from './history/no-downgrade.js';
import { severalHeads } from './history/several-heads.js';

/** The checks of a history. Findings of one severity are reported in this order. */
export const historyChecks = [
  brokenFile,
  cyclicHistory,
  brokenChain,
  duplicateRevision,
  severalHeads,
  failsForCertain,
  dataWithSchema,
  conditionalOperations,
  noDowngrade,
  emptyRevision,
  branchPoints,
] as const;

export type HistoryFinding = FindingOf<(typeof historyChecks)[number]>;
