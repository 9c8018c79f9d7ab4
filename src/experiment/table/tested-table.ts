import type { Dataset } from '../../datasets/index.js';
import type { PgvtuneError } from '../../errors.js';
import { type Clock, type TableUnderTest, type Watch, watchConditions } from '../../measure/index.js';
import { listIndexes, type Session, type Workspace } from '../../postgres/index.js';
import type { BuildRecord } from '../../results/index.js';
import type { Metric } from '../../vocabulary.js';
import { selectQueries, toArm } from '../points/arm.js';
import { doubtTruth } from './verify-truth.js';
import type { Fidelity } from './subset.js';
import { filteredTask, type FilteredTaskContext, type FilterRun } from '../filtered/task.js';
import type { Instruments } from '../points/instruments.js';

export interface TestedTableContext {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly dataset: Dataset;
  readonly metric: Metric;
  /** Numbers of the dataset's queries that the run asks, in its random order. */
  readonly order: readonly number[];
  readonly instruments: Instruments;
  readonly clock: Clock;
}

/** A table whose exact neighbours were put to the proof, with the indexes that stand on it now. */
export interface TestedTable {
  readonly table: TableUnderTest;
  /** Why its exact neighbours cannot be believed; null when they were proved. */
  readonly doubt: PgvtuneError | null;
  /** Looks at what happens to the table, since its exact neighbours were put to the proof. */
  readonly watch: Watch;
}

const EXACT_SCAN: Pick<BuildRecord, 'request' | 'index'> = {
  request: { spec: { method: 'none', storage: 'vector', parameters: {} }, repeat: 0 },
  index: null,
};

/**
 * Puts the exact neighbours of each table to the proof before anything is measured on it, once.
 *
 * @returns of a table, with what stands on it and on some others (unquoted names) that are read as well
 */
export function createTestedTables(
  context: TestedTableContext,
): (fidelity: Fidelity, others?: readonly string[]) => Promise<TestedTable> {
  const { session, workspace, dataset, metric, order, clock } = context;
  const tested = new Map<string, Omit<TestedTable, 'table'>>();

  return async ({ table: name, truth }, others = []) => {
    const indexes: string[] = [];
    for (const read of new Set([name, ...others])) {
      indexes.push(...(await listIndexes(session, workspace.quote(read))));
    }
    const table: TableUnderTest = {
      schema: workspace.schema,
      name,
      indexes,
      quote: (relation) => workspace.quote(relation),
    };
    let seen = tested.get(name);
    if (!seen) {
      const queries = selectQueries(dataset.queries, order);
      const request = { workload: { kind: 'plain' as const, k: truth.k }, settings: {} };
      const arm = toArm({ workspace, metric, table: name, queries }, request, EXACT_SCAN);
      const doubt = await doubtTruth({ session, table, arm, dataset, order, truth });
      const { alone } = context.instruments;
      seen = { doubt, watch: await watchConditions({ session, table: workspace.quote(name), clock, alone }) };
      tested.set(name, seen);
    }
    return { table, ...seen };
  };
}

/**
 * Puts the exact answers of a filter to the proof of the server's own scan, as {@link createTestedTables} does those
 * without one.
 */
export async function doubtFilter(
  { session, ...context }: FilteredTaskContext & { readonly session: Session },
  table: TableUnderTest,
  run: FilterRun,
): Promise<PgvtuneError | null> {
  const { question, filter, join, order, truth } = run;
  const workload = { kind: 'filtered' as const, k: question.k, filter, join, strategy: 'exact-scan' };
  const build = { type: 'build', key: 'none', attempt: 1, startedAt: '', status: 'ok', reason: null } as const;
  const exact: BuildRecord = { ...build, ...EXACT_SCAN, seconds: 0, settings: {}, notices: [], findings: [] };
  const task = filteredTask(context, run, { request: { workload, settings: {} }, builds: [exact] });
  return doubtTruth({ session, table, arm: task.arm(order.length), dataset: context.dataset, order, truth });
}
