import { PgvtuneError } from '../errors.js';
import { grammar } from './grammar.js';
import { locksRows, nodesIn, writesRows } from './nodes.js';
import { readSelect } from './read-select.js';

/** One SELECT that rows are taken from. */
export interface RowsQuery {
  readonly root: ReturnType<typeof readSelect>;
  /** As it was given, up to its semicolon. */
  readonly text: string;
}

/** @throws {PgvtuneError} `usage` for more than one SELECT, one that writes or locks rows, or has parameters */
export function readRowsQuery(given: string): RowsQuery {
  const root = readSelect(given);
  const refuse = (why: string, hint: string): PgvtuneError =>
    new PgvtuneError('usage', `Rows cannot be taken from the query: ${why}.`, { hint });
  if (writesRows(root)) throw refuse('it writes', 'Give a SELECT that only reads.');
  if (locksRows(root)) {
    throw refuse('it locks rows (FOR UPDATE)', 'Leave the lock out: rows are read on one snapshot.');
  }
  if ([...nodesIn(root)].some((node) => 'ParamRef' in node)) {
    throw refuse('it has parameters', 'Write constants for them.');
  }
  // The grammar counts bytes; a statement that ends with the text has no length.
  const { stmt_location: start = 0, stmt_len: length } = grammar().parse(given).stmts![0]!;
  const bytes = Buffer.from(given);
  return {
    root,
    text: bytes
      .subarray(start, length === undefined ? undefined : start + length)
      .toString()
      .trim(),
  };
}
