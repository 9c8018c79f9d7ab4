import { columnExpression } from './column-expression.js';
import { descending } from './descending.js';
import { distanceFunction } from './distance-function.js';
import { distinctRows } from './distinct-rows.js';
import { indexOnExpression } from './index-on-expression.js';
import { invalidIndex } from './invalid-index.js';
import { materializedCte } from './materialized-cte.js';
import { noIndex } from './no-index.js';
import { noLimit } from './no-limit.js';
import { nullsFirst } from './nulls-first.js';
import type { Obstacle } from './obstacle.js';
import { operandOfAnotherTable } from './operand-of-another-table.js';
import { operandType } from './operand-type.js';
import { operatorMismatch } from './operator-mismatch.js';
import { orderExpression } from './order-expression.js';
import { partialIndex } from './partial-index.js';
import { partitionWithoutIndex } from './partition-without-index.js';
import { rankWindow } from './rank-window.js';
import { sortedByOtherFirst } from './sorted-by-other-first.js';
import { subqueryFence } from './subquery-fence.js';
import { thresholdOnly } from './threshold-only.js';
import { volatileOperand } from './volatile-operand.js';

/**
 * Looked for in this order, each in the statement as those before it left it: first what makes a search of it, then its order,
 * then both sides of its distance, then the indexes.
 */
export const OBSTACLES: readonly Obstacle[] = [
  rankWindow,
  thresholdOnly,
  materializedCte,
  subqueryFence,
  distanceFunction,
  operandOfAnotherTable,
  volatileOperand,
  columnExpression,
  operandType,
  indexOnExpression,
  distinctRows,
  sortedByOtherFirst,
  descending,
  orderExpression,
  nullsFirst,
  noLimit,
  noIndex,
  operatorMismatch,
  invalidIndex,
  partialIndex,
  partitionWithoutIndex,
];
