/**
 * What went wrong, in one of a few kinds.
 *
 * - `usage`: a flag, argument or configuration key that cannot be meant.
 * - `dataset`: a file or table whose vectors cannot be used as they are.
 * - `server`: PostgreSQL refused, failed or went away.
 * - `environment`: this machine lacks something (binaries, memory, disk, permission).
 * - `interrupted`: somebody pressed Ctrl-C; what was finished is kept.
 */
export type ErrorCode = 'usage' | 'dataset' | 'server' | 'environment' | 'interrupted';

/** Everything beside the message that an error can carry. */
export interface ErrorDetails {
  /** What to do about it: one sentence in the imperative. */
  readonly hint?: string;
  /** PostgreSQL's five-character SQLSTATE, when the server raised it. */
  readonly sqlstate?: string;
  /** The time limit of the statement, in milliseconds, when this program gave up on it. */
  readonly deadlineMs?: number;
  readonly cause?: unknown;
}

/** The one error this program throws on purpose: its message says what happened and where, its hint what to do. */
export class PgvtuneError extends Error {
  override readonly name = 'PgvtuneError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly sqlstate: string | undefined;
  readonly deadlineMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.sqlstate = details.sqlstate;
    this.deadlineMs = details.deadlineMs;
  }
}

/** Process exit codes; see the README's table. */
export const EXIT = {
  done: 0,
  /** The answer is "no": target not reachable, regression found, a check failed. */
  no: 1,
  usage: 2,
  inconclusive: 3,
  failed: 4,
  interrupted: 130,
} as const;

const EXIT_BY_CODE: Record<ErrorCode, number> = {
  usage: EXIT.usage,
  dataset: EXIT.usage,
  server: EXIT.failed,
  environment: EXIT.failed,
  interrupted: EXIT.interrupted,
};

/** The exit code of a failure; anything that is not a {@link PgvtuneError} is a defect of ours and counts as `failed`. */
export function exitCodeOf(error: unknown): number {
  return error instanceof PgvtuneError ? EXIT_BY_CODE[error.code] : EXIT.failed;
}
