import { openSource } from '../datasets/index.js';
import { type LiveRecall, measureLiveRecall, readSweep } from '../live/index.js';
import { monotonicClock } from '../measure/index.js';
import { commonOf, type CommonOptions, DEADLINE_MS } from './defaults.js';
import { withSession } from './with-session.js';

export interface RecallOptions extends CommonOptions {
  /** As in SQL: `app.items`. */
  readonly table: string;
  /** Default: the only column of vectors. */
  readonly column?: string;
  /** The index to measure, where the column has several. */
  readonly index?: string;
  /** Neighbours that a query asks for. Default 10. */
  readonly k?: number;
  /** Default 200; with `by`, 75 of each group. */
  readonly queries?: number;
  /** The application's own search, with `$1` for the vector; its LIMIT is k, and `where` and `by` say nothing. */
  readonly statement?: string;
  /** A condition in SQL that answers, and rows taken as queries, have to meet. */
  readonly where?: string;
  /** Measures the rows of each value alone: a column, an expression, or `table.column` of a joined table. */
  readonly by?: string;
  /** With `by`: how many groups are measured at most. Default 20. */
  readonly groups?: number;
  /** Measures every value besides: `hnsw.ef_search=20..400`. */
  readonly sweep?: string;
  /** Settings of the session by their full names: `{ 'hnsw.ef_search': '80' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** A file with the application's query vectors. Default: rows of the table are the queries. */
  readonly queryLog?: string;
  /** Mean recall to be shown, in (0, 1). */
  readonly target?: number;
  /** Milliseconds that one statement may take. Default 30,000. */
  readonly deadlineMs?: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * Measures recall and latency of an existing index on a live table, which is only read.
 *
 * @param server `env`, or a `postgres://` URL
 * @throws {PgvtuneError} `usage`, `dataset`, `server`, as `pgvtune recall`
 */
export async function recall(server: string, options: RecallOptions): Promise<LiveRecall> {
  const { k = 10, settings = {}, deadlineMs = DEADLINE_MS, seed = 1, queryLog, target, by, groups, sweep } = options;
  const { queries = by === undefined ? 200 : 75 } = options;
  const swept = sweep === undefined ? undefined : readSweep(sweep);
  const log = queryLog === undefined ? undefined : await openSource(queryLog);
  try {
    return await withSession(server, { ...options, purpose: 'recall', readOnly: true }, (session) =>
      measureLiveRecall({
        session,
        table: options.table,
        column: options.column,
        index: options.index,
        where: options.where,
        statement: options.statement,
        k,
        queries,
        by,
        ...(groups === undefined ? {} : { groups }),
        sweep: swept,
        settings,
        log,
        target,
        deadlineMs,
        seed,
        clock: monotonicClock,
        reporter: commonOf(options).reporter,
      }),
    );
  } finally {
    log?.close();
  }
}
