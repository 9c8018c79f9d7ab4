import { PgvtuneError } from '../errors.js';

/** @param why a clause about the statement: `it has DISTINCT` */
export const refusedSearch = (
  why: string,
  { hint, cause }: { readonly hint?: string; readonly cause?: unknown } = {},
): PgvtuneError =>
  new PgvtuneError('usage', `The statement cannot be measured: ${why}.`, {
    hint:
      hint ??
      'Give one SELECT that orders by the distance to a parameter and ends with a LIMIT; joins and conditions are welcome.',
    cause,
  });
