/** One message of a server's log, of whatever format. */
export interface LogEntry {
  /** Milliseconds since 1970; null where the log does not say it. */
  readonly atMs: number | null;
  /** Equal for all messages of one session; null where the log does not say it. */
  readonly session: string | null;
  readonly database: string | null;
  readonly application: string | null;
  /** Virtual transaction id; null outside of a transaction, or where the log does not say it. */
  readonly transaction: string | null;
  /** `LOG`, or `DETAIL` where the format has that as a message of its own; in the language of the server. */
  readonly severity: string;
  readonly message: string;
  readonly detail: string;
}

/** A format in which PostgreSQL writes its log. */
export interface LogFormat {
  readonly name: 'csvlog' | 'jsonlog' | 'stderr';
  /** Whether a line begins an entry; others continue the one before. */
  begins(line: string): boolean;
  /** @returns null for an entry that was cut off, or is none */
  read(lines: string): LogEntry | null;
}

/** Outside of a transaction the second part is zero. */
export const transactionOf = (virtualId: string | undefined): string | null =>
  virtualId === undefined || virtualId === '' || virtualId.endsWith('/0') ? null : virtualId;

export const orNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);
