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
import { unreadMigrations } from './history/unread-migrations.js';
import { cancellingRevisions } from './replay/cancelling-revisions.js';
import { doesNotFit } from './replay/does-not-fit.js';
import { duplicateIndex, redundantIndex } from './replay/duplicate-index.js';
import { oftenAltered } from './replay/often-altered.js';
import { recreatedIndex } from './replay/recreated-index.js';
import { renamedBack } from './replay/renamed-back.js';
import {
  droppedColumns,
  droppedConstraints,
  droppedEnums,
  droppedIndexes,
  droppedTables,
} from './replay/short-lived.js';
import { typeSteps } from './replay/type-steps.js';

/** The checks of a history. Findings of one severity are reported in this order. */
export const historyChecks = [
  brokenFile,
  cyclicHistory,
  brokenChain,
  duplicateRevision,
  severalHeads,
  unreadMigrations,
  failsForCertain,
  doesNotFit,
  dataWithSchema,
  duplicateIndex,
  recreatedIndex,
  redundantIndex,
  typeSteps,
  renamedBack,
  cancellingRevisions,
  conditionalOperations,
  noDowngrade,
  emptyRevision,
  oftenAltered,
  droppedTables,
  droppedColumns,
  droppedIndexes,
  droppedConstraints,
  droppedEnums,
  branchPoints,
] as const;

export type HistoryFinding = FindingOf<(typeof historyChecks)[number]>;
