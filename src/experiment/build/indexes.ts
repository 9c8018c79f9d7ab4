import type { Dataset } from '../../datasets/index.js';
import { PgvtuneError } from '../../errors.js';
import type { BuildRecord, BuildRequest, Journal } from '../../results/index.js';
import type { SubsetTable } from '../table/subset.js';
import type { VerifiedTable } from '../table/verified-table.js';
import { truthMismatchError } from '../table/verify-truth.js';
import { dropBuild } from '../table/load.js';
import { type BuildContext, buildIndex, whyIndexesDiffer } from './build.js';
import { indexOf } from './construction.js';

/** The indexes of a run on its server. */
export interface Indexes {
  /** Builds an index, or says why it could not be built. */
  build(request: BuildRequest): Promise<BuildRecord>;
  /** The latest record of a build, whose index exists on the server: one that an interruption took away is built again. */
  require(key: string): Promise<BuildRecord>;
  /** Drops the index of a build. */
  release(key: string): Promise<void>;
}

interface IndexesContext extends BuildContext {
  readonly dataset: Dataset;
  readonly journal: Journal;
}

export function createIndexes(
  context: IndexesContext,
  tables: {
    subset(rows: number | undefined): Promise<SubsetTable>;
    verified(table: SubsetTable): Promise<VerifiedTable>;
  },
): Indexes {
  const { journal, session, workspace } = context;
  const released = new Set<string>();

  const recorded = (key: string): BuildRecord | undefined =>
    journal.records.findLast((record): record is BuildRecord => record.type === 'build' && record.key === key);

  async function build(request: BuildRequest, attempt: number): Promise<BuildRecord> {
    const table = await tables.subset(request.rows);
    const { mismatch } = await tables.verified(table);
    // Before hours are spent on an index of rows that are not those of the exact neighbours.
    if (mismatch && !isExactScan(request)) throw truthMismatchError(mismatch, context.dataset);
    return buildIndex(context, request, { table: table.name, attempt });
  }

  async function rebuild({ key, request }: BuildRecord, attempt: number): Promise<BuildRecord> {
    const again = await build(request, attempt);
    journal.append(again);
    if (again.status === 'failed') {
      throw new PgvtuneError('server', `Building ${key} again failed (${whyOf(again)}).`, {
        hint: 'See the server log; the finished part of the run is kept.',
      });
    }
    return again;
  }

  return {
    build: (request) => build(request, 1),
    async require(key) {
      const record = recorded(key);
      if (!record) throw new TypeError(`A measurement was asked of ${key}, which was never built.`);
      if (!record.index) return record;
      // An earlier run's index went with that run.
      if (record.fromRun !== undefined) return rebuild(record, 1);
      const difference = await whyIndexesDiffer(session, workspace, [record]);
      if (difference === null) return record;
      // What one workload released and another asks for has not been lost.
      if (released.delete(key)) return rebuild(record, record.attempt);
      context.reporter.note({
        code: 'index-built-again',
        data: { index: indexOf(record.request), because: difference.code },
      });
      return rebuild(record, record.attempt + 1);
    },
    async release(key) {
      await dropBuild(context, recorded(key));
      released.add(key);
    },
  };
}

const whyOf = ({ reason }: BuildRecord): string =>
  reason?.code === 'refused' ? reason.data.message : (reason?.code ?? 'no reason given');

/** Nothing is built for it. */
const isExactScan = ({ spec, columnIndex, text }: BuildRequest): boolean =>
  spec.method === 'none' && columnIndex === undefined && text === undefined;
