import type { Dataset } from '../../datasets/index.js';
import type { Truth } from '../../exact/index.js';
import { type Clock, type TableUnderTest, type Watch, watchConditions } from '../../measure/index.js';
import { storedTables } from '../../indexes/index.js';
import { listIndexes, type Session, type Workspace } from '../../postgres/index.js';
import type { QuerySet } from '../../query-set.js';
import type { BuildRecord } from '../../results/index.js';
import type { Layout, Metric } from '../../vocabulary.js';
import { KEY_INDEX, legQuery } from '../../workloads/index.js';
import { hybridPlace } from '../hybrid/legs.js';
import type { PreparedHybrid } from '../hybrid/prepare.js';
import { armOf, toArm } from '../points/arm.js';
import { type TruthMismatch, verifyTruth } from './verify-truth.js';
import type { SubsetTable } from './subset.js';
import { filteredTask, type FilteredTaskContext, type PreparedFilter } from '../filtered/task.js';
import type { Instruments } from '../points/instruments.js';

export interface VerifiedTableContext {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly dataset: Dataset;
  readonly metric: Metric;
  readonly layout: Layout;
  /** The queries that the run asks, in its random order. */
  readonly queries: QuerySet;
  readonly instruments: Instruments;
  readonly clock: Clock;
}

/** A table whose exact neighbours were verified, with the indexes that exist on it now. */
export interface VerifiedTable {
  readonly table: TableUnderTest;
  /** How its exact neighbours differ from what the server's own scan finds; null when they agree. */
  readonly mismatch: TruthMismatch | null;
  /** Looks at what happens to the table since its exact neighbours were verified. */
  readonly watch: Watch;
}

const EXACT_SCAN: Pick<BuildRecord, 'request' | 'index'> = {
  request: { spec: { method: 'none', representation: 'vector', parameters: {} }, repeat: 0 },
  index: null,
};

/**
 * Verifies the exact neighbours of each table once, before anything is measured on it.
 *
 * @returns the table with the indexes on it and on others (unquoted names) that are read as well
 */
export function createVerifiedTables(
  context: VerifiedTableContext,
): (table: SubsetTable, others?: readonly string[]) => Promise<VerifiedTable> {
  const { session, workspace, dataset, metric, layout, queries, clock } = context;
  const verified = new Map<string, Omit<VerifiedTable, 'table'>>();

  return async ({ name, truth }, others = []) => {
    const indexes: string[] = [];
    for (const read of new Set([name, ...others])) {
      const all = await listIndexes(session, workspace.quote(read));
      indexes.push(...all.filter((index) => index !== KEY_INDEX));
    }
    const table: TableUnderTest = {
      schema: workspace.schema,
      name,
      stored: storedTables(name, layout),
      indexes,
      quote: (relation) => workspace.quote(relation),
    };
    let seen = verified.get(name);
    if (!seen) {
      const request = { workload: { kind: 'plain' as const, k: truth.k }, settings: {} };
      const arm = toArm({ workspace, metric, layout, table: name, queries }, request, EXACT_SCAN);
      const mismatch = await verifyTruth({ session, table, arm, dataset, queries, truth });
      const { alone } = context.instruments;
      seen = { mismatch, watch: await watchConditions({ session, table: workspace.quote(name), clock, alone }) };
      verified.set(name, seen);
    }
    return { table, ...seen };
  };
}

/** Verifies the exact answers of each filter once, as {@link createVerifiedTables} does those without one. */
export function createVerifiedFilters(
  context: FilteredTaskContext & { readonly session: Session },
): (table: TableUnderTest, filter: PreparedFilter) => Promise<TruthMismatch | null> {
  const verified = new Map<PreparedFilter, TruthMismatch | null>();
  return async (table, prepared) => {
    const before = verified.get(prepared);
    if (before !== undefined) return before;
    const { question, filter, join, returns, truth } = prepared;
    const { queries } = question;
    const workload = { kind: 'filtered' as const, k: question.k, filter, join, returns, strategy: 'exact-scan' };
    const build = { type: 'build', key: 'none', attempt: 1, startedAt: '', status: 'ok', reason: null } as const;
    const exact: BuildRecord = { ...build, ...EXACT_SCAN, seconds: 0, settings: {}, notices: [], findings: [] };
    const task = filteredTask(context, prepared, { request: { workload, settings: {} }, builds: [exact] });
    const { session, dataset } = context;
    const mismatch = await verifyTruth({ session, table, arm: task.arm(queries.size), dataset, queries, truth });
    verified.set(prepared, mismatch);
    return mismatch;
  };
}

/** Verifies the exact vector legs of each hybrid workload once. What its text finds, the server itself has said. */
export function createVerifiedLegs({
  session,
  workspace,
  dataset,
}: Pick<VerifiedTableContext, 'session' | 'workspace' | 'dataset'>): (
  table: TableUnderTest,
  prepared: PreparedHybrid,
) => Promise<TruthMismatch | null> {
  const verified = new Map<Truth, TruthMismatch | null>();
  return async (table, { question, near }) => {
    const before = verified.get(near);
    if (before !== undefined) return before;
    const { queries } = question;
    const place = hybridPlace(workspace, EXACT_SCAN.request.spec, null);
    const scan = armOf(legQuery('vector', near.k, { question, place, settings: {} }), queries.size);
    const arm = { ...scan, key: scan.statement.name };
    const mismatch = await verifyTruth({ session, table, arm, dataset, queries, truth: near });
    verified.set(near, mismatch);
    return mismatch;
  };
}
