import type { TableUnderTest } from '../../measure/index.js';
import type { KindName, RecordOf, RequestOf } from '../../results/index.js';
import type { Indexes } from '../build/indexes.js';
import type { RunContext } from '../context.js';
import type { PreparedFilter } from '../filtered/task.js';
import type { HybridLegs } from '../hybrid/legs.js';
import type { PreparedHybrid } from '../hybrid/prepare.js';
import type { SubsetTable } from '../table/subset.js';
import type { VerifiedTable } from '../table/verified-table.js';
import type { TruthMismatch } from '../table/verify-truth.js';

/** What a measurement has to work with. */
export interface Bench extends RunContext {
  readonly indexes: Indexes;
  /** The table with so many rows; undefined: all of them. */
  subsetTable(rows: number | undefined): Promise<SubsetTable>;
  /** A table whose exact neighbours were verified; `others` (unquoted) are read as well. */
  verifiedTable(table: SubsetTable, others?: readonly string[]): Promise<VerifiedTable>;
  /** How the exact answers of a filter differ from what the server's own scan finds; null when they agree. */
  verifiedFilter(table: TableUnderTest, filter: PreparedFilter): Promise<TruthMismatch | null>;
  /** The same of the exact vector legs of a hybrid workload. */
  verifiedLegs(table: TableUnderTest, prepared: PreparedHybrid): Promise<TruthMismatch | null>;
  readonly legsOf: HybridLegs;
}

/** Measures what was asked together; gives a record for each request, in their order. */
export type Handler<K extends KindName> = (
  bench: Bench,
  requests: readonly RequestOf<K>[],
) => Promise<readonly RecordOf<K>[]>;

/** A handler of measurements that have nothing to do with each other. */
export const oneByOne =
  <K extends KindName>(measure: (bench: Bench, request: RequestOf<K>) => Promise<RecordOf<K>>): Handler<K> =>
  async (bench, requests) => {
    const records: RecordOf<K>[] = [];
    for (const request of requests) records.push(await measure(bench, request));
    return records;
  };
