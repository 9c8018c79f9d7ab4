import type { SelectStmt } from 'libpg-query';
import type { ColumnUse } from '../nodes.js';

/** What the text of a SELECT asks for that costs much, and that no rewrite with the same rows is known for. */
export type TextCause =
  /** An index on the column does not know what is computed from it. */
  | { readonly code: 'computed-column'; readonly data: { readonly expression: string; readonly use: ColumnUse } }
  /** Where the pattern begins with a wildcard, no B-tree finds its rows; the text may not show it. */
  | { readonly code: 'pattern'; readonly data: { readonly use: ColumnUse; readonly isShown: boolean } }
  /** Rows that are read to be left out; null: the text does not show how many. */
  | { readonly code: 'offset'; readonly data: { readonly rows: number | null } }
  | { readonly code: 'random-order'; readonly data: { readonly limited: boolean } };

export interface CauseFinder {
  readonly code: TextCause['code'];
  readonly find: (select: SelectStmt) => readonly TextCause[];
}
