import { PgvtuneError } from '../errors.js';

export interface Refusal {
  /** In the words of the server. */
  readonly why: string;
  readonly sqlstate: string;
}

/** What is wrong with a text or a value that somebody wrote, as the server sees it; null where it failed for another reason. */
export function refusalOf(error: unknown): Refusal | null {
  const { sqlstate, cause } = error instanceof PgvtuneError ? error : {};
  // Data (22), syntax and names (42), what is not supported there (0A). A right that is missing (42501) is not the text's fault.
  if (sqlstate === undefined || sqlstate === '42501' || !/^(22|42|0A)/.test(sqlstate)) return null;
  return { why: cause instanceof Error ? cause.message : String(error), sqlstate };
}
