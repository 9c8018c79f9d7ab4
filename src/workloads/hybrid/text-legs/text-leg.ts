import type { SearchSettings, TextSpec } from '../../../vocabulary.js';
import type { QueryKnob } from '../../knob.js';
import type { HybridPlace } from '../question.js';

/** How a text leg asks one query; all expressions are over the columns of the table. */
export interface TextSql {
  /** Common table expressions that the others refer to: `name AS MATERIALIZED (…)`. */
  readonly with: readonly string[];
  /** Whether a row matches the query, in a form that the index can serve if it can find all matches. */
  readonly matches: string;
  /** How relevant a row is that matches: float8, the higher the better. */
  readonly score: string;
  /** The same for any row, 0 for one that does not match. */
  readonly scoreOfAny: string;
  /** Ascending order in which the index gives rows; null: it gives matches, all of which have to be read and ranked. */
  readonly order: string | null;
}

/** Names of what exists in the database, quoted and qualified. */
export interface TextNames {
  readonly table: string;
  readonly index: string;
  readonly lexemes: string;
}

/** What a configuration and the records call a way to search text; how people call it is a matter of the report. */
export type TextLegName = 'tsvector' | 'trigram' | 'trigram-match' | 'bm25';

/**
 * A way to search text, as data and pure functions. A new one is a file and a line in `registry.ts`.
 */
export interface TextLeg {
  /** As in {@link TextSpec}'s `method`. */
  readonly name: TextLegName;
  /** Extension that the server needs; null when PostgreSQL itself will do. */
  readonly extension: string | null;
  /** Whether it reads text by a text search configuration; if not, the language has no meaning to it. */
  readonly usesLanguage: boolean;
  readonly accessMethod: 'gin' | 'gist' | 'bm25';
  /** Its index gives rows in the order of their score, but cannot give all that match. */
  readonly isOrdered: boolean;
  /** Its scores cannot be had without its index, not even for a single row. */
  readonly scoresByIndex: boolean;
  readonly knobs: readonly QueryKnob[];
  /** Definitions of columns that the table needs besides `content`. */
  readonly columns: (text: TextSpec) => readonly string[];
  /** The statement that builds the index. */
  readonly createIndex: (text: TextSpec, names: TextNames) => string;
  /** Statements to run once the table is loaded, beside the index. */
  readonly prepare: (names: TextNames) => readonly string[];
  readonly sql: (text: TextSpec, place: HybridPlace, settings: SearchSettings) => TextSql;
}
