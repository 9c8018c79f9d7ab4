import type { Returned } from '../../../returns.js';

/**
 * What a statement does with the nearest rows. Exact strategies hand over all rows that match; the others the nearest
 * `rows` of them, in the order of their index. A new form is one file and one line in `registry.ts`.
 */
export interface ReturnForm<Form extends Returned = Returned> {
  /** Columns that it looks at. */
  readonly columns: (form: Form) => readonly string[];
  /** Nearest rows that a complete answer is made of. */
  readonly rows: (form: Form, k: number) => number;
  /** SELECT of ids from `nearest`, whose columns are `id`, `distance` and its own by their names, quoted. */
  readonly select: (form: Form, k: number) => string;
  /** As SQL has it, for people: what is asked beside the filter. */
  readonly text: (form: Form) => string;
}
