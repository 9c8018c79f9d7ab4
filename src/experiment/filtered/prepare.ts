import { shortHash } from '../../canonical-json.js';
import type { Dataset } from '../../datasets/index.js';
import { PgvtuneError } from '../../errors.js';
import { exactTruth } from '../../exact/index.js';
import type { Filter, Join } from '../../filter.js';
import { storedColumn } from '../../json-path.js';
import type { Returns } from '../../returns.js';
import type { QuerySet } from '../../query-set.js';
import { createRandom } from '../../random.js';
import type { Metric } from '../../vocabulary.js';
import {
  type Attributes,
  columnsOf,
  columnsOfJoin,
  type FilteredData,
  type Neighbours,
  drawFilter,
} from '../../workloads/index.js';
import { returnedAnswers } from './returned.js';
import type { PreparedFilter } from './task.js';

/** Nearest rows of a query that say how a filter lies to it. */
const NEAR = 100;
/** Attributes of so many rows are kept in memory; those of more are read anew for each filter. */
const MOST_ROWS_IN_MEMORY = 500_000;
/** Below so many matching rows a strategy that may choose sorts exactly, where a run measured nothing that says better. */
const EXACT_BELOW_ROWS = 2000;

export interface FilterContext {
  readonly dataset: Dataset;
  readonly metric: Metric;
  readonly k: number;
  /** The queries that the run asks, in its random order. */
  readonly queries: QuerySet;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** A filter as it is asked, in a join or without. */
export interface FilterAsk {
  readonly filter: Filter;
  readonly join: Join | null;
  /** What of the nearest rows is returned; absent: the k nearest. */
  readonly returns?: Returns | undefined;
}

/** What several filters of one dataset have in common, read once; the numbers of queries are those of the context. */
export interface FilterGround {
  readonly data: FilteredData;
  /** Of the run's queries, in its order, whatever the filter. */
  readonly near: Neighbours;
}

/** @param columns names of those that filters will look at, joins' keys among them */
export async function filterGround(
  { dataset, metric, queries, signal }: FilterContext,
  columns: readonly string[],
): Promise<FilterGround> {
  const { rows, columns: all } = dataset.manifest;
  const truth = await exactTruth(dataset, { metric, k: Math.min(NEAR, rows), queries: queries.order, signal });
  const data: FilteredData = {
    columns: all,
    rowCount: rows,
    rows: rows <= MOST_ROWS_IN_MEMORY ? remembered(dataset, new Set(columns)) : () => dataset.rows(),
    queryRows: () => dataset.queryRows(),
  };
  return { data, near: { k: truth.k, rows: truth.rows } };
}

function remembered(dataset: Dataset, columns: ReadonlySet<string>): FilteredData['rows'] {
  let rows: { readonly attributes: Attributes }[] | undefined;
  return async function* () {
    if (!rows) {
      rows = [];
      for await (const { attributes } of dataset.rows()) {
        rows.push({ attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => columns.has(name))) });
      }
    }
    yield* rows;
  };
}

/** The names of the columns that a filter, its join and what it returns look at. */
export const columnsOfAsk = ({ filter, join, returns }: FilterAsk): readonly string[] => [
  ...new Set([
    ...columnsOf(filter),
    ...columnsOfJoin(join),
    ...(returns && 'distinct' in returns ? [storedColumn(returns.distinct)] : []),
  ]),
];

/**
 * Makes a filter concrete for the run's queries, and finds its exact answers.
 *
 * @throws {PgvtuneError} `usage`: a filter or join that does not fit the columns, or that leaves no row to any query
 */
export async function prepareFilter(
  context: FilterContext,
  { data, near }: FilterGround,
  { filter, join, returns: asked }: FilterAsk,
): Promise<PreparedFilter> {
  const { dataset, metric, k, signal } = context;
  const random = createRandom(context.seed).fork(`filter ${shortHash([filter, join])}`);
  const drawn = await drawFilter(filter, data, { queries: context.queries.order, near, join, random });
  if (drawn.asked.length === 0) {
    throw new PgvtuneError(
      'usage',
      'No query can be asked with this filter: none has a value of its own, or one of that selectivity, or the filter leaves no row.',
      {
        hint: 'Ask for other values, or for a selectivity that the column has: pgvtune dataset show tells its values.',
      },
    );
  }
  const queries = context.queries.select(drawn.asked);
  const nearest = (rows: number) =>
    exactTruth(dataset, { metric, k: rows, queries: queries.order, filter: drawn, signal });
  const { returns, truth, documentOf, ranking, shortfalls } = await returnedAnswers(asked, { k, data, drawn, nearest });
  const question = {
    k,
    metric,
    queries,
    matching: drawn,
    columns: data.columns,
    join,
    returns,
    exactBelowRows: EXACT_BELOW_ROWS,
  };
  return {
    filter,
    join,
    returns,
    drawn: { ...drawn, shortfalls: [...drawn.shortfalls, ...shortfalls] },
    question,
    truth,
    documentOf,
    ranking,
  };
}
