import type { Dataset } from '../../datasets/index.js';
import { distance, judge } from '../../exact/index.js';
import type { Workspace } from '../../postgres/index.js';
import type { BuildRecord, PointRequest } from '../../results/index.js';
import type { Metric } from '../../vocabulary.js';
import { queryVector, selectQueries, toArm } from './arm.js';
import type { SubsetTable } from '../table/subset.js';
import type { Task } from './task.js';

export interface TaskContext {
  readonly workspace: Workspace;
  readonly dataset: Dataset;
  readonly metric: Metric;
  /** Numbers of the dataset's queries that the run asks, in its random order. */
  readonly order: readonly number[];
}

/** The k nearest rows of a table, whole or in part, and nothing else. */
export function plainTask(
  { workspace, dataset, metric, order }: TaskContext,
  {
    request,
    build,
    table: { name: table, truth },
  }: { readonly request: PointRequest; readonly build: BuildRecord; readonly table: SubsetTable },
): Task {
  return {
    order,
    expected: truth.expected,
    tiesBeyondK: truth.tiesBeyondK,
    builds: [build],
    tables: [table],
    arm: (count) => {
      const queries = selectQueries(dataset.queries, order.slice(0, count));
      return toArm({ workspace, metric, table, queries }, request, build);
    },
    judge: (query, rows) => {
      const vector = queryVector(dataset.queries, order[query] ?? 0);
      return judge(truth, query, rows, (row) => distance(truth.metric, vector, dataset.vector(row)));
    },
    tell: () => ({}),
  };
}
