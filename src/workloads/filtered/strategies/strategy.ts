import type { QuerySet } from '../../../query-set.js';
import type { Join } from '../../../filter.js';
import type { Returned } from '../../../returns.js';
import type { SearchKnob } from '../../../indexes/index.js';
import type { FilterLimit } from '../../../results/index.js';
import type { IndexSpec, ColumnIndexSpec, Metric, Placement, SearchSettings } from '../../../vocabulary.js';
import type { WorkloadQuery } from '../../query.js';
import type { Column } from '../columns.js';
import type { MatchingRows } from '../matching-rows.js';
import type { PlanRule } from '../plan-rule.js';

/** The table of vectors: `(id bigint, embedding vector, …)`. */
export const ITEMS = 'items';

/** What is asked, whatever the strategy: the k nearest among the rows that a query's filter leaves. */
export interface FilteredQuestion {
  readonly k: number;
  readonly metric: Metric;
  /** The queries that are asked, in the run's order. */
  readonly queries: QuerySet;
  /** Their filters. */
  readonly matching: Pick<MatchingRows, 'filters' | 'ofQuery' | 'matches' | 'rows' | 'orphans'>;
  readonly columns: readonly Column[];
  /** Where the filter's columns are stored, when it is not the table of the vectors. */
  readonly join: Join | null;
  /** What of the nearest rows is returned; absent: the k nearest. */
  readonly returns?: Returned | undefined;
  /** Version of the extension. */
  readonly pgvector: string;
  /** Where a strategy may choose by the number of matching rows: fewer than this are sorted exactly. */
  readonly exactBelowRows: number;
}

/** An index that a strategy needs. */
export type NeededIndex =
  | { readonly kind: 'vector'; readonly spec: IndexSpec; readonly placement: Placement | null }
  | { readonly kind: 'column'; readonly spec: ColumnIndexSpec };

/** Where the query runs. */
export interface QueryPlace {
  /** Quotes the name of a table and, if need be, puts its schema before it. */
  readonly quote: (table: string) => string;
  /** The column by which rows name an entry of a joined table, as SQL writes it; absent: `id`. */
  readonly keyOf?: (table: string) => string;
  /** In the form in which no other index can take the query over; for strategies that have one. */
  readonly isProtected?: boolean;
}

/** What a configuration and the records call a strategy; how people call it is a matter of the report. */
export type FilteredStrategyName =
  | 'exact-scan'
  | 'pre-filter'
  | 'block-ranges'
  | 'post-filter'
  | 'iterative-relaxed'
  | 'iterative-strict'
  | 'partial-index'
  | 'list-partitions'
  | 'range-partitions'
  | 'hash-partitions'
  | 'by-class-size'
  | `denormalised-${'pre-filter' | 'iterative-relaxed' | 'partial-index' | 'by-class-size'}`;

/**
 * A way to serve filtered queries, as data and pure functions of the question and of the vector index's spec (which is
 * the exact scan's for strategies without a vector index). A new strategy is one file and one line in `registry.ts`.
 */
export interface FilteredStrategy {
  readonly name: FilteredStrategyName;
  /** False: it needs no vector index, and its answers are exact. */
  readonly isApproximate: boolean;
  /**
   * What of the data it needs a second time: the whole table, in partitions, or the joined table's columns, beside the
   * rows. The latter serves questions with a join, and no others.
   */
  readonly copies?: 'table' | 'columns';
  /** Why it cannot serve the question; null when it can. Nothing else may be asked of it before. */
  readonly limit: (question: FilteredQuestion, spec: IndexSpec) => FilterLimit | null;
  /**
   * How it is kept from other indexes that the planner may like better. `materialized`: the rows that match are gathered
   * before they are sorted, so that no vector index can serve the order. `enable_sort`: an exact plan is made
   * unattractive by that setting. Null: there is no such form.
   */
  readonly protection: 'materialized' | 'enable_sort' | null;
  /** The indexes that must exist; every other index on the tables is hidden while it is measured. */
  readonly indexes: (question: FilteredQuestion, spec: IndexSpec) => readonly NeededIndex[];
  /** Settings that make it this strategy. */
  readonly settings: (question: FilteredQuestion, spec: IndexSpec) => SearchSettings;
  /** Settings that can be tuned besides. */
  readonly knobs: (question: FilteredQuestion, spec: IndexSpec) => readonly SearchKnob[];
  readonly query: (question: FilteredQuestion, spec: IndexSpec, place: QueryPlace) => WorkloadQuery;
  /** @param names the names of its indexes, in any order */
  readonly planRule: (question: FilteredQuestion, spec: IndexSpec, names: readonly string[]) => PlanRule;
}
