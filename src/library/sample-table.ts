import { type Dataset, HELD_OUT_QUERIES, importDataset } from '../datasets/index.js';
import { type LiveTableReport, type NamedJoin, openLiveTable } from '../live/index.js';
import type { Metric } from '../vocabulary.js';
import { commonOf, type CommonOptions, DEADLINE_MS } from './defaults.js';
import { withSession } from './with-session.js';

export interface SampleTableOptions extends CommonOptions {
  /** A table or a view as in SQL: `app.items`. */
  readonly table?: string;
  /** Instead of a table: one SELECT that only reads. */
  readonly query?: string;
  /** Default: the only column of vectors. */
  readonly column?: string;
  /** Column of the text to search. */
  readonly text?: string;
  /** Columns to keep beside the vectors: `tenant_id`, or `documents.tenant_id` of a table that it refers to. */
  readonly attributes?: readonly string[];
  /** Ways to other tables that no foreign key says: the column of the table before, and whose primary key it refers to. */
  readonly joins?: readonly NamedJoin[];
  /** Rows to draw, besides those that are held out as queries. */
  readonly rows: number;
  /** Rows to hold out as queries. Default: a tenth of the rows, at most 10,000. */
  readonly queries?: number;
  /** A condition in SQL that the rows have to meet. */
  readonly where?: string;
  /** Default: the metric of the indexes on the column. */
  readonly metric?: Metric;
  /** Name of the dataset. Default: that of the table. */
  readonly name?: string;
  /** Folder of the datasets. Default `datasets`. */
  readonly store?: string;
  /** Milliseconds that one statement may take. Default 30,000. */
  readonly deadlineMs?: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * A true random sample of a live table, view or query, which is only read, as a dataset in the store.
 *
 * @param server `env`, or a `postgres://` URL
 * @throws {PgvtuneError} `usage`, `dataset`, `server`, as `pgvtune dataset sample`
 */
export async function sampleTable(
  server: string,
  options: SampleTableOptions,
): Promise<{ readonly dataset: Dataset; readonly sample: LiveTableReport }> {
  const { rows, store = 'datasets', deadlineMs = DEADLINE_MS, seed = 1, name } = options;
  const queries = options.queries ?? Math.max(1, Math.min(HELD_OUT_QUERIES, Math.floor(rows / 10)));
  const { reporter, signal } = commonOf(options);
  return withSession(server, { ...options, purpose: 'sample', readOnly: true }, async (session, { label }) => {
    const source = await openLiveTable({
      session,
      server: label,
      table: options.table,
      query: options.query,
      column: options.column,
      text: options.text,
      attributes: options.attributes ?? [],
      joins: options.joins ?? [],
      rows: rows + queries,
      where: options.where,
      metric: options.metric,
      seed,
      deadlineMs,
      reporter,
    });
    const dataset = await importDataset(store, source, {
      ...(name === undefined ? {} : { name }),
      queries,
      seed,
      signal,
    });
    return { dataset, sample: source.report() };
  });
}
