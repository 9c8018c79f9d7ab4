import type { SelectStmt } from 'libpg-query';

/** What was written otherwise, and where the same rows are certain. */
export type StatementChange =
  /** A count that only says whether there is a row; the text does not show the number behind a parameter. */
  | { readonly code: 'exists'; readonly data: { readonly where: readonly ParameterValue[] } }
  | { readonly code: 'not-exists'; readonly data: { readonly column: string } }
  | { readonly code: 'union-all'; readonly data: { readonly branches: number } }
  /** Tables that are only asked whether they have a row. */
  | { readonly code: 'semi-join'; readonly data: { readonly tables: readonly string[] } }
  /** Tables whose keys are returned. */
  | { readonly code: 'no-distinct'; readonly data: { readonly tables: readonly string[] } };

export interface ParameterValue {
  readonly parameter: number;
  readonly value: number;
}

/** What the catalog says of a table that a statement names; views and the like are left out. */
export interface KeyedTable {
  /** As the statement writes them. */
  readonly schema: string | null;
  readonly name: string;
  readonly columns: readonly KeyedColumn[];
  /** Columns of its primary key and of unique constraints, all of them NOT NULL. */
  readonly keys: readonly (readonly string[])[];
}

export interface KeyedColumn {
  readonly name: string;
  readonly notNull: boolean;
  /** Whether its `=` is PostgreSQL's own: of values that are not NULL, it says yes or no. */
  readonly comparable: boolean;
}

/**
 * Another way to write a statement that returns the same rows whatever the data, by the grammar and the constraints of its tables.
 * `apply` changes the statement in place, and returns null where that cannot be shown.
 */
export interface Rewrite {
  readonly code: StatementChange['code'];
  readonly apply: (root: SelectStmt, tables: readonly KeyedTable[]) => StatementChange | null;
}
