import { type DatabaseSnapshot, type Index, measurableIndexes, type MeasuredIndex } from '../../../audit/index.js';
import { latencyQuantile } from '../../../analysis/index.js';
import { PgvtuneError } from '../../../errors.js';
import { monotonicClock } from '../../../measure/index.js';
import type { Server, Session } from '../../../postgres/index.js';
import type { Reporter } from '../../../progress.js';
import { relationText } from '../../explain/relations.js';
import { measureLiveRecall } from '../../recall/measure.js';

const K = 10;
const QUERIES = 50;

export interface MeasureOptions {
  /** What one statement may take. */
  readonly deadlineMs: number;
  readonly reporter: Reporter;
}

/**
 * Measures the recall of every index on vectors, as `recall` does: each query is answered once more by a scan of the whole table. Reads
 * only.
 *
 * @throws {PgvtuneError} `server` when it cannot be reached; `interrupted`
 */
export async function measureIndexes(
  server: Server,
  { indexes, tables, columns }: Pick<DatabaseSnapshot, 'indexes' | 'tables' | 'columns'>,
  options: MeasureOptions,
): Promise<readonly MeasuredIndex[]> {
  const session = await server.connect('audit');
  try {
    const measured: MeasuredIndex[] = [];
    for (const index of measurableIndexes({ indexes })) {
      const table = tables.find(({ oid }) => oid === index.tableOid)!;
      const column = columns.find(
        ({ tableOid, number }) => tableOid === index.tableOid && number === index.keys[0]!.column,
      );
      measured.push(await measureIndex(session, index, { table: relationText(table), column: column?.name }, options));
    }
    return measured;
  } finally {
    await session.close();
  }
}

async function measureIndex(
  session: Session,
  { oid, name }: Index,
  on: { readonly table: string; readonly column: string | undefined },
  options: MeasureOptions,
): Promise<MeasuredIndex> {
  const nothing = { indexOid: oid, k: K, queries: 0, recall: null, medianMs: null, settings: [] };
  try {
    const { measured, verdict, asked } = await measureLiveRecall({
      ...options,
      ...on,
      session,
      index: name,
      k: K,
      queries: QUERIES,
      settings: {},
      seed: 1,
      clock: monotonicClock,
    });
    if (!measured) return { ...nothing, outcome: verdict === 'no index used' ? 'no-index-used' : 'void' };
    const { value, low, high } = measured.recall.mean;
    const median = latencyQuantile({ latencyMs: measured.latencyMs.again }, 0.5)?.estimate;
    return {
      indexOid: oid,
      outcome: 'measured',
      k: asked.k,
      queries: measured.recall.queries,
      recall: { value, low: low ?? 0, high: high ?? 1 },
      medianMs: median?.value ?? null,
      settings: Object.entries(asked.settings).map(([setting, set]) => `${setting}=${set}`),
    };
  } catch (error) {
    // What is wrong with one table says nothing of the others.
    const isOfTable =
      error instanceof PgvtuneError &&
      (error.code === 'usage' || error.code === 'dataset' || (error.code === 'server' && error.sqlstate !== undefined));
    if (isOfTable) return { ...nothing, outcome: 'refused' };
    throw error;
  }
}
