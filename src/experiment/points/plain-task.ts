import type { Dataset } from '../../datasets/index.js';
import { storedTables } from '../../indexes/index.js';
import type { Workspace } from '../../postgres/index.js';
import type { QuerySet } from '../../query-set.js';
import type { BuildRecord, PointRequest } from '../../results/index.js';
import type { Layout, Metric } from '../../vocabulary.js';
import { toArm } from './arm.js';
import { judgeRows } from './judge-rows.js';
import type { SubsetTable } from '../table/subset.js';
import type { Task } from './task.js';

export interface TaskContext {
  readonly workspace: Workspace;
  readonly dataset: Dataset;
  readonly metric: Metric;
  readonly layout: Layout;
  /** The queries that the run asks, in its random order. */
  readonly queries: QuerySet;
}

/** The k nearest rows of a table, whole or in part, and nothing else. */
export function plainTask(
  { workspace, dataset, metric, layout, queries }: TaskContext,
  {
    request,
    build,
    table: { name: table, truth },
  }: { readonly request: PointRequest; readonly build: BuildRecord; readonly table: SubsetTable },
): Task {
  return {
    queries,
    expected: truth.expected,
    tiesBeyondK: truth.tiesBeyondK,
    builds: [build],
    tables: storedTables(table, layout),
    arm: (count) => toArm({ workspace, metric, layout, table, queries: queries.slice(0, count) }, request, build),
    judge: (query, rows) => judgeRows({ dataset, queries }, truth, query, rows),
    extraFigures: () => ({}),
  };
}
