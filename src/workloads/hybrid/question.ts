import { literal } from '../../identifiers.js';
import type { Column } from '../../columns.js';
import type { Filter } from '../../filter.js';
import type { QuerySet } from '../../query-set.js';
import type { MatchingRows } from '../filtered/index.js';
import type { IndexSpec, Metric, SearchSettings, TextSpec } from '../../vocabulary.js';

/** The two sides of a hybrid search. */
export type Side = 'vector' | 'text';

/** What is asked, whatever the strategy: the k best rows for a query's vector and its text. */
export interface HybridQuestion {
  readonly k: number;
  readonly metric: Metric;
  /** The queries that are asked, in the run's order. */
  readonly queries: QuerySet;
  /** Their texts, as people typed them: they may hold anything but zero bytes. */
  readonly texts: readonly string[];
  readonly text: TextSpec;
  /** The rows that count; null: all. */
  readonly filter: HybridFilter | null;
}

/** A filter beside vector and text, such as the tenant whose rows are searched. */
export interface HybridFilter {
  /** As it is asked. */
  readonly filter: Filter;
  /** With the values of the queries. */
  readonly matching: Pick<MatchingRows, 'filters' | 'ofQuery' | 'matches' | 'rows'>;
  readonly columns: readonly Column[];
}

/** The table of the query, and the text indexes on it. */
export interface HybridPlace {
  /** Quotes the name of a table or index and, if need be, puts its schema before it. */
  readonly quote: (name: string) => string;
  /** Unquoted name of the table `(id bigint, embedding vector, content text)`, with what the text leg adds to it. */
  readonly table: string;
  /** Unquoted name of the table of how many rows each lexeme is in, `(lexeme text, documents int)`, for legs that make it. */
  readonly lexemes: string;
  /** Of the vector index; the exact scan's when there is none. */
  readonly spec: IndexSpec;
  /** Unquoted name of the text index. */
  readonly textIndex: string;
  /** In the form in which no index serves an order by distance that is to be exact. */
  readonly isProtected?: boolean;
}

/** A question in a place with the settings to answer it: all that a statement is made of. */
export interface Asked {
  readonly question: HybridQuestion;
  readonly place: HybridPlace;
  readonly settings: SearchSettings;
}

/** The query's text, as the statements name it. */
export const TEXT = '$2::text';
/** Number of the filter's first parameter until the statement is bound: then they follow those of vector and text. */
export const FILTER = 9001;

/** A text search configuration in SQL: `'russian'`, `'public.mine'`; its parts are quoted where they have to be. */
export function regconfig(language: string): string {
  const part = (name: string): string => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);
  return literal(language.split('.').map(part).join('.'));
}

/** A number as a constant of the type that distances and ranks have. */
export const float8 = (value: number): string => `${value}::float8`;
